//! What is known of each operation, as data.

use crate::{OPERATIONS, OperationId};

/// What the document says of an operation. All of them are in [`OPERATIONS`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// Which operation it is.
    pub id: OperationId,
    /// The operationId of the document: the name of the client's method.
    pub name: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// The HTTP method.
    pub method: reqwest::Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// The resource it belongs to.
    pub tag: &'static str,
    /// The scopes an access token needs.
    pub scopes: &'static [&'static str],
    /// Whether carrying it out twice is the same as once, so that it may be sent again after a
    /// failure that leaves open whether it was carried out.
    pub idempotent: bool,
    /// Whether it answers a page of a list.
    pub paginated: bool,
}

impl Operation {
    /// The operation with this operationId.
    pub fn named(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }
}

impl OperationId {
    /// What is known of the operation.
    pub fn operation(self) -> &'static Operation {
        &OPERATIONS[self as usize]
    }
}
