//! Lists the simulator's assumptions about HubSpot for its documentation.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::workspace;

const SOURCES: &str = "crates/hubspot-conversations-sim/src";
const LIST: &str = "crates/hubspot-conversations-sim/ASSUMPTIONS.md";

/// The file of the constants. Its documentation comments are assumptions.
const CONSTANTS: &str = "assumptions.rs";

/// Precedes an assumed behaviour in the other files.
const MARKER: &str = "// ASSUMPTION: ";

/// Prints the list.
pub(crate) fn print() -> Result<()> {
    print!("{}", list()?);
    Ok(())
}

/// Compares the list with the documentation.
pub(crate) fn check() -> Result<()> {
    let path = workspace::root().join(LIST);
    let documented = fs::read_to_string(&path).with_context(|| format!("cannot read {LIST}"))?;
    ensure!(documented == list()?, "{LIST} is outdated; run `cargo xtask assumptions > {LIST}`");
    Ok(())
}

fn list() -> Result<String> {
    let sources = workspace::root().join(SOURCES);
    let constants = constants(&read(&sources.join(CONSTANTS))?);
    let mut behaviour = Vec::new();
    collect_behaviour(&sources, "", &mut behaviour)?;
    Ok(format!(
        "| file | assumed behaviour |\n|---|---|\n{}\n\
         | constant | assumed value |\n|---|---|\n{}",
        rows(&behaviour),
        rows(&constants)
    ))
}

/// A name and an assumption per row.
fn rows(assumptions: &[(String, String)]) -> String {
    assumptions.iter().map(|(name, text)| format!("| `{name}` | {text} |\n")).collect()
}

/// The assumptions in a folder, in order of the files' paths.
fn collect_behaviour(folder: &Path, prefix: &str, found: &mut Vec<(String, String)>) -> Result<()> {
    let mut entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect_behaviour(&entry.path(), &format!("{name}/"), found)?;
        } else {
            let source = read(&entry.path())?;
            found.extend(behaviour(&source).into_iter().map(|text| (name.clone(), text)));
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The texts of the comments that begin with the marker.
fn behaviour(source: &str) -> Vec<String> {
    let mut lines = source.lines().map(str::trim).peekable();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix(MARKER) else { continue };
        let mut text = capitalized(first);
        while let Some(next) = lines.next_if(|line| line.starts_with("// ")) {
            text.push_str(&next[2..]);
        }
        found.push(text);
    }
    found
}

/// The names of the constants and the texts of their documentation.
fn constants(source: &str) -> Vec<(String, String)> {
    let mut text = String::new();
    let mut found = Vec::new();
    for line in source.lines() {
        if let Some(more) = line.strip_prefix("///") {
            text.push_str(more);
        } else if let Some((name, _)) =
            line.strip_prefix("pub(crate) const ").and_then(|rest| rest.split_once(':'))
        {
            found.push((name.to_owned(), std::mem::take(&mut text).trim().to_owned()));
        } else if !line.starts_with('#') {
            text.clear();
        }
    }
    found
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_read_to_its_end() {
        let source = "\
            // ASSUMPTION: one line\n\
            // and another.\n\
            let first = 1;\n\
            // Not one.\n\
            // ASSUMPTION: a second.\n";
        assert_eq!(behaviour(source), ["One line and another.", "A second."]);
    }

    #[test]
    fn a_constant_is_listed_with_its_documentation() {
        let source = "\
            /// Of two\n\
            /// lines.\n\
            pub(crate) const FIRST: u64 = 1;\n\
            const NOT_LISTED: u64 = 2;\n";
        assert_eq!(constants(source), [("FIRST".to_owned(), "Of two lines.".to_owned())]);
    }
}
