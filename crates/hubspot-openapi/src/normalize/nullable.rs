//! `nullable`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::json_path::JsonPath;
use super::references;
use super::report::Log;
use super::walk;
use crate::document::{entries, referenced};

/// Makes a field that can be null one that can be left out: both are read as `None`, and typify
/// would nest one `Option` in another. Items of arrays and values of maps keep it, and so do fields of what
/// is sent, where `null` takes a value away.
pub(super) fn nullable(document: &mut Value, log: &mut Log<'_>) {
    let named: HashSet<String> = entries(&document["components"]["schemas"])
        .filter(|(_, schema)| schema["nullable"] == true)
        .map(|(name, _)| name.to_owned())
        .collect();
    let is_nullable = |schema: &Value| {
        schema["nullable"] == true || referenced(schema).is_some_and(|name| named.contains(name))
    };
    let sent = sent(document);
    let is_sent = |place: &JsonPath<'_>| {
        let place = place.to_string();
        match place.strip_prefix("/components/schemas/") {
            Some(rest) => {
                let name = rest.split('/').next().unwrap_or_default();
                sent.contains(&name.replace("~1", "/").replace("~0", "~"))
            }
            None => place.contains("/requestBody/"),
        }
    };
    walk::schemas(document, &mut |place, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        let nullable: Vec<String> = object
            .get("properties")
            .into_iter()
            .flat_map(entries)
            .filter(|(_, property)| is_nullable(property))
            .map(|(name, _)| name.to_owned())
            .collect();
        let stays = !nullable.is_empty() && is_sent(place);
        if stays {
            let properties = object.get_mut("properties").and_then(Value::as_object_mut);
            let properties = properties.into_iter().flatten();
            properties
                .filter(|(name, _)| nullable.contains(name))
                .for_each(|(_, property)| keep_nullable(property));
        } else if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| !nullable.iter().any(|nullable| name == nullable));
        }
        for part in ["items", "additionalProperties"] {
            if let Some(part) = object.get_mut(part)
                && is_nullable(part)
            {
                keep_nullable(part);
            }
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            let list = object.get_mut(key).and_then(Value::as_array_mut);
            list.into_iter().flatten().for_each(|part| forget(part, log));
        }
        if !stays {
            let properties = object.get_mut("properties").and_then(Value::as_object_mut);
            properties.into_iter().flat_map(Map::values_mut).for_each(|part| forget(part, log));
        }
    });
    walk::named(document)
        .into_iter()
        .flat_map(Map::values_mut)
        .for_each(|schema| forget(schema, log));
    walk::roots_of_operations(document, &mut |_, schema| forget(schema, log));
}

/// The named schemas that requests are made of.
fn sent(document: &mut Value) -> HashSet<String> {
    let mut open = Vec::new();
    walk::operations(document, &mut |_, operation| {
        open.extend(operation.get("requestBody").into_iter().flat_map(names_in));
    });
    let schemas = &document["components"]["schemas"];
    let mut sent = HashSet::new();
    while let Some(name) = open.pop() {
        if sent.insert(name.clone()) {
            open.extend(schemas.get(&name).into_iter().flat_map(names_in));
        }
    }
    sent
}

/// The names of the schemas that are referred to.
fn names_in(value: &Value) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                let name = object.get("$ref").and_then(Value::as_str).and_then(references::name);
                names.extend(name.map(str::to_owned));
                open.extend(object.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    names
}

/// Says it of the item itself, where it was said of the schema it refers to.
fn keep_nullable(part: &mut Value) {
    if let Some(name) = referenced(part).map(str::to_owned)
        && part["nullable"] != true
    {
        *part = serde_json::json!({ "allOf": [references::to(&name)], "nullable": true });
    }
}

fn forget(schema: &mut Value, log: &mut Log<'_>) {
    let Some(object) = schema.as_object_mut() else { return };
    if object.shift_remove("nullable").is_some() {
        log.fixed();
        // Without it the reference can stand alone.
        if let (1, Some(Value::Array(list))) = (object.len(), object.get("allOf"))
            && let [only] = &list[..]
            && only.get("$ref").is_some()
        {
            *schema = only.clone();
        }
    }
}
