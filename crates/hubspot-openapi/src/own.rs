//! The workspace that this crate is part of, for tests: its document and its api crate.

use std::path::{Path, PathBuf};

use crate::Document;
use crate::generate::Runtime;

/// The folder of the generated code, from the top of the workspace.
pub(crate) const GENERATED: &str = "crates/hubspot-conversations-api/src/generated";

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn document() -> Document {
    Document::read(&root().join("openapi/conversations.json")).unwrap()
}

pub(crate) fn runtime() -> Runtime {
    Runtime::read(&root(), &root().join("crates/hubspot-conversations-api")).unwrap()
}
