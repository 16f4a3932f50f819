//! Parameters: how they are written.

use serde_json::{Map, Value, json};

use super::json_path::JsonPath;
use super::report::Log;
use super::walk;
use crate::document::{entries, referenced};

/// Reads a parameter that is described by a content as a string: progenitor refuses it, and the
/// caller can write the JSON.
pub(super) fn contents(document: &mut Value, log: &mut Log<'_>) {
    walk::parameters(document, &mut |place, parameter| {
        if parameter.shift_remove("content").is_some() {
            log.reported(place, "a string, to be written as JSON by the caller");
            parameter.insert("schema".to_owned(), json!({ "type": "string" }));
        } else if !parameter.contains_key("schema") {
            parameter.insert("schema".to_owned(), json!({ "type": "string" }));
            log.fixed();
        }
    });
}

/// Makes a parameter of each field of an object that is sent in the query, by the name it has there:
/// `filter[name]` for `deepObject`, else its own. progenitor refuses the style. An object of which
/// the fields are not known is dropped.
pub(super) fn objects(document: &mut Value, log: &mut Log<'_>) {
    let schemas = document["components"]["schemas"].take();
    walk::operations(document, &mut |place, operation| {
        let Some(list) = operation.get_mut("parameters").and_then(Value::as_array_mut) else {
            return;
        };
        let of_list = place.key("parameters");
        let parameters = std::mem::take(list).into_iter().enumerate();
        list.extend(
            parameters
                .flat_map(|(at, parameter)| split(&of_list.item(at), parameter, &schemas, log)),
        );
    });
    document["components"]["schemas"] = schemas;
}

fn split(place: &JsonPath<'_>, parameter: Value, schemas: &Value, log: &mut Log<'_>) -> Vec<Value> {
    let schema = resolved(&parameter["schema"], schemas);
    let is_object = schema.is_some_and(|schema| {
        schema["type"] == "object" || schema.get("allOf").is_some() || schema.get("oneOf").is_some()
    });
    let Some(schema) = schema.filter(|_| is_object && parameter["in"] == "query") else {
        return vec![parameter];
    };
    let name = parameter["name"].as_str().unwrap_or_default();
    let is_deep = parameter["style"] == "deepObject";
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
    let fields: Vec<_> = entries(&schema["properties"])
        .map(|(field, schema)| {
            let is_required =
                parameter["required"] == true && required.iter().any(|it| *it == field);
            json!({
                "name": if is_deep { format!("{name}[{field}]") } else { field.to_owned() },
                "in": "query",
                "required": is_required,
                "schema": schema,
            })
        })
        .collect();
    if fields.is_empty() {
        log.reported(place, format!("{name:?} dropped, an object whose fields are not known"));
    } else {
        log.fixed();
    }
    fields
}

/// The schema that is meant, through references.
fn resolved<'a>(schema: &'a Value, schemas: &'a Value) -> Option<&'a Value> {
    let mut schema = schema;
    // Longer than any chain that is not a cycle.
    for _ in 0..32 {
        match referenced(schema) {
            Some(name) => schema = schemas.get(name)?,
            None => return Some(schema),
        }
    }
    None
}

/// Makes strings of arrays that are not sent as a repeated key, which is all that progenitor does:
/// the caller joins them with a comma, a space or a bar. After this the style says nothing.
pub(super) fn styles(document: &mut Value, log: &mut Log<'_>) {
    walk::parameters(document, &mut |place, parameter| {
        let style = parameter.shift_remove("style");
        let explode = parameter.shift_remove("explode");
        if style.is_some() || explode.is_some() {
            log.fixed();
        }
        let style = style.as_ref().and_then(Value::as_str).unwrap_or("form");
        let explode = explode.and_then(|it| it.as_bool()).unwrap_or(style == "form");
        let is_list = parameter.get("schema").is_some_and(|schema| schema["type"] == "array");
        if is_list && parameter["in"] == "query" && !(style == "form" && explode) {
            let separator = match style {
                "spaceDelimited" => "spaces",
                "pipeDelimited" => "bars",
                _ => "commas",
            };
            log.reported(place, format!("a string, to be joined with {separator} by the caller"));
            parameter.insert("schema".to_owned(), json!({ "type": "string" }));
        }
    });
}

/// Leaves scalars, enums and, in the query, arrays of them. Anything else cannot be written into a
/// URL or a header; and there a time would be written in a way that HubSpot does not read.
pub(super) fn types(document: &mut Value, log: &mut Log<'_>) {
    let schemas = document["components"]["schemas"].take();
    walk::parameters(document, &mut |place, parameter| {
        let in_query = parameter["in"] == "query";
        let Some(schema) = parameter.get_mut("schema") else { return };
        let fits = if in_query {
            let items = resolved(schema, &schemas).filter(|schema| schema["type"] == "array");
            is_scalar(items.map_or(&*schema, |list| &list["items"]), &schemas)
        } else {
            is_scalar(schema, &schemas) && schema.get("format").is_none_or(|it| !is_time(it))
        };
        if !fits {
            log.reported(place, "a string, to be written by the caller");
            *schema = json!({ "type": "string" });
        }
    });
    document["components"]["schemas"] = schemas;
}

fn is_time(format: &Value) -> bool {
    format == "date" || format == "date-time"
}

fn is_scalar(schema: &Value, schemas: &Value) -> bool {
    resolved(schema, schemas).and_then(Value::as_object).is_some_and(|schema: &Map<_, _>| {
        let name = schema.get("type").and_then(Value::as_str);
        matches!(name, Some("string" | "integer" | "number" | "boolean"))
    })
}
