//! Which list a request reads.

use hubspot_conversations_api::OperationId;

use super::stable_hash::StableHash;
use crate::Error;
use crate::request::ListRequest;

/// Parameters that change the pages, but not what is listed.
const NOT_IDENTIFYING: [&str; 3] = ["after", "limit", "defaultPageLength"];

/// Fields by which an item's position among the others never changes.
const FIXED_FIELDS: [&str; 2] = ["id", "createdAt"];

/// Identifies a list across processes and versions of this crate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    pub(super) operation: OperationId,
    /// A hash of the ids in the path and of the parameters.
    pub(super) list: u64,
    pub(super) order: Order,
}

/// Whether items can move within the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By something that never changes, such as the id. Items come and go, and keep their order.
    Fixed,
    /// By something that changes, such as the time of the latest message.
    Moving,
}

impl Identity {
    /// The list that a request reads, and the cursor it begins at.
    ///
    /// The root of the path is left out, as it differs between versions of the API.
    ///
    /// # Errors
    ///
    /// If an id would lead to another path.
    pub(super) fn of<R: ListRequest>(request: &R) -> Result<(Self, Option<String>), Error> {
        let operation = R::OPERATION.operation();
        let path = operation.path_with(&request.ids()).ok_or_else(|| {
            Error::invalid("an id is empty, or would lead to another path")
                .with_operation(operation)
        })?;
        let root = operation.root.map_or("", |root| root.documented());
        let path = path.strip_prefix(root).unwrap_or(&path);
        let parameters = request.query().sorted();

        let after = parameters.iter().find(|(name, _)| *name == "after");
        let after = after.map(|(_, value)| value.clone());
        let fixed = parameters
            .iter()
            .filter(|(name, _)| *name == "sort")
            .all(|(_, field)| FIXED_FIELDS.contains(&field.strip_prefix('-').unwrap_or(field)));
        let identifying = parameters.iter().filter(|(name, _)| !NOT_IDENTIFYING.contains(name));
        let list = identifying.fold(StableHash::new().with(path.as_bytes()), |hash, parameter| {
            hash.with(parameter.0.as_bytes()).with(parameter.1.as_bytes())
        });
        let order = if fixed { Order::Fixed } else { Order::Moving };
        Ok((Self { operation: operation.id, list: list.finish(), order }, after))
    }

    /// The list of a request that cannot be sent.
    pub(super) fn none(operation: OperationId) -> Self {
        Self { operation, list: 0, order: Order::Fixed }
    }
}
