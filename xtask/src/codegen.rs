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
mod requests;
mod setters;
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

/// Makes the generated folders what the document gives.
pub(crate) fn write() -> Result<()> {
    let generated = generate(&Document::read(&workspace::document())?, OURS)?;
    folder::write(&workspace::generated(), &generated.api)?;
    folder::write(&workspace::requests(), &generated.requests()?)
}

/// Shows on stdout where the generated folders are not what the document gives, and fails if so.
pub(crate) fn check() -> Result<()> {
    let generated = generate(&Document::read(&workspace::document())?, OURS)?;
    let mut differences = folder::compare(&workspace::generated(), &generated.api)?;
    differences.extend(folder::compare(&workspace::requests(), &generated.requests()?)?);
    io::stdout().lock().write_all(differences.concat().as_bytes())?;
    ensure!(
        differences.is_empty(),
        "{} generated file(s) are not what {OURS} gives: run `{COMMAND}`",
        differences.len()
    );
    Ok(())
}

/// What is generated from a document.
struct Generated<'a> {
    document: Document,
    code: client::Code,
    /// What the files call the document.
    source: &'a str,
    /// The files of the api crate.
    api: Files,
}

impl Generated<'_> {
    /// The files of the request layer.
    fn requests(&self) -> Result<Files> {
        requests::generate(&self.document, &self.code, self.source)
    }
}

fn generate<'a>(document: &Document, source: &'a str) -> Result<Generated<'a>> {
    let document = forms::split(document);
    let code = client::generate(&document, source)?;
    let modules = [
        ("client", code.client.clone()),
        ("enums", enums::generate(&document)),
        ("ids", ids::generate(&document)),
        ("operations", operations::generate(&document)),
        ("types", code.types.clone()),
        ("unions", unions::generate(&document)?),
    ];
    let declarations: String =
        modules.iter().map(|(name, _)| format!("pub mod {name};\n")).collect();
    let root = format!("//! What `{source}` gives.\n\n{declarations}");

    let files = modules.into_iter().chain([("mod", root)]);
    let api =
        files.map(|(name, code)| (format!("{name}.rs"), layout::file(&code, source))).collect();
    Ok(Generated { document, code, source, api })
}

#[cfg(test)]
mod tests;
