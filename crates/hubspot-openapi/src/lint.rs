//! The design's rules for the document, and where it breaks them.
//!
//! A rule is a function over the whole document; `RULES` lists them. A rule looks at what it is
//! about and passes over what another rule reports, so that one fault is reported once.

mod bodies;
mod descriptions;
mod enums;
mod fields;
mod node;
mod operations;
mod outline;
mod parameters;
mod references;
mod schemas;
mod unions;
mod variants;

use std::fmt;

use crate::document::Document;

/// Says where the document breaks one rule.
type Rule = fn(&Document) -> Vec<Finding>;

const RULES: &[Rule] = &[
    outline::version,
    outline::path_items,
    outline::components,
    operations::ids,
    operations::tags,
    operations::security,
    parameters::declarations,
    parameters::of_paths,
    parameters::names,
    bodies::requests,
    bodies::responses,
    descriptions::descriptions,
    descriptions::summaries,
    descriptions::scopes,
    references::targets,
    references::siblings,
    references::unused,
    schemas::names,
    schemas::ids,
    schemas::pages,
    schemas::nullable,
    schemas::any_of,
    schemas::all_of,
    fields::required,
    fields::names,
    enums::places,
    enums::values,
    unions::places,
    unions::mappings,
    unions::tags,
];

/// A place where the document breaks a rule. `Display` is one line: the place as a JSON pointer, what is wrong,
/// and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// A JSON pointer.
    pointer: String,
    /// What is wrong, and what to do.
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = format!("{}: {}", self.pointer, self.message);
        f.write_str(&line.replace(['\n', '\r'], " "))
    }
}

/// All places where the document breaks a rule.
pub fn check(document: &Document) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule(document)).collect()
}

#[cfg(test)]
mod tests;
