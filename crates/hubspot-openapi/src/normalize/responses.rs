//! Responses: their statuses and contents. Several successes are merged elsewhere, when it is known
//! what their schemas are.

use serde_json::{Map, Value, json};

use super::report::Log;
use super::walk;

/// Drops the responses that are no success. HubSpot's `default` stands for errors with the content
/// type `*/*`, which progenitor takes for a success too and panics; and the bodies of real failures
/// do not fit the schema, so they are read by hand.
pub(super) fn errors(document: &mut Value, log: &mut Log<'_>) {
    walk::operations(document, &mut |_, operation| {
        let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
        responses.retain(|status, _| {
            let is_success = is_success(status);
            if !is_success {
                log.fixed();
            }
            is_success
        });
    });
}

fn is_success(status: &str) -> bool {
    status.len() == 3
        && status.starts_with('2')
        && (status == "2XX" || status.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Leaves one content to each response, of a type that progenitor reads: JSON if there is any, else
/// bytes. JSON without a schema, at which it panics, is any JSON.
pub(super) fn contents(document: &mut Value, log: &mut Log<'_>) {
    walk::operations(document, &mut |_, operation| {
        let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
        for response in responses.values_mut().filter_map(Value::as_object_mut) {
            if !response.contains_key("description") {
                response.insert("description".to_owned(), json!(""));
                log.fixed();
            }
            let Some(Value::Object(contents)) = response.shift_remove("content") else { continue };
            let read = read(&contents);
            if let Some(read) = &read {
                response.insert("content".to_owned(), read.clone());
            }
            if read.as_ref().and_then(Value::as_object) != Some(&contents) {
                log.fixed();
            }
        }
    });
}

/// The content to read.
fn read(contents: &Map<String, Value>) -> Option<Value> {
    let json = contents.iter().find(|(media_type, _)| is_json(media_type));
    let other = contents.iter().find(|(media_type, content)| {
        media_type.as_str() == "*/*" && holds_json(content.get("schema"))
    });
    match json.or(other) {
        Some((_, content)) => {
            let schema = content.get("schema").cloned().unwrap_or_else(|| json!({}));
            Some(json!({ "application/json": { "schema": schema } }))
        }
        None if contents.is_empty() => None,
        None => Some(json!({ OCTETS: { "schema": bytes() } })),
    }
}

const OCTETS: &str = "application/octet-stream";

fn bytes() -> Value {
    json!({ "type": "string", "format": "binary" })
}

/// Whether it is JSON, under whatever name.
pub(super) fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name == "application/json" || (name.starts_with("application/") && name.ends_with("+json"))
}

/// Whether content of any type can only be JSON.
fn holds_json(schema: Option<&Value>) -> bool {
    let Some(schema) = schema else { return false };
    let is_structured = schema["type"] == "object" || schema["type"] == "array";
    is_structured
        || ["$ref", "allOf", "oneOf", "properties"].iter().any(|key| schema.get(key).is_some())
}

/// Says of an operation without a documented success that it answers bytes. Nothing is lost that way.
pub(super) fn unknown(document: &mut Value, log: &mut Log<'_>) {
    walk::operations(document, &mut |place, operation| {
        let has_success = operation
            .get("responses")
            .and_then(Value::as_object)
            .is_some_and(|all| !all.is_empty());
        if !has_success {
            log.reported(place, "answers bytes, no success is described");
            operation.insert(
                "responses".to_owned(),
                json!({ "200": { "description": "", "content": { OCTETS: { "schema": bytes() } } } }),
            );
        }
    });
}
