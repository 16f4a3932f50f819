//! Request bodies.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::json_path::JsonPath;
use super::report::Log;
use super::responses::is_json;
use super::walk;
use crate::document::{METHODS, entries, referenced};

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data";
const BYTES: &str = "application/octet-stream";

/// Drops the bodies of GET, which OpenAPI gives no meaning and servers may ignore.
pub(super) fn of_reads(document: &mut Value, log: &mut Log<'_>) {
    walk::operations(document, &mut |place, operation| {
        if matches!(place, JsonPath::Key(_, "get"))
            && operation.shift_remove("requestBody").is_some()
        {
            log.reported(&place.key("requestBody"), "dropped, a GET has no body");
        }
    });
}

/// Leaves one content to each body: JSON, else parts, a form, text, or bytes of whatever media type.
/// JSON that would have to hold files gives way to parts. An operation that takes nothing but parts of
/// another kind than those of forms is dropped.
pub(super) fn contents(document: &mut Value, log: &mut Log<'_>) {
    let with_files: HashSet<String> = entries(&document["components"]["schemas"])
        .filter(|(_, schema)| holds_files(schema))
        .map(|(name, _)| name.to_owned())
        .collect();
    let has_files = |schema: &Value| {
        holds_files(schema) || referenced(schema).is_some_and(|name| with_files.contains(name))
    };
    let mut lost = HashSet::new();
    walk::operations(document, &mut |place, operation| {
        let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) else {
            return;
        };
        let contents = body.get("content").and_then(Value::as_object).cloned().unwrap_or_default();
        match chosen(&contents, &has_files) {
            Some((media_type, content)) => {
                let others: Vec<_> = contents
                    .keys()
                    .filter(|other| {
                        *other != media_type && !(is_any_json(other) && is_any_json(media_type))
                    })
                    .map(String::as_str)
                    .collect();
                if !others.is_empty() {
                    let others = others.join(" or ");
                    let what = format!("sent as {media_type}, {others} would do too");
                    log.reported(&place.key("requestBody"), what);
                } else if content != Value::Object(contents.clone()) {
                    log.fixed();
                }
                body.insert("content".to_owned(), content);
            }
            None if contents.is_empty() => {
                operation.shift_remove("requestBody");
                log.fixed();
            }
            None => {
                let types: Vec<_> = contents.keys().map(String::as_str).collect();
                let what = format!("dropped, a body of {} cannot be sent", types.join(" or "));
                log.reported(place, what);
                lost.insert(place.to_string());
            }
        }
    });
    let root = JsonPath::Root;
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

/// The media type to send, and the content to write for it.
fn chosen<'a>(
    contents: &'a Map<String, Value>,
    has_files: &dyn Fn(&Value) -> bool,
) -> Option<(&'a str, Value)> {
    let find =
        |is: &dyn Fn(&str) -> bool| contents.iter().find(|(media_type, _)| is(essence(media_type)));
    let schema = |content: &Value| content.get("schema").cloned().unwrap_or_else(|| json!({}));
    let parts = find(&|name| name == PARTS);
    if let Some((media_type, content)) = find(&is_any_json)
        && !(parts.is_some() && content.get("schema").is_some_and(has_files))
    {
        return Some((media_type, json!({ "application/json": { "schema": schema(content) } })));
    }
    if let Some((media_type, content)) = parts {
        return Some((media_type, json!({ PARTS: parts_of(content) })));
    }
    if let Some((media_type, content)) = find(&|name| name == FORM)
        && content.get("schema").is_some()
    {
        return Some((media_type, json!({ FORM: { "schema": schema(content) } })));
    }
    let (media_type, content) = find(&|name| name == "text/plain")
        .or_else(|| find(&|name| !name.starts_with("multipart/")))?;
    Some(match essence(media_type) {
        name @ "text/plain" => (media_type, json!({ name: { "schema": { "type": "string" } } })),
        name => {
            let mut bytes = json!({ "schema": { "type": "string", "format": "binary" } });
            let named = content.get("x-media-type").and_then(Value::as_str).unwrap_or(name);
            if named != BYTES && is_exact(named) {
                bytes["x-media-type"] = json!(named);
            }
            (media_type, json!({ BYTES: bytes }))
        }
    })
}

/// The content of a form, with the media types of its parts.
fn parts_of(content: &Value) -> Value {
    let mut parts =
        json!({ "schema": content.get("schema").cloned().unwrap_or_else(|| json!({})) });
    let encodings: Map<String, Value> = entries(&content["encoding"])
        .filter_map(|(part, encoding)| {
            // Of several that would do, the first.
            let first = encoding["contentType"].as_str()?.split(',').next()?.trim();
            is_exact(first).then(|| (part.to_owned(), json!({ "contentType": first })))
        })
        .collect();
    if !encodings.is_empty() {
        parts["encoding"] = Value::Object(encodings);
    }
    parts
}

/// Whether it says one media type, and can be sent in a header.
fn is_exact(media_type: &str) -> bool {
    media_type.contains('/')
        && !media_type.contains('*')
        && media_type.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

fn is_any_json(media_type: &str) -> bool {
    is_json(media_type) || media_type == "*/*"
}

/// Whether one of its fields is a file, or a list of files.
fn holds_files(schema: &Value) -> bool {
    entries(&schema["properties"])
        .any(|(_, field)| field["format"] == "binary" || field["items"]["format"] == "binary")
}

/// Says of every body that it is required: progenitor makes it an argument that cannot be left out,
/// whatever the document says.
pub(super) fn optional(document: &mut Value, log: &mut Log<'_>) {
    walk::operations(document, &mut |_, operation| {
        let Some(body) = operation.get_mut("requestBody") else { return };
        if body["required"] != true {
            body["required"] = json!(true);
            log.fixed();
        }
    });
}
