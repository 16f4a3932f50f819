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
    /// What it takes to be allowed to.
    pub credential: Credential,
    /// The scopes an access token needs: all of one of these lists, whichever. None, if the document
    /// names none, or says that the operation can do without.
    pub scopes: &'static [&'static [&'static str]],
    /// Where the path begins in each version of the API. `None` if the document does not say.
    pub root: Option<&'static Root>,
    /// Whether carrying it out twice is the same as once, so that it may be sent again after a
    /// failure that leaves open whether it was carried out.
    pub idempotent: bool,
    /// Whether it answers a page of a list.
    pub paginated: bool,
}

/// What allows a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Credential {
    /// An access token with the operation's scopes, as a bearer token.
    AccessToken,
    /// The developer key of the account that owns the app, in the query.
    DeveloperKey,
}

/// Where the paths of some operations begin, which differs between versions of the API.
#[derive(Debug)]
#[non_exhaustive]
pub struct Root {
    /// The document's name for it.
    pub name: &'static str,
    /// What is found there.
    pub summary: &'static str,
    /// The versions that have it, with the path in each. The first is that of the document's paths.
    pub paths: &'static [(&'static str, &'static str)],
}

impl Root {
    /// The root in a version of the API. `None` if the version does not have it.
    pub fn in_version(&self, version: &str) -> Option<&'static str> {
        let found = self.paths.iter().find(|(name, _)| *name == version);
        found.map(|(_, path)| *path)
    }

    /// The root that the document's paths begin with.
    pub fn documented(&self) -> &'static str {
        self.paths.first().map_or("", |(_, path)| *path)
    }
}

impl Operation {
    /// The operation with this operationId.
    pub fn named(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }

    /// Whether it does more than read.
    pub fn is_change(&self) -> bool {
        let reads_by_post = self.method == reqwest::Method::POST && self.idempotent;
        self.method != reqwest::Method::GET && !reads_by_post
    }

    /// The path with these ids in place of its parameters, in their order. `None` if one of them
    /// would lead to another path: it is empty, `.` or `..`, or missing.
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

    /// Whether a token that was granted these scopes may do it.
    pub fn is_granted_by<S: AsRef<str>>(&self, granted: &[S]) -> bool {
        let has = |scope: &&str| granted.iter().any(|granted| granted.as_ref() == *scope);
        self.scopes.is_empty() || self.scopes.iter().any(|all| all.iter().all(has))
    }

    /// The scopes in words: `a or b`, `a and b, or c`. Empty, if none is needed.
    pub fn scopes_in_words(&self) -> String {
        let is_one = self.scopes.iter().all(|all| all.len() == 1);
        let lists: Vec<_> = self.scopes.iter().map(|all| all.join(" and ")).collect();
        lists.join(if is_one { " or " } else { ", or " })
    }
}

impl OperationId {
    /// What is known of the operation.
    pub fn operation(self) -> &'static Operation {
        &OPERATIONS[self as usize]
    }
}
