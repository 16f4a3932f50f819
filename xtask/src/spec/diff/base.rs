//! Our document as it was.

use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::spec::reading;
use crate::workspace;

/// Reads our document of a revision.
pub(super) fn read(revision: &str) -> Result<Value> {
    // It would be read as an option.
    ensure!(!revision.starts_with('-'), "{revision:?} is not a revision");
    let object = format!("{revision}:openapi/conversations.json");
    let output = Command::new("git")
        .args(["show", &object])
        .current_dir(workspace::root())
        .output()
        .context("cannot run git")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git has no {object}: {}", said.lines().next().unwrap_or("it does not say why"));
    }
    reading::parse(&output.stdout).context(object)
}
