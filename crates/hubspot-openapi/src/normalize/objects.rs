//! Objects, maps and arrays.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::json_path::JsonPath;
use super::report::Log;
use super::walk;

/// Says of an array without `items` that any JSON can be in it.
pub(super) fn untyped_items(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        if schema["type"] == "array" && !schema["items"].is_object() {
            schema["items"] = json!({});
            log.fixed();
        }
    });
}

/// Takes an object of which nothing is known as any JSON. HubSpot writes `type: object` for Java's
/// `Object`, and strings, numbers and lists are found there.
pub(super) fn bare(document: &mut Value, log: &mut Log<'_>) {
    let is_bare = |schema: &Value| {
        let known = ["additionalProperties", "allOf", "oneOf", "anyOf"];
        schema["type"] == "object"
            && known.iter().all(|key| schema.get(key).is_none())
            && schema["properties"].as_object().is_none_or(|fields| fields.is_empty())
    };
    // A named one can be the member of a union, of which nothing but its tag is known; those that
    // are not are inlined with the other names for plain types.
    walk::schemas(document, &mut |place, schema| {
        let is_named = matches!(place, JsonPath::Key(JsonPath::Key(_, "schemas"), _));
        if is_named && is_bare(schema) {
            schema["properties"] = json!({});
            schema[BARE] = json!(true);
        } else if is_bare(schema)
            && let Some(object) = schema.as_object_mut()
        {
            for key in ["type", "properties", "required"] {
                object.shift_remove(key);
            }
            log.fixed();
        }
    });
}

/// Marks a named object of which nothing is known, until it is seen whether it is in a union.
pub(super) const BARE: &str = "x-bare";

/// Drops `properties` that are empty beside something that says what the schema is: typify would
/// merge the two.
pub(super) fn empty_properties(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        let says_more = ["allOf", "oneOf", "anyOf", "additionalProperties"];
        if object.get("properties").and_then(Value::as_object).is_some_and(|all| all.is_empty())
            && says_more.iter().any(|key| object.contains_key(*key))
        {
            object.shift_remove("properties");
            log.fixed();
        }
        if object.get("required").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            object.shift_remove("required");
            log.fixed();
        }
    });
}

/// Settles what else an object may hold. Whether more is allowed is no matter, since unknown fields
/// are always passed over; a schema for the rest beside `properties` would need a flattened map, in
/// which items cannot be kept as they came; and a map of anything has values of any JSON.
pub(super) fn additional(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |place, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        let Some(additional) = object.get("additionalProperties") else { return };
        let is_map = object.get("properties").is_none();
        let composed = ["allOf", "oneOf", "anyOf"].iter().any(|key| object.contains_key(*key));
        if is_map && !composed {
            if additional.is_boolean() {
                object.insert("additionalProperties".to_owned(), json!({}));
                log.fixed();
            }
            // A map cannot be told to have an entry.
            if object.shift_remove("required").is_some() {
                log.fixed();
            }
            return;
        }
        if additional.is_object() {
            let place = place.key("additionalProperties");
            log.reported(&place, "dropped, other fields are not kept beside known ones");
        } else {
            log.fixed();
        }
        object.shift_remove("additionalProperties");
    });
}

/// Leaves in `required` the fields that there are, each once: typify would make fields of the others.
pub(super) fn required(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |place, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        let Some(names) = object.get_mut("required").and_then(Value::as_array_mut) else { return };
        let mut names = std::mem::take(names);
        let mut seen = HashSet::new();
        names.retain(|name| {
            let Some(name) = name.as_str() else { return false };
            let is_field = object.get("properties").is_some_and(|all| all.get(name).is_some());
            if !is_field {
                log.reported(&place.key("required"), format!("{name:?} dropped, no such field"));
            }
            is_field && seen.insert(name.to_owned())
        });
        if names.is_empty() {
            object.shift_remove("required");
        } else {
            object["required"] = Value::Array(names);
        }
    });
}
