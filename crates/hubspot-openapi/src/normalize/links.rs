//! What a schema is made of.

use serde_json::Value;

use super::references;

/// The names that a schema's `allOf`s refer to, however they are nested in each other.
pub(super) fn parents(schema: &Value) -> Vec<&str> {
    let list = schema["allOf"].as_array().into_iter().flatten();
    list.flat_map(|part| match reference(part) {
        Some(name) => vec![name],
        None => parents(part),
    })
    .collect()
}

/// The names of a union's members.
pub(super) fn members(schema: &Value) -> Vec<&str> {
    schema["oneOf"].as_array().into_iter().flatten().filter_map(reference).collect()
}

/// The name that a bare `$ref` refers to.
pub(super) fn reference(schema: &Value) -> Option<&str> {
    references::name(schema["$ref"].as_str()?)
}
