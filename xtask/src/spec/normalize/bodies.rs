//! Request bodies.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::place;
use super::report::Log;
use super::responses::is_json;
use crate::document::METHODS;

const FORM: &str = "application/x-www-form-urlencoded";

/// Drops the bodies of GET, which OpenAPI gives no meaning and servers may ignore.
pub(super) fn of_reads(document: &mut Value, log: &mut Log<'_>) {
    place::operations(document, &mut |place, operation| {
        if matches!(place, place::Place::Key(_, "get"))
            && operation.shift_remove("requestBody").is_some()
        {
            log.told(&place.key("requestBody"), "dropped, a GET has no body");
        }
    });
}

/// Leaves one content to each body, of a type that progenitor writes: JSON, else a form, bytes or
/// text. It refuses the whole document for multipart, CSV or two types at once, so an operation that
/// takes nothing else is dropped.
pub(super) fn contents(document: &mut Value, log: &mut Log<'_>) {
    let mut lost = HashSet::new();
    place::operations(document, &mut |place, operation| {
        let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) else {
            return;
        };
        let contents = body.get("content").and_then(Value::as_object).cloned().unwrap_or_default();
        match written(&contents) {
            Some(content) if content == Value::Object(contents.clone()) => {}
            Some(content) => {
                body.insert("content".to_owned(), content);
                log.mended();
            }
            None if contents.is_empty() => {
                operation.shift_remove("requestBody");
                log.mended();
            }
            None => {
                let types: Vec<_> = contents.keys().map(String::as_str).collect();
                let what = format!("dropped, a body of {} cannot be sent", types.join(" or "));
                log.told(place, what);
                lost.insert(place.to_string());
            }
        }
    });
    let root = place::Place::Root;
    let paths = root.key("paths");
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        let place = paths.key(path);
        if let Some(item) = item.as_object_mut() {
            item.retain(|method, _| {
                !(METHODS.contains(&method.as_str())
                    && lost.contains(&place.key(method).to_string()))
            });
        }
    }
}

/// The content to write.
fn written(contents: &Map<String, Value>) -> Option<Value> {
    let json = |media_type: &str| is_json(media_type) || media_type == "*/*";
    if let Some((_, content)) = contents.iter().find(|(media_type, _)| json(media_type)) {
        let schema = content.get("schema").cloned().unwrap_or_else(|| json!({}));
        return Some(json!({ "application/json": { "schema": schema } }));
    }
    contents.iter().find_map(|(media_type, content)| {
        let name = media_type.split(';').next().unwrap_or_default().trim();
        let schema = content.get("schema");
        match name {
            FORM => schema.map(|schema| json!({ FORM: { "schema": schema } })),
            "application/octet-stream" => {
                Some(json!({ name: { "schema": { "type": "string", "format": "binary" } } }))
            }
            "text/plain" => Some(json!({ name: { "schema": { "type": "string" } } })),
            _ => None,
        }
    })
}

/// Says of every body that it is required: progenitor makes it an argument that cannot be left out,
/// whatever the document says.
pub(super) fn optional(document: &mut Value, log: &mut Log<'_>) {
    place::operations(document, &mut |_, operation| {
        let Some(body) = operation.get_mut("requestBody") else { return };
        if body["required"] != true {
            body["required"] = json!(true);
            log.mended();
        }
    });
}
