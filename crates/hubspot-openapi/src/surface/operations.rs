//! Reads operations.

use std::collections::BTreeSet;

use serde_json::Value;

use super::reference::{References, escaped};
use super::types::Reader;
use super::{Operation, Parameter, Request, Route, Success, Surface, Use};
use crate::document::{METHODS, entries, strings};

/// Headers that OpenAPI says are no parameters.
const NO_PARAMETERS: [&str; 3] = ["accept", "authorization", "content-type"];

impl Surface {
    /// Reads a document.
    pub(crate) fn new(source: &str, document: &Value) -> Self {
        let references = References::of(document);
        let mut reader = Reader::new(&references);
        let mut operations = Vec::new();
        for (path, _) in entries(&document["paths"]) {
            let item = format!("/paths/{}", escaped(path));
            let Some(item) = references.follow(&item) else { continue };
            for method in METHODS {
                let pointer = format!("{item}/{method}");
                if references.at(&pointer).is_object() {
                    operations.push(operation(&references, &mut reader, path, &item, method));
                }
            }
        }
        let types = reader.finish();
        let source = source.to_owned();
        let mut surface = Self { source, operations, types, notes: references.notes() };
        surface.find_tags();
        surface
    }
}

fn operation(
    document: &References<'_>,
    reader: &mut Reader<'_>,
    path: &str,
    item: &str,
    method: &str,
) -> Operation {
    let pointer = format!("{item}/{method}");
    let value = document.at(&pointer);
    let security = match &value["security"] {
        own @ Value::Array(_) => own,
        _ => &document.document["security"],
    };
    Operation {
        id: value["operationId"].as_str().map(str::to_owned),
        method: method.to_owned(),
        path: path.to_owned(),
        route: Route::of(path),
        deprecated: value["deprecated"] == true,
        parameters: parameters(document, reader, item, &pointer),
        request: request(document, reader, &pointer),
        successes: successes(document, reader, &pointer),
        scopes: scopes(security),
        pointer,
    }
}

/// Those of the operation, and those of its path that it does not replace.
fn parameters(
    document: &References<'_>,
    reader: &mut Reader<'_>,
    item: &str,
    operation: &str,
) -> Vec<Parameter> {
    let mut found: Vec<Parameter> = Vec::new();
    for holder in [operation, item] {
        let count = document.at(&format!("{holder}/parameters")).as_array().map_or(0, Vec::len);
        for place in 0..count {
            let pointer = format!("{holder}/parameters/{place}");
            let Some(pointer) = document.follow(&pointer) else { continue };
            let value = document.at(&pointer);
            let (Some(name), Some(place)) = (value["name"].as_str(), value["in"].as_str()) else {
                continue;
            };
            let is_header = place == "header" && NO_PARAMETERS.contains(&&*name.to_lowercase());
            let is_known = found.iter().any(|known| known.name == name && known.place == place);
            if is_header || is_known {
                continue;
            }
            let schema = match entries(&value["content"]).next() {
                Some((media, _)) => format!("{pointer}/content/{}/schema", escaped(media)),
                None => format!("{pointer}/schema"),
            };
            found.push(Parameter {
                name: name.to_owned(),
                place: place.to_owned(),
                required: value["required"] == true,
                deprecated: value["deprecated"] == true,
                style: style(place, value),
                using: reader.using(&schema),
                pointer,
            });
        }
    }
    found
}

fn style(place: &str, parameter: &Value) -> (String, bool) {
    let usual = if matches!(place, "query" | "cookie") { "form" } else { "simple" };
    let style = parameter["style"].as_str().unwrap_or(usual);
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    (style.to_owned(), explode)
}

fn request(document: &References<'_>, reader: &mut Reader<'_>, operation: &str) -> Option<Request> {
    let pointer = format!("{operation}/requestBody");
    if !document.at(&pointer).is_object() {
        return None;
    }
    let pointer = document.follow(&pointer)?;
    let (media, using) = content(document, reader, &pointer);
    Some(Request { required: document.at(&pointer)["required"] == true, media, using })
}

fn successes(document: &References<'_>, reader: &mut Reader<'_>, operation: &str) -> Vec<Success> {
    let responses = format!("{operation}/responses");
    let mut successes = Vec::new();
    for (status, _) in entries(document.at(&responses)) {
        if is_success(status) {
            let pointer = format!("{responses}/{}", escaped(status));
            let Some(pointer) = document.follow(&pointer) else { continue };
            let (media, using) = content(document, reader, &pointer);
            successes.push(Success { status: status.to_uppercase(), media, using });
        }
    }
    successes
}

fn is_success(status: &str) -> bool {
    status.len() == 3
        && status.starts_with('2')
        && (status[1..].eq_ignore_ascii_case("xx") || status.bytes().all(|b| b.is_ascii_digit()))
}

/// The media type and the schema of a body: JSON if it can be had.
fn content(
    document: &References<'_>,
    reader: &mut Reader<'_>,
    body: &str,
) -> (String, Option<Use>) {
    let medias: Vec<&str> =
        entries(&document.at(body)["content"]).map(|(media, _)| media).collect();
    let json = medias.iter().find(|media| is_json(media));
    let Some(media) = json.or(medias.first()) else { return (String::new(), None) };
    let using = reader.using(&format!("{body}/content/{}/schema", escaped(media)));
    let name = if is_json(media) { "application/json" } else { media };
    (name.to_owned(), Some(using))
}

fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence == "*/*" || essence.ends_with("+json")
}

/// Which scheme asks for a scope is not told: HubSpot's documents name one, or two with the same
/// scopes, or one without any.
fn scopes(security: &Value) -> BTreeSet<BTreeSet<String>> {
    let alternatives = security.as_array().into_iter().flatten().map(|requirement| {
        let of_schemes = entries(requirement).flat_map(|(_, scopes)| strings(scopes));
        of_schemes.map(str::to_owned).collect()
    });
    alternatives.filter(|scopes: &BTreeSet<String>| !scopes.is_empty()).collect()
}
