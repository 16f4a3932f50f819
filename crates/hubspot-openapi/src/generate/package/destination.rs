//! The folder that a crate is written to.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::MARK;

/// Whether the folder is missing, empty, or holds a crate that this command wrote.
pub(super) fn may_be_written(out: &Path) -> Result<bool> {
    match fs::read_dir(out) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Ok(false),
        entries => {
            let mut entries = entries.with_context(|| format!("cannot read {}", out.display()))?;
            if entries.next().is_none() {
                return Ok(true);
            }
        }
    }
    let manifest = fs::read_to_string(out.join("Cargo.toml"));
    Ok(manifest.is_ok_and(|manifest| manifest.starts_with(MARK)))
}

/// The manifest of the workspace around a folder, as cargo would find it.
pub(super) fn enclosing_workspace(out: &Path) -> Result<Option<PathBuf>> {
    let out = std::path::absolute(out)
        .with_context(|| format!("cannot tell where {} is", out.display()))?;
    let manifests = out.ancestors().skip(1).map(|folder| folder.join("Cargo.toml"));
    let is_workspace = |manifest: &PathBuf| {
        let text = fs::read_to_string(manifest).unwrap_or_default();
        let mut lines = text.lines().map(str::trim);
        lines.any(|line| line.starts_with("[workspace]") || line.starts_with("[workspace."))
    };
    Ok(manifests.into_iter().find(is_workspace))
}
