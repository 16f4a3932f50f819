//! Generates the api crate's `src/generated/` from the document.
//!
//! progenitor makes the client and the structs. Ids, enums, unions and pages, which it would make
//! rigid, are handed over as replacements and written as calls of the api crate's macros.

mod client;
mod enums;
mod folder;
mod forms;
mod ids;
mod layout;
mod members;
mod multipart;
mod names;
mod operations;
mod package;
mod paging;
mod recursion;
mod types;
mod unions;

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::{Result, ensure};

use crate::document::Document;
use crate::workspace;

#[cfg(test)]
pub(crate) use package::package_from;
pub(crate) use package::{compile_awkward, write as write_package};

const COMMAND: &str = "cargo xtask codegen";

/// The document that the api crate is generated from, as its files call it.
const OURS: &str = "openapi/conversations.json";

/// The generated files by name.
type Files = BTreeMap<String, String>;

/// Makes the generated folder what the document gives.
pub(crate) fn write() -> Result<()> {
    let files = generate(&Document::read(&workspace::document())?, OURS)?;
    folder::write(&workspace::generated(), &files)
}

/// Shows on stdout where the generated folder is not what the document gives, and fails if so.
pub(crate) fn check() -> Result<()> {
    let files = generate(&Document::read(&workspace::document())?, OURS)?;
    let differences = folder::compare(&workspace::generated(), &files)?;
    io::stdout().lock().write_all(differences.concat().as_bytes())?;
    ensure!(
        differences.is_empty(),
        "{} generated file(s) are not what {OURS} gives: run `{COMMAND}`",
        differences.len()
    );
    Ok(())
}

/// The files of the generated folder. The source is what they call the document.
fn generate(document: &Document, source: &str) -> Result<Files> {
    let document = &forms::split(document);
    let code = client::generate(document, source)?;
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
    let root = format!("//! What `{source}` gives.\n\n{declarations}");

    let files = modules.into_iter().chain([("mod", root)]);
    Ok(files.map(|(name, code)| (format!("{name}.rs"), layout::file(&code, source))).collect())
}

#[cfg(test)]
mod tests;
