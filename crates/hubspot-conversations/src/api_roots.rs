//! Versions of the API, and where their paths begin.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use hubspot_conversations_api::{Operation, ROOTS, Root};

use crate::Error;

/// A version of HubSpot's API.
///
/// HubSpot makes one each March and September, and supports it for 18 months. v3 ends in September
/// 2027. Not every version has every operation: one that is missing is an
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), and nothing is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ApiVersion {
    /// `v3`: everything. The default.
    #[default]
    V3,
    /// `2026-03`: custom channels and visitor tokens.
    V2026_03,
    /// `2026-09`: everything.
    V2026_09,
    /// `2026-09-beta`: everything but custom channels and visitor tokens.
    V2026_09Beta,
}

impl ApiVersion {
    /// Every version this crate knows.
    pub const ALL: [Self; 4] = [Self::V3, Self::V2026_03, Self::V2026_09, Self::V2026_09Beta];

    /// The version as HubSpot writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V3 => "v3",
            Self::V2026_03 => "2026-03",
            Self::V2026_09 => "2026-09",
            Self::V2026_09Beta => "2026-09-beta",
        }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|version| version.as_str() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            Error::invalid(format!("there is no API version of this name: choose one of {known}"))
        })
    }
}

/// The roots of the paths of a client's requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct ApiRoots {
    version: ApiVersion,
    overridden: BTreeMap<&'static str, String>,
}

impl ApiRoots {
    /// Those of a version.
    pub(crate) fn of_version(version: ApiVersion) -> Self {
        Self { version, overridden: BTreeMap::new() }
    }

    /// Puts another path in place of a root of the document.
    pub(crate) fn set(&mut self, name: &str, path: &str) -> Result<(), Error> {
        let root = ROOTS.iter().find(|root| root.name == name).ok_or_else(|| {
            let known: Vec<_> = ROOTS.iter().map(|root| root.name).collect();
            Error::invalid(format!(
                "there is no root of this name: choose one of {}",
                known.join(", ")
            ))
        })?;
        let is_path = path.starts_with('/')
            && !path.ends_with('/')
            && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte))
            && path.split('/').skip(1).all(|segment| !matches!(segment, "" | "." | ".."));
        if !is_path {
            let reason = format!("the root of {name} must be a path such as {}", root.documented());
            return Err(Error::invalid(reason));
        }
        self.overridden.insert(root.name, path.to_owned());
        Ok(())
    }

    /// The path of an operation's request, given the document's.
    pub(crate) fn path(&self, operation: &Operation, documented: &str) -> Result<String, String> {
        let Some(root) = operation.root else { return Ok(documented.to_owned()) };
        let rest = documented.strip_prefix(root.documented()).unwrap_or(documented);
        match self.of(root) {
            Some(path) => Ok(format!("{path}{rest}")),
            None => Err(format!(
                "API version {} does not have {}: choose another version",
                self.version, operation.name
            )),
        }
    }

    fn of(&self, root: &'static Root) -> Option<&str> {
        match self.overridden.get(root.name) {
            Some(path) => Some(path),
            None => root.in_version(self.version.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use hubspot_conversations_api::{OPERATIONS, ROOTS};

    use super::{ApiRoots, ApiVersion};

    #[test]
    fn the_versions_are_the_documents() {
        let mut documented: Vec<_> =
            ROOTS.iter().flat_map(|root| root.paths).map(|(version, _)| *version).collect();
        documented.sort_unstable();
        documented.dedup();
        let mut ours = ApiVersion::ALL.map(ApiVersion::as_str).to_vec();
        ours.sort_unstable();
        assert_eq!(ours, documented);
        for version in ApiVersion::ALL {
            assert_eq!(version.as_str().parse::<ApiVersion>().unwrap(), version);
        }
        assert!("2025-01".parse::<ApiVersion>().is_err());
    }

    #[test]
    fn v3_is_what_the_document_says() {
        for operation in OPERATIONS {
            assert_eq!(
                ApiRoots::default().path(operation, operation.path).unwrap(),
                operation.path
            );
        }
    }

    #[test]
    fn a_root_can_be_replaced_by_a_path_and_nothing_else() {
        let mut roots = ApiRoots::of_version(ApiVersion::V2026_09);
        roots.set("conversations", "/conversations/2026-09/conversations").unwrap();
        let list_threads =
            OPERATIONS.iter().find(|operation| operation.name == "list_threads").unwrap();
        let path = roots.path(list_threads, list_threads.path).unwrap();
        assert_eq!(path, "/conversations/2026-09/conversations/threads");

        for path in
            ["", "/", "x", "/x/", "//x", "/../x", "/x?y", "/x#", "https://example.com", "/x y"]
        {
            assert!(roots.set("conversations", path).is_err(), "{path}");
        }
        assert!(roots.set("elsewhere", "/x").is_err());
    }
}
