//! Extensions that mean something to the generator.

use serde_json::{Map, Value};

use super::report::Log;
use super::walk;

/// Takes out the extensions by which progenitor and typify are told to generate something else, and
/// our own where they do not make sense: in a document that is not ours nobody meant them.
pub(super) fn foreign(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(schema) = schema.as_object_mut() else { return };
        remove(schema, "x-rust-type", log);
        let is_text = schema.get("type").is_some_and(|name| name == "string");
        if schema.get("x-id").is_some_and(|mark| mark != true || !is_text) {
            remove(schema, "x-id", log);
        }
        if schema.get("x-rust-name").is_some_and(|name| !name.is_string()) {
            remove(schema, "x-rust-name", log);
        }
    });
    walk::operations(document, &mut |_, operation| {
        remove(operation, "x-dropshot-pagination", log);
        remove(operation, "x-dropshot-websocket", log);
    });
}

fn remove(object: &mut Map<String, Value>, key: &str, log: &mut Log<'_>) {
    if object.shift_remove(key).is_some() {
        log.fixed();
    }
}
