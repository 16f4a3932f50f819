//! The paths of the workspace, and its cargo.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The OpenAPI document, from the top of the workspace, as generated files and messages name it.
pub(crate) const DOCUMENT: &str = "openapi/conversations.json";

/// The api crate.
pub(crate) const API: &str = "crates/hubspot-conversations-api";

/// The folder of the api crate's generated code.
pub(crate) const GENERATED: &str = "crates/hubspot-conversations-api/src/generated";

/// The folder of the request layer.
pub(crate) const REQUESTS: &str = "crates/hubspot-conversations/src/requests";

/// The folder of the tests' requests.
pub(crate) const EVERY_REQUEST: &str = "crates/hubspot-conversations/tests/it/every_request";

/// The top level of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

/// The OpenAPI document.
pub(crate) fn document() -> PathBuf {
    root().join(DOCUMENT)
}

/// The intended differences between the document and HubSpot's.
pub(crate) fn deviations() -> PathBuf {
    root().join("openapi/deviations.json")
}

/// The cargo that runs us, which need not be the first one on the path, at the top level.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}
