//! The client of a command, and what an error message says of it.

use std::time::Duration;

use hubspot_conversations::{ApiVersion, Client, Root};

use crate::demo::Demo;

/// The client of a command, and what an error message says of it.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) base_url: String,
    /// The credential and its source, for people.
    pub(crate) credential: String,
    pub(crate) version: ApiVersion,
    pub(crate) deadline: Option<Duration>,
    /// Whether to print the body of an error response.
    pub(crate) verbose: bool,
    pub(crate) roots: Vec<RootOverride>,
    /// The server of `--demo`. It stops when this is dropped.
    pub(crate) demo: Option<Demo>,
}

/// The path at which a part of the API begins, instead of the version's.
#[derive(Clone, Debug)]
pub(crate) struct RootOverride {
    pub(crate) part: &'static str,
    pub(crate) path: String,
}

impl Connection {
    /// The path at which a part of the API begins. `None` if the version does not have it.
    pub(crate) fn root(&self, root: &Root) -> Option<&str> {
        let specified = self.roots.iter().rev().find(|specified| specified.part == root.name);
        let specified = specified.map(|specified| specified.path.as_str());
        specified.or_else(|| root.in_version(self.version.as_str()))
    }

    /// The source of the data, the same from one command to the next.
    pub(crate) fn server(&self) -> &str {
        if self.demo.is_some() { "--demo" } else { self.base_url.trim_end_matches('/') }
    }

    /// Whether neither the version nor a root was specified.
    pub(crate) fn uses_default_roots(&self) -> bool {
        self.version == ApiVersion::default() && self.roots.is_empty()
    }
}
