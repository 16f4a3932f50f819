//! Several successes of one operation.

use serde_json::{Map, Value, json};

use super::json_path::JsonPath;
use super::names::{Names, joined, shape};
use super::references;
use super::report::Log;
use super::walk;
use crate::document::{entries, referenced, strings};

/// Makes one success of several, whose type has the fields of all: progenitor panics at two types. A
/// batch that worked in part answers 207 with what went wrong beside what a 200 has, so the rest
/// becomes optional.
pub(super) fn merged(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document).map(std::mem::take) else { return };
    let mut schemas = schemas;
    walk::operations(document, &mut |place, operation| {
        let id =
            operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
            return;
        };
        if responses.keys().filter(|status| !status.starts_with("x-")).count() > 1 {
            let merged = one(&place.key("responses"), &id, responses, &mut schemas, log);
            *responses = merged;
            log.fixed();
        }
    });
    if let Some(place) = walk::named(document) {
        *place = schemas;
    }
}

fn one(
    place: &JsonPath<'_>,
    id: &str,
    responses: &Map<String, Value>,
    schemas: &mut Map<String, Value>,
    log: &mut Log<'_>,
) -> Map<String, Value> {
    let json = |response: &Value| response["content"]["application/json"].get("schema").cloned();
    let typed: Vec<(&String, &Value, Value)> = responses
        .iter()
        .filter_map(|(status, response)| Some((status, response, json(response)?)))
        .collect();
    let Some((status, response, _)) = typed.first() else {
        // Bytes or nothing: bytes can be nothing.
        let bytes = responses.iter().find(|(_, response)| response.get("content").is_some());
        let kept = bytes.or(responses.iter().next());
        return kept
            .map(|(status, response)| (status.clone(), response.clone()))
            .into_iter()
            .collect();
    };
    for (status, response) in responses.iter().filter(|(_, response)| json(response).is_none()) {
        if response.get("content").is_some() {
            log.reported(&place.key(status), "dropped, another success is JSON");
        }
    }
    let mut merged = (*response).clone();
    if responses.values().any(|response| response.get("content").is_none()) {
        merged["x-can-be-empty"] = json!(true);
    }
    let types: Vec<Value> = typed.iter().map(|(_, _, schema)| schema.clone()).collect();
    merged["content"]["application/json"]["schema"] =
        common(&types, id, schemas).unwrap_or_else(|| {
            log.reported(place, "any JSON, the successes have different types");
            json!({})
        });
    Map::from_iter([((*status).clone(), merged)])
}

/// A type that all of them can be read as.
fn common(types: &[Value], id: &str, schemas: &mut Map<String, Value>) -> Option<Value> {
    let (first, others) = types.split_first()?;
    if others.iter().all(|other| shape(other) == shape(first)) {
        return Some(first.clone());
    }
    let names: Vec<String> = types.iter().map(|it| object(it, schemas)).collect::<Option<_>>()?;
    let objects: Vec<&Value> = names.iter().map(|name| &schemas[name]).collect();
    let mut fields: Map<String, Value> = Map::new();
    for (name, field) in objects.iter().flat_map(|object| entries(&object["properties"])) {
        if fields.get(name).is_some_and(|other| shape(other) != shape(field)) {
            return None;
        }
        fields.entry(name).or_insert_with(|| field.clone());
    }
    let required: Vec<Value> = strings(&objects[0]["required"])
        .filter(|name| {
            objects.iter().all(|it| strings(&it["required"]).any(|other| other == *name))
        })
        .map(|name| json!(name))
        .collect();

    let count = |name: &String| schemas[name]["properties"].as_object().map_or(0, Map::len);
    let name = if let Some(largest) = names.iter().find(|name| count(name) == fields.len()) {
        largest.clone()
    } else {
        let name = Names::of(schemas).free(&joined(&[id, "response"]));
        schemas.insert(name.clone(), json!({ "type": "object", "properties": fields }));
        name
    };
    if let Some(schema) = schemas[&name].as_object_mut() {
        if required.is_empty() {
            schema.shift_remove("required");
        } else {
            schema.insert("required".to_owned(), Value::Array(required));
        }
    }
    Some(references::to(&name))
}

/// The name of the object that a schema refers to, through other names.
fn object(schema: &Value, schemas: &Map<String, Value>) -> Option<String> {
    let mut name = referenced(schema)?;
    for _ in 0..32 {
        let schema = schemas.get(name)?;
        match referenced(schema) {
            Some(next) => name = next,
            None => return schema["properties"].is_object().then(|| name.to_owned()),
        }
    }
    None
}
