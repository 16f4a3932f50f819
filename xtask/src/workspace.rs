//! Where things are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The top level of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

/// The OpenAPI document.
pub(crate) fn document() -> PathBuf {
    root().join("openapi/conversations.json")
}

/// The differences between the document and HubSpot's that are there on purpose.
pub(crate) fn deviations() -> PathBuf {
    root().join("openapi/deviations.json")
}

/// The folder the generated code is written to.
pub(crate) fn generated() -> PathBuf {
    root().join("crates/hubspot-conversations-api/src/generated")
}

/// The cargo that runs us, which need not be the first one on the path, at the top level.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// The folder the request layer is written to.
pub(crate) fn requests() -> PathBuf {
    root().join("crates/hubspot-conversations/src/requests")
}
