//! `$ref`s.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::json_path::JsonPath;
use super::report::Log;
use super::walk;

const SCHEMAS: &str = "#/components/schemas/";

/// A reference to a named schema.
pub(super) fn to(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// The name in a reference to a named schema.
pub(super) fn name(reference: &str) -> Option<&str> {
    reference.strip_prefix(SCHEMAS)
}

/// Puts shared parameters, bodies and responses where they are referred to: progenitor looks them up
/// by the last word of the reference, in whatever part of the document that happens to be, and
/// panics if it is not there.
pub(super) fn components(document: &mut Value, log: &mut Log<'_>) {
    let shared = document["components"].take();
    let root = JsonPath::Root;
    let paths = root.key("paths");
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        inline_parameters(&paths.key(path), item, &shared, log);
    }
    walk::operations(document, &mut |place, operation| {
        if operation.contains_key("requestBody") {
            let place = place.key("requestBody");
            if !inline(&place, &mut operation["requestBody"], &shared, "requestBodies", log) {
                operation.shift_remove("requestBody");
            }
        }
        let of_responses = place.key("responses");
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            responses.retain(|status, response| {
                inline(&of_responses.key(status), response, &shared, "responses", log)
            });
        }
    });
    let place = JsonPath::Root;
    let paths = place.key("paths");
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        let place = paths.key(path);
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            inline_parameters(&place.key(method), operation, &shared, log);
        }
    }
    document["components"] = shared;
    if let Some(components) = document["components"].as_object_mut() {
        for section in ["parameters", "requestBodies", "responses"] {
            components.shift_remove(section);
        }
    }
}

fn inline_parameters(place: &JsonPath<'_>, holder: &mut Value, shared: &Value, log: &mut Log<'_>) {
    let place = place.key("parameters");
    if let Some(list) = holder.get_mut("parameters").and_then(Value::as_array_mut) {
        let mut at = 0;
        list.retain_mut(|parameter| {
            let place = place.item(at);
            at += 1;
            inline(&place, parameter, shared, "parameters", log)
        });
    }
}

/// Replaces a reference by what it leads to. False if that is nowhere.
fn inline(
    place: &JsonPath<'_>,
    value: &mut Value,
    shared: &Value,
    section: &str,
    log: &mut Log<'_>,
) -> bool {
    let mut seen = HashSet::new();
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let name =
            reference.strip_prefix("#/components/").and_then(|rest| rest.strip_prefix(section));
        let name = name.and_then(|rest| rest.strip_prefix('/')).map(unescaped);
        let target = name.as_deref().and_then(|name| shared[section].get(name));
        let Some(target) = target.filter(|_| seen.insert(reference.to_owned())) else {
            log.reported(place, format!("dropped, {reference} leads nowhere"));
            return false;
        };
        *value = target.clone();
        log.fixed();
    }
    true
}

/// Writes names in references as they are written where they are declared: HubSpot's names can
/// contain characters that a reference escapes, and progenitor compares them letter by letter.
pub(super) fn written(document: &mut Value, log: &mut Log<'_>) {
    let names = names(document);
    walk::schemas(document, &mut |_, schema| {
        let plain = |reference: &str| {
            let written = name(reference)?;
            let unescaped = unescaped(written);
            (!names.contains(written) && names.contains(&unescaped))
                .then(|| format!("{SCHEMAS}{unescaped}"))
        };
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(written) = plain(reference)
        {
            *reference = written;
            log.fixed();
        }
        for (_, target) in mapping(schema) {
            // A name alone is allowed too.
            let written = match target.as_str() {
                Some(target) if names.contains(target) => Some(format!("{SCHEMAS}{target}")),
                Some(target) => plain(target),
                None => None,
            };
            if let Some(written) = written {
                *target = Value::String(written);
                log.fixed();
            }
        }
    });
}

/// Makes any JSON of what a `$ref` to nowhere should have been, and of a `$ref` into the middle of a
/// schema, which progenitor would look for among the names: it panics at both.
pub(super) fn dangling(document: &mut Value, log: &mut Log<'_>) {
    let names = names(document);
    let leads = |target: &str| name(target).is_some_and(|name| names.contains(name));
    walk::schemas(document, &mut |place, schema| {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
            && !leads(reference)
        {
            log.reported(place, format!("taken as any JSON, {reference} is no named schema"));
            *schema = json!({});
        }
        let mapping = schema.get_mut("discriminator").and_then(|it| it.get_mut("mapping"));
        if let Some(mapping) = mapping.and_then(Value::as_object_mut) {
            let place = place.key("discriminator");
            let place = place.key("mapping");
            mapping.retain(|tag, target| {
                let leads = target.as_str().is_some_and(leads);
                if !leads {
                    log.reported(&place.key(tag), format!("dropped, {target} is no named schema"));
                }
                leads
            });
        }
    });
}

/// Puts a `$ref` beside which something stands into an `allOf`, since OpenAPI 3.0 ignores what stands
/// there. Only a description and `nullable` say something of the reference; the rest is dropped.
pub(super) fn siblings(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        let Some(reference) = object.get("$ref").filter(|_| object.len() > 1).cloned() else {
            return;
        };
        let mut kept: Map<_, _> = Map::new();
        for (key, value) in std::mem::take(object) {
            let says = match key.as_str() {
                "description" => value != "",
                "nullable" => value == true,
                key => key.starts_with("x-"),
            };
            if says {
                kept.insert(key, value);
            }
        }
        let target = json!({ "$ref": reference });
        if kept.is_empty() {
            *schema = target;
        } else {
            kept.insert("allOf".to_owned(), json!([target]));
            *object = kept;
        }
        log.fixed();
    });
}

/// The names of the named schemas.
pub(super) fn names(document: &Value) -> HashSet<String> {
    let schemas = document["components"]["schemas"].as_object();
    schemas.into_iter().flat_map(Map::keys).cloned().collect()
}

/// The tags and targets of a discriminator's mapping.
pub(super) fn mapping(schema: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let mapping = schema.get_mut("discriminator").and_then(|it| it.get_mut("mapping"));
    mapping.and_then(Value::as_object_mut).into_iter().flatten()
}

/// A name as it was before it was put into a reference.
fn unescaped(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let decoded = match after {
            [high, low, ..] if byte == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match decoded {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn names_are_unescaped() {
        assert_eq!(unescaped("Page%C2%ABThread%C2%BB"), "Page«Thread»");
        assert_eq!(unescaped("a~1b~0c%2"), "a/b~c%2");
    }
}
