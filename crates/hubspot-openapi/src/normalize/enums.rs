//! Values of enums.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::report::Log;
use super::walk;

/// Reads a `null` among the values as `nullable`: a variant cannot stand for it.
pub(super) fn nulls(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else { return };
        let before = values.len();
        values.retain(|value| !value.is_null());
        if values.len() < before {
            schema["nullable"] = json!(true);
            log.fixed();
        }
    });
}

/// Leaves only enums of strings, each value once. Numbers and booleans stay what they are without a
/// list of them, which typify checks and we cannot keep open.
pub(super) fn values(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |place, schema| {
        let Some(values) = schema.get("enum") else { return };
        let list = values.as_array().map(Vec::as_slice).unwrap_or_default();
        let is_string = schema["type"] == "string";
        if is_string && !list.is_empty() && list.iter().all(Value::is_string) {
            let mut seen = HashSet::new();
            let unique: Vec<_> = list.iter().filter(|value| seen.insert(*value)).cloned().collect();
            if unique.len() < list.len() {
                schema["enum"] = Value::Array(unique);
                log.fixed();
            }
            if schema.as_object_mut().is_some_and(|it| it.shift_remove("format").is_some()) {
                log.fixed();
            }
            return;
        }
        if is_string && !list.is_empty() {
            log.reported(place, "taken as a string, its values are not all strings");
        } else {
            log.fixed();
        }
        schema.as_object_mut().and_then(|schema| schema.shift_remove("enum"));
    });
}
