//! Unions: which schemas are in them.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::json_path::JsonPath;
use super::links::{members, reference};
use super::objects::BARE;
use super::references;
use super::report::Log;
use super::walk;
use crate::document::referenced;

/// Reads `anyOf` as `oneOf`: no value of HubSpot's is meant to be two things at once, and typify makes
/// a struct of optional structs of it.
pub(super) fn any_of(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        let Some(Value::Array(mut any)) = object.shift_remove("anyOf") else { return };
        match object.get_mut("oneOf").and_then(Value::as_array_mut) {
            Some(one) => one.append(&mut any),
            None => {
                object.insert("oneOf".to_owned(), Value::Array(any));
            }
        }
        log.fixed();
    });
}

/// Reads a member that is `null` as `nullable`.
pub(super) fn null_members(document: &mut Value, log: &mut Log<'_>) {
    let is_null = |member: &Value| {
        member["type"] == "null"
            || member["enum"]
                .as_array()
                .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
    };
    walk::schemas(document, &mut |_, schema| {
        let Some(members) = schema.get_mut("oneOf").and_then(Value::as_array_mut) else { return };
        let before = members.len();
        members.retain(|member| !is_null(member));
        if members.len() < before {
            schema["nullable"] = json!(true);
            log.fixed();
        }
    });
}

/// Drops fields beside `oneOf`. They say what the members have in common, and those that inherit
/// have got them by now.
pub(super) fn properties(document: &mut Value, log: &mut Log<'_>) {
    let root = JsonPath::Root;
    let components = root.key("components");
    let place = components.key("schemas");
    let Some(schemas) = walk::named(document) else { return };
    let names: Vec<String> = schemas.keys().cloned().collect();
    for name in names {
        if schemas[&name].get("oneOf").is_none() {
            continue;
        }
        let fields = schemas[&name].get("properties").and_then(Value::as_object).cloned();
        let missing = fields.iter().flat_map(Map::keys).find(|field| {
            members(&schemas[&name]).iter().any(|member| {
                schemas.get(*member).is_none_or(|it| it["properties"].get(field.as_str()).is_none())
            })
        });
        if let Some(field) = missing {
            let place = place.key(&name);
            let place = place.key("properties");
            log.reported(&place.key(field), "dropped, not every member of the union has it");
        }
        let Some(schema) = schemas[&name].as_object_mut() else { continue };
        schema.shift_remove(BARE);
        for key in
            ["properties", "required", "additionalProperties", "type", "allOf", "enum", "format"]
        {
            if schema.shift_remove(key).is_some() {
                log.fixed();
            }
        }
    }
}

/// Puts the members of a union that is a member itself in its place: one tag tells all of them.
pub(super) fn nested(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    let mut flat = Vec::new();
    for (name, schema) in schemas.iter().filter(|(_, schema)| schema.get("oneOf").is_some()) {
        let mut seen = HashSet::new();
        let mut members = Vec::new();
        let mut open: Vec<&Value> = vec![schema];
        while let Some(union) = open.pop() {
            let listed = union["oneOf"].as_array().into_iter().flatten();
            let mut inner = Vec::new();
            for member in listed {
                let Some(name) = meant(member, schemas) else {
                    members.push(member.clone());
                    continue;
                };
                if !seen.insert(name) {
                    continue;
                }
                match schemas.get(name) {
                    Some(union) if union.get("oneOf").is_some() => inner.push(union),
                    _ => members.push(references::to(name)),
                }
            }
            open.extend(inner.into_iter().rev());
        }
        if schema["oneOf"].as_array() != Some(&members) {
            flat.push((name.clone(), members));
        }
    }
    for (name, members) in flat {
        schemas[&name]["oneOf"] = Value::Array(members);
        log.fixed();
    }
}

/// The name that a reference leads to, through schemas that are only other names.
fn meant<'a>(member: &'a Value, schemas: &'a Map<String, Value>) -> Option<&'a str> {
    let mut name = referenced(member)?;
    for _ in 0..32 {
        let Some(next) = schemas.get(name).and_then(referenced) else { break };
        name = next;
    }
    Some(name)
}

/// Makes a string of a union of strings and enums: whatever member it is, it is written the same.
pub(super) fn of_scalars(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    let is_string = |member: &Value| {
        let schema = reference(member).and_then(|name| schemas.get(name)).unwrap_or(member);
        schema["type"] == "string"
    };
    let texts: Vec<String> = schemas
        .iter()
        .filter(|(_, schema)| {
            let members = schema.get("oneOf").and_then(Value::as_array);
            members.is_some_and(|members| !members.is_empty() && members.iter().all(is_string))
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in texts {
        let Some(schema) = schemas[&name].as_object_mut() else { continue };
        schema.retain(|key, _| key == "description");
        schema.insert("type".to_owned(), json!("string"));
        log.fixed();
    }
}

/// Takes a union of one member without a tag as that member.
pub(super) fn single(document: &mut Value, log: &mut Log<'_>) {
    let tagged = |schema: &Value| super::union_tags::of(schema).is_some();
    for schema in walk::named(document).into_iter().flat_map(Map::values_mut) {
        let members = schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice);
        let Some([only]) = members else { continue };
        if tagged(schema) {
            continue;
        }
        let only = only.clone();
        let Some(object) = schema.as_object_mut() else { continue };
        object.retain(|key, _| key == "description");
        match reference(&only) {
            Some(_) => {
                object.insert("allOf".to_owned(), json!([only]));
            }
            None => object.extend(only.as_object().cloned().unwrap_or_default()),
        }
        log.fixed();
    }
}
