//! Generates the api crate's `src/generated/` from the document.
//!
//! progenitor makes the client and the structs. Ids, enums, unions and pages, which it would make
//! rigid, are handed over as replacements and written as calls of the api crate's macros.

mod client;
mod enums;
mod folder;
mod ids;
mod layout;
mod operations;
mod types;
mod unions;

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::{Result, ensure};

use crate::document::Document;
use crate::workspace;

const COMMAND: &str = "cargo xtask codegen";

/// The generated files by name.
type Files = BTreeMap<String, String>;

/// Makes the generated folder what the document gives.
pub(crate) fn write() -> Result<()> {
    let files = generate(&Document::read(&workspace::document())?)?;
    folder::write(&workspace::generated(), &files)
}

/// Shows on stdout where the generated folder is not what the document gives, and fails if so.
pub(crate) fn check() -> Result<()> {
    let files = generate(&Document::read(&workspace::document())?)?;
    let differences = folder::compare(&workspace::generated(), &files)?;
    io::stdout().lock().write_all(differences.concat().as_bytes())?;
    ensure!(
        differences.is_empty(),
        "{} generated file(s) are not what openapi/conversations.json gives: run `{COMMAND}`",
        differences.len()
    );
    Ok(())
}

fn generate(document: &Document) -> Result<Files> {
    let code = client::generate(document)?;
    let modules = [
        ("client", code.client),
        ("enums", enums::generate(document)),
        ("ids", ids::generate(document)),
        ("operations", operations::generate(document)),
        ("types", code.types),
        ("unions", unions::generate(document)?),
    ];
    let declarations: String =
        modules.iter().map(|(name, _)| format!("pub mod {name};\n")).collect();
    let root = "//! What `openapi/conversations.json` gives.\n\n".to_owned() + &declarations;

    let files = modules.into_iter().chain([("mod", root)]);
    Ok(files.map(|(name, code)| (format!("{name}.rs"), layout::file(&code))).collect())
}

#[cfg(test)]
mod tests;
