//! Parameters: those that operations share, and those of their own.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::schemas::Writer;
use crate::diff::{Context, Direction};
use crate::document::entries;
use crate::surface::{Operation, Parameter};

/// Gives an operation a parameter of its own, if a pointer leads into one that is shared: through
/// the operation's `$ref`.
pub(super) fn own(document: &mut Value, pointer: &str) {
    let Some(place) = parameter_place(pointer) else { return };
    let Some(reference) = document.pointer(place).and_then(|parameter| parameter["$ref"].as_str())
    else {
        return;
    };
    let shared = reference.strip_prefix('#').and_then(|shared| document.pointer(shared)).cloned();
    if let (Some(shared), Some(parameter)) = (shared, document.pointer_mut(place)) {
        *parameter = shared;
    }
}

/// The part of a pointer that leads to an operation's parameter.
fn parameter_place(pointer: &str) -> Option<&str> {
    let start = pointer.find("/parameters/").filter(|_| pointer.starts_with("/paths/"))?;
    let number = start + "/parameters/".len();
    let end = pointer[number..].find('/').map_or(pointer.len(), |length| number + length);
    Some(&pointer[..end])
}

/// Writes a parameter, as a `$ref` if one of ours says the same.
pub(super) fn parameter(
    writer: &mut Writer<'_>,
    operation: &Operation,
    parameter: &Parameter,
    our_path: &str,
    id: &str,
) -> Value {
    let name = our_name(operation, parameter, our_path);
    let context = Context {
        holder: id.to_owned(),
        name: name.clone(),
        direction: Direction::Request,
        parameter_of: Some(String::new()),
        tag: None,
    };
    let schema = writer.item(&parameter.using, &context);
    let mut written = json!({
        "name": name,
        "in": parameter.place,
        "required": parameter.required,
    });
    if parameter.deprecated {
        written["deprecated"] = json!(true);
    }
    if schema["type"] == "array" || parameter.style != usual_style(&parameter.place) {
        written["style"] = json!(parameter.style.0);
        written["explode"] = json!(parameter.style.1);
    }
    written["schema"] = schema;
    match alike(writer.document, &written, id) {
        Some(shared) => json!({ "$ref": format!("#/components/parameters/{shared}") }),
        None => written,
    }
}

fn usual_style(place: &str) -> (String, bool) {
    match place {
        "query" | "cookie" => ("form".to_owned(), true),
        _ => ("simple".to_owned(), false),
    }
}

/// A parameter of a path has the name that our path gives it.
fn our_name(operation: &Operation, parameter: &Parameter, our_path: &str) -> String {
    let place = operation.place_in_path(parameter).filter(|_| parameter.place == "path");
    let ours = place.and_then(|place| crate::surface::names_in_braces(our_path).nth(place));
    ours.unwrap_or(&parameter.name).to_owned()
}

/// The shared parameter that says the same but for its description. Of several, the one that
/// operations of the same kind use most.
fn alike(document: &Value, written: &Value, id: &str) -> Option<String> {
    let verb = id.split('_').next().unwrap_or_default();
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for (_, item) in entries(&document["paths"]) {
        for (_, operation) in entries(item) {
            let same_kind = operation["operationId"]
                .as_str()
                .is_some_and(|id| id.split('_').next().unwrap_or_default() == verb);
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            for reference in parameters.filter_map(|parameter| parameter["$ref"].as_str()) {
                if let Some(name) = reference.strip_prefix("#/components/parameters/") {
                    *uses.entry(name).or_default() += usize::from(same_kind);
                }
            }
        }
    }
    let says_the_same = |shared: &Value| {
        let mut shared = shared.clone();
        shared.as_object_mut().is_some_and(|shared| shared.shift_remove("description").is_some())
            && shared == *written
    };
    entries(&document["components"]["parameters"])
        .filter(|(_, shared)| says_the_same(shared))
        .map(|(name, _)| name)
        .max_by_key(|name| uses.get(name).copied().unwrap_or_default())
        .map(str::to_owned)
}
