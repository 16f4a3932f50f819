//! The document of an earlier revision.

use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use hubspot_openapi::Document;

use crate::workspace;

/// Reads the document as it was in a revision.
pub(crate) fn read(revision: &str) -> Result<Document> {
    // It would be read as an option.
    ensure!(!revision.starts_with('-'), "{revision:?} is not a revision");
    let object = format!("{revision}:{}", workspace::DOCUMENT);
    let output = Command::new("git")
        .args(["show", &object])
        .current_dir(workspace::root())
        .output()
        .context("cannot run git")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git has no {object}: {}", said.lines().next().unwrap_or("it does not say why"));
    }
    Document::parse(&output.stdout).context(object)
}
