//! The folder of generated files: made to be what they are, or compared with them.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use similar::TextDiff;

use super::Files;

/// Writes the files that differ, and removes those that are not among them.
///
/// # Errors
///
/// The folder or a file cannot be read, written or removed.
pub fn write(folder: &Path, files: &Files) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let present = read(folder)?;
    for name in present.keys().filter(|name| !files.contains_key(*name)) {
        let path = folder.join(name);
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    for (name, text) in files.iter().filter(|(name, text)| present.get(*name) != Some(*text)) {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// One unified diff for each file of `root/folder` that is not as it should be, is missing, or should not be
/// there. The diffs name it from `root`.
///
/// # Errors
///
/// The folder or a file cannot be read.
pub fn compare(root: &Path, folder: &str, files: &Files) -> Result<Vec<String>> {
    let present = read(&root.join(folder))?;
    let names: BTreeSet<&String> = files.keys().chain(present.keys()).collect();
    let differing = names.into_iter().filter(|name| present.get(*name) != files.get(*name));
    Ok(differing
        .map(|name| difference(&Path::new(folder).join(name), present.get(name), files.get(name)))
        .collect())
}

fn difference(path: &Path, found: Option<&String>, wanted: Option<&String>) -> String {
    let path = path.display();
    let before = format!("{path} ({})", found.map_or("missing", |_| "as it is"));
    let after =
        format!("{path} ({})", wanted.map_or("not generated", |_| "as the document gives it"));
    let diff = TextDiff::from_lines(text(found), text(wanted));
    let hunks = diff.unified_diff().to_string();
    // An empty file has no hunks, and still is one too many or missing.
    format!("--- {before}\n+++ {after}\n{hunks}")
}

fn text(file: Option<&String>) -> &str {
    file.map_or("", String::as_str)
}

/// The files that are there now: none if there is no folder.
fn read(folder: &Path) -> Result<Files> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Files::new()),
        entries => entries.with_context(|| format!("cannot read {}", folder.display()))?,
    };
    entries
        .map(|entry| {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let text = fs::read(entry.path())
                .with_context(|| format!("cannot read {}", entry.path().display()))?;
            Ok((name, String::from_utf8_lossy(&text).into_owned()))
        })
        .collect()
}
