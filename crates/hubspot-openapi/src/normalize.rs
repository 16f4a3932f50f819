//! Makes any OpenAPI 3.0 document that HubSpot publishes one that progenitor can read.
//!
//! A fix-up is a function over the whole document that fixes one defect; `FIXUPS` lists them in
//! the order they are applied, and each says in its comment why it is there. What they leave is a
//! small part of OpenAPI:
//!
//! - an operation has an id in snake_case, scalar parameters, one success, and no errors;
//! - an object, an enum and a union are named, and everything else refers to them by `$ref`;
//! - a union lists `$ref`s and maps a tag to each;
//! - any other schema is a scalar, an array, a map, or `{}`, which stands for any JSON.
//!
//! Nothing in it knows a particular API. What cannot be said in that part is dropped, or becomes any
//! JSON, with a line in the report.

mod aliases;
mod annotations;
mod arguments;
mod bodies;
mod enums;
mod expected;
mod extensions;
mod hoisting;
mod inheritance;
mod integers;
mod json_path;
mod layers;
mod links;
mod malformed;
mod names;
mod nullable;
mod objects;
mod operation_ids;
mod parameter_styles;
mod parameters;
mod paths;
mod references;
mod report;
mod responses;
mod rust_names;
mod schema_types;
mod security;
mod successes;
mod union_tags;
mod unions;
mod unused;
mod updates;
mod walk;

use anyhow::Result;
use serde_json::Value;

use report::Log;
pub use report::Report;

/// The fix of one defect.
struct Fixup {
    name: &'static str,
    apply: fn(&mut Value, &mut Log<'_>),
}

const fn fixup(name: &'static str, apply: fn(&mut Value, &mut Log<'_>)) -> Fixup {
    Fixup { name, apply }
}

/// Every fix-up, in the order they are applied: first what is not OpenAPI, then operations, then
/// schemas, then names.
const FIXUPS: &[Fixup] = &[
    fixup("malformed", malformed::malformed),
    fixup("incomplete", malformed::incomplete),
    fixup("unneeded", malformed::unneeded),
    fixup("foreign-extensions", extensions::foreign),
    fixup("component-references", references::components),
    fixup("unusable-paths", paths::unusable),
    fixup("shared-parameters", paths::shared_parameters),
    fixup("shared-security", security::shared),
    fixup("unusual-methods", paths::unusual_methods),
    fixup("error-responses", responses::errors),
    fixup("response-contents", responses::contents),
    fixup("unknown-successes", responses::unknown),
    fixup("bodies-of-reads", bodies::of_reads),
    fixup("body-contents", bodies::contents),
    fixup("optional-bodies", bodies::optional),
    fixup("written-references", references::written),
    fixup("dangling-references", references::dangling),
    fixup("reference-siblings", references::siblings),
    fixup("examples", annotations::examples),
    fixup("defaults", annotations::defaults),
    fixup("titles", annotations::titles),
    fixup("constraints", annotations::constraints),
    fixup("carriage-returns", annotations::carriage_returns),
    fixup("negations", schema_types::negations),
    fixup("type-lists", schema_types::lists),
    fixup("any-of", unions::any_of),
    fixup("null-members", unions::null_members),
    fixup("unknown-types", schema_types::unknown),
    fixup("implied-types", schema_types::implied),
    fixup("stray-keywords", schema_types::stray_keywords),
    fixup("enum-nulls", enums::nulls),
    fixup("enum-values", enums::values),
    fixup("formats", integers::formats),
    fixup("integer-widths", integers::widths),
    fixup("nullable", nullable::nullable),
    fixup("untyped-items", objects::untyped_items),
    fixup("bare-objects", objects::bare),
    fixup("empty-properties", objects::empty_properties),
    fixup("additional-properties", objects::additional),
    fixup("path-parameters", parameters::of_paths),
    fixup("reserved-headers", parameters::reserved_headers),
    fixup("cookies", parameters::cookies),
    fixup("parameter-contents", parameter_styles::contents),
    fixup("object-parameters", parameter_styles::objects),
    fixup("parameter-styles", parameter_styles::styles),
    fixup("parameter-types", parameter_styles::types),
    fixup("colliding-placeholders", arguments::placeholders),
    fixup("colliding-arguments", arguments::colliding),
    fixup("operation-ids", operation_ids::readable),
    fixup("schema-names", names::schemas),
    fixup("inline-types", hoisting::types),
    fixup("implicit-unions", inheritance::implicit_unions),
    fixup("circular-inheritance", inheritance::circular),
    fixup("inheritance", inheritance::merged),
    fixup("several-successes", successes::merged),
    fixup("union-properties", unions::properties),
    fixup("nested-unions", unions::nested),
    fixup("scalar-unions", unions::of_scalars),
    fixup("union-tags", union_tags::declared),
    fixup("single-unions", unions::single),
    fixup("untold-unions", union_tags::untold),
    fixup("member-tags", union_tags::in_members),
    fixup("stray-discriminators", union_tags::stray),
    fixup("required-lists", objects::required),
    fixup("aliases", aliases::inlined),
    fixup("unused-schemas", unused::schemas),
    fixup("updates", updates::marked),
    fixup("inline-enums", hoisting::enums),
    fixup("property-names", rust_names::properties),
    fixup("value-names", rust_names::values),
    fixup("tag-names", rust_names::tags),
];

/// Parses a document and fixes its defects.
///
/// # Errors
///
/// The text is not JSON, is nested too deeply to be read, or is not OpenAPI 3.0.
pub fn normalize(text: &[u8]) -> Result<(Value, Report)> {
    let mut document = crate::reading::parse(text)?;
    let mut report = Report::new(&document);
    for fixup in FIXUPS {
        (fixup.apply)(&mut document, &mut report.log(fixup.name));
    }
    report.look_for_stale();
    Ok((document, report))
}

#[cfg(test)]
mod tests;
