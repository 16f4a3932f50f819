//! `type`, and what a schema without one means.

use serde_json::{Map, Value, json};

use super::report::Log;
use super::walk;

/// Drops `not`: no type can say what a value is not.
pub(super) fn negations(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |place, schema| {
        if schema.as_object_mut().is_some_and(|schema| schema.shift_remove("not").is_some()) {
            log.reported(&place.key("not"), "dropped, no type can say what a value is not");
        }
    });
}

/// Reads a list of types, which is OpenAPI 3.1: `null` makes it nullable, and of two other types
/// neither can be chosen.
pub(super) fn lists(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |place, schema| {
        let Some(list) = schema.get("type").and_then(Value::as_array) else { return };
        let is_nullable = list.iter().any(|name| name == "null");
        let others: Vec<_> = list.iter().filter(|name| *name != "null").cloned().collect();
        if is_nullable {
            schema["nullable"] = json!(true);
        }
        if let [only] = &others[..] {
            schema["type"] = only.clone();
            log.fixed();
        } else {
            log.reported(place, "taken as any JSON, it has several types");
            any(schema);
        }
    });
}

/// Reads types that OpenAPI 3.0 does not have, at which progenitor panics, as what is meant by them:
/// a date as a string, `null` and the like as any JSON.
pub(super) fn unknown(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |place, schema| {
        let Some(name) = schema.get("type") else { return };
        let known = ["string", "number", "integer", "boolean", "array", "object"];
        if known.iter().any(|known| name == known) {
            return;
        }
        let lower = name.as_str().map(str::to_ascii_lowercase);
        let meant = match lower.as_deref() {
            Some(
                "date" | "datetime" | "date-time" | "uuid" | "file" | "str" | "text"
                | "enumeration",
            ) => "string",
            Some("int" | "long" | "int32" | "int64") => "integer",
            Some("float" | "double" | "decimal") => "number",
            Some("bool") => "boolean",
            Some(other) if known.contains(&other) => other,
            _ => {
                log.reported(place, format!("taken as any JSON, {name} is no type"));
                any(schema);
                return;
            }
        };
        schema["type"] = json!(meant);
        log.fixed();
    });
}

/// Writes down the type of a schema that has none but speaks of one: openapiv3 and progenitor tell
/// kinds of schemas apart by it.
pub(super) fn implied(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        let composed = ["$ref", "allOf", "oneOf", "anyOf", "type"];
        if composed.iter().any(|key| object.contains_key(*key)) {
            return;
        }
        let values = object.get("enum").and_then(Value::as_array);
        let implied =
            if object.contains_key("properties") || object.contains_key("additionalProperties") {
                "object"
            } else if object.contains_key("items") {
                "array"
            } else if values.is_some_and(|values| values.iter().any(Value::is_string)) {
                "string"
            } else {
                return;
            };
        object.insert("type".to_owned(), json!(implied));
        log.fixed();
    });
}

/// Drops keywords that say nothing of a schema's type, such as `items` beside a string: openapiv3
/// reads such a schema as one that may be anything, and typify gives up.
pub(super) fn stray_keywords(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        let belong: &[&str] = match object.get("type").and_then(Value::as_str) {
            _ if is_composed(object) => &[
                "allOf",
                "oneOf",
                "anyOf",
                "discriminator",
                "type",
                "properties",
                "required",
                "additionalProperties",
                "$ref",
                "enum",
                "format",
            ],
            Some("string" | "number" | "integer") => &["type", "format", "enum"],
            Some("boolean") => &["type", "enum"],
            Some("array") => &["type", "items"],
            Some("object") => {
                &["type", "properties", "required", "additionalProperties", "discriminator"]
            }
            _ => &["$ref", "discriminator"],
        };
        object.retain(|key, _| {
            let always = ["description", "deprecated", "readOnly", "writeOnly", "nullable"];
            let stays = key.starts_with("x-")
                || always.contains(&key.as_str())
                || belong.contains(&key.as_str());
            if !stays {
                log.fixed();
            }
            stays
        });
    });
}

fn is_composed(schema: &Map<String, Value>) -> bool {
    ["allOf", "oneOf", "anyOf"].iter().any(|key| schema.contains_key(*key))
}

/// Makes it any JSON, and keeps what is said about it.
pub(super) fn any(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        *schema = json!({});
        return;
    };
    let stays = ["description", "deprecated", "readOnly", "writeOnly"];
    object.retain(|key, _| stays.contains(&key.as_str()) || key == "x-rust-name");
}
