//! The table of operations.

use crate::{OPERATIONS, OperationId};

/// An operation as the document describes it. [`OPERATIONS`] lists all of them.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The id of the operation.
    pub id: OperationId,
    /// The operationId of the document: the name of the client's method.
    pub name: &'static str,
    /// Its summary.
    pub summary: &'static str,
    /// The HTTP method.
    pub method: reqwest::Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// The resource to which it belongs.
    pub tag: &'static str,
    /// The credential it requires.
    pub credential: Credential,
    /// The scopes that an access token needs: all scopes of any one of these lists. Empty if the
    /// document names no scopes, or marks them as optional.
    pub scopes: &'static [&'static [&'static str]],
    /// The root of the path in each version of the API. `None` if the document does not specify it.
    pub root: Option<&'static Root>,
    /// Whether the operation is idempotent: it may be retried after a failure that leaves open
    /// whether the server processed it.
    pub idempotent: bool,
    /// Whether it returns a page of a list.
    pub paginated: bool,
}

/// A kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Credential {
    /// An access token with the operation's scopes, as a bearer token.
    AccessToken,
    /// The developer key of the account that owns the app, in the query.
    DeveloperKey,
}

/// The root of the paths of some operations. It differs between versions of the API.
#[derive(Debug)]
#[non_exhaustive]
pub struct Root {
    /// The root's name in the document.
    pub name: &'static str,
    /// A description of its operations.
    pub summary: &'static str,
    /// The API versions that have this root, with its path in each. The first one is used in the
    /// document's paths.
    pub paths: &'static [(&'static str, &'static str)],
}

impl Root {
    /// The root in a version of the API. `None` if the version does not have it.
    pub fn in_version(&self, version: &str) -> Option<&'static str> {
        let found = self.paths.iter().find(|(name, _)| *name == version);
        found.map(|(_, path)| *path)
    }

    /// The path of the root in the document.
    pub fn documented(&self) -> &'static str {
        self.paths.first().map_or("", |(_, path)| *path)
    }
}

impl Operation {
    /// The operation with this operationId.
    pub fn named(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }

    /// Whether it changes data.
    pub fn is_change(&self) -> bool {
        let reads_by_post = self.method == reqwest::Method::POST && self.idempotent;
        self.method != reqwest::Method::GET && !reads_by_post
    }

    /// The path with these ids as its parameters, in order. `None` if an id is missing or would
    /// change the path: `.`, `..` or an empty one.
    pub fn path_with(&self, ids: &[&str]) -> Option<String> {
        let mut ids = ids.iter();
        let segments = self.path.split('/').map(|segment| {
            if !segment.starts_with('{') {
                return Some(segment.to_owned());
            }
            let id = ids.next().filter(|id| !matches!(**id, "" | "." | ".."))?;
            Some(progenitor_client::encode_path(id))
        });
        Some(segments.collect::<Option<Vec<_>>>()?.join("/"))
    }

    /// Whether a token with these scopes may call it.
    pub fn is_granted_by<S: AsRef<str>>(&self, granted: &[S]) -> bool {
        let has = |scope: &&str| granted.iter().any(|granted| granted.as_ref() == *scope);
        self.scopes.is_empty() || self.scopes.iter().any(|all| all.iter().all(has))
    }

    /// The scopes in words: `a or b`, `a and b, or c`. Empty if it needs none.
    pub fn scopes_in_words(&self) -> String {
        let is_one = self.scopes.iter().all(|all| all.len() == 1);
        let lists: Vec<_> = self.scopes.iter().map(|all| all.join(" and ")).collect();
        lists.join(if is_one { " or " } else { ", or " })
    }
}

impl OperationId {
    /// The operation's entry in [`OPERATIONS`].
    pub fn operation(self) -> &'static Operation {
        &OPERATIONS[self as usize]
    }
}
