//! Generates Rust from a document: the api crate's `src/generated/`, the request layer, or a whole crate.
//!
//! progenitor makes the client and the structs. Ids, enums, unions and pages, which it would make
//! rigid, are handed over as replacements and written as calls of the api crate's macros.

mod client;
mod enums;
pub mod folder;
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

use anyhow::Result;

use crate::document::Document;

#[cfg(test)]
pub(crate) use package::package_from;
pub use package::{Package, Runtime};
pub use requests::RequestLayer;

const COMMAND: &str = "cargo xtask codegen";

/// Generated files by name.
pub type Files = BTreeMap<String, String>;

/// Code generated from a document.
pub struct Generated {
    document: Document,
    code: client::Code,
    source: String,
    api: Files,
}

impl Generated {
    /// The files of the api crate: client, types, operation table.
    #[must_use]
    pub fn api(&self) -> &Files {
        &self.api
    }

    /// The request layer of `hubspot-conversations`: a type per operation.
    ///
    /// # Errors
    ///
    /// The document does not say what a request needs, or the code has a form that is not known.
    pub fn requests(&self) -> Result<RequestLayer> {
        requests::generate(&self.document, &self.code, &self.source)
    }
}

/// Generates code from a normalized document, which the files call `source`.
///
/// # Errors
///
/// progenitor cannot generate a client from the document.
pub fn generate(document: &Document, source: &str) -> Result<Generated> {
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
    Ok(Generated { document, code, source: source.to_owned(), api })
}

#[cfg(test)]
mod tests;
