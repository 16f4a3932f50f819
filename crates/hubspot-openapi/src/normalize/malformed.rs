//! What is not OpenAPI, or is OpenAPI that no generator reads.

use serde_json::{Map, Value, json};

use super::json_path::JsonPath;
use super::layers::{DOCUMENT, Layer, SCHEMA, Shape};
use super::report::Log;

/// Takes out values of a type that OpenAPI does not have there: openapiv3 would refuse the whole
/// document for one of them. Where a schema should stand, any JSON stands from then on.
pub(super) fn malformed(document: &mut Value, log: &mut Log<'_>) {
    conform(&JsonPath::Root, document, &DOCUMENT, log);
}

fn conform(place: &JsonPath<'_>, value: &mut Value, layer: &Layer, log: &mut Log<'_>) {
    let Some(object) = value.as_object_mut() else { return };
    object.retain(|key, value| {
        let place = place.key(key);
        let shape = layer.0.iter().find(|(name, _)| name == key).map(|(_, shape)| shape);
        shape.is_none_or(|shape| fits(&place, value, shape, log))
    });
}

/// Whether the value may stay, with what does not fit inside taken out.
fn fits(place: &JsonPath<'_>, value: &mut Value, shape: &Shape, log: &mut Log<'_>) -> bool {
    match (shape, &mut *value) {
        (Shape::Anything, _)
        | (Shape::Text, Value::String(_))
        | (Shape::Flag | Shape::SchemaOrFlag, Value::Bool(_)) => true,
        (Shape::Texts, Value::Array(list)) => {
            elements(place, list, log, |_, element, _| element.is_string());
            true
        }
        (Shape::TextMap, Value::Object(map)) => {
            values(place, map, log, |_, value, _| value.is_string());
            true
        }
        (Shape::Requirements, Value::Array(list)) => {
            elements(place, list, log, |place, element, log| {
                let Some(requirement) = element.as_object_mut() else { return false };
                values(place, requirement, log, |place, scopes, log| {
                    fits(place, scopes, &Shape::Texts, log)
                });
                true
            });
            true
        }
        (Shape::One(layer), Value::Object(_)) => {
            conform(place, value, layer, log);
            true
        }
        (Shape::List(layer), Value::Array(list)) => {
            elements(place, list, log, |place, element, log| {
                conform(place, element, layer, log);
                element.is_object()
            });
            true
        }
        (Shape::Map(layer), Value::Object(map)) => {
            values(place, map, log, |place, value, log| {
                conform(place, value, layer, log);
                // An extension among the responses can be anything.
                value.is_object() || matches!(place, JsonPath::Key(_, key) if key.starts_with("x-"))
            });
            true
        }
        (Shape::Schemas, Value::Array(list)) => {
            for (at, element) in list.iter_mut().enumerate() {
                schema(&place.item(at), element, log);
            }
            true
        }
        (Shape::SchemaMap, Value::Object(map)) => {
            for (name, value) in map {
                schema(&place.key(name), value, log);
            }
            true
        }
        (Shape::Schema | Shape::SchemaOrFlag, _) => {
            schema(place, value, log);
            true
        }
        _ => {
            log.reported(place, "dropped, a value of another type belongs here");
            false
        }
    }
}

fn schema(place: &JsonPath<'_>, value: &mut Value, log: &mut Log<'_>) {
    if value.is_object() {
        conform(place, value, &SCHEMA, log);
    } else {
        log.reported(place, "taken as any JSON, a schema belongs here");
        *value = json!({});
    }
}

type Fits<'f> = &'f mut dyn FnMut(&JsonPath<'_>, &mut Value, &mut Log<'_>) -> bool;

fn elements(
    place: &JsonPath<'_>,
    list: &mut Vec<Value>,
    log: &mut Log<'_>,
    mut fits: impl FnMut(&JsonPath<'_>, &mut Value, &mut Log<'_>) -> bool,
) {
    let mut at = 0;
    list.retain_mut(|element| {
        let place = place.item(at);
        at += 1;
        kept(&place, element, log, &mut fits)
    });
}

fn values(
    place: &JsonPath<'_>,
    map: &mut Map<String, Value>,
    log: &mut Log<'_>,
    mut fits: impl FnMut(&JsonPath<'_>, &mut Value, &mut Log<'_>) -> bool,
) {
    map.retain(|key, value| kept(&place.key(key), value, log, &mut fits));
}

fn kept(place: &JsonPath<'_>, value: &mut Value, log: &mut Log<'_>, fits: Fits<'_>) -> bool {
    let fits = fits(place, value, log);
    if !fits {
        log.reported(place, "dropped, a value of another type belongs here");
    }
    fits
}

/// Adds what OpenAPI requires and openapiv3 insists on: a title, a version, paths, the names of
/// tags and parameters.
pub(super) fn incomplete(document: &mut Value, log: &mut Log<'_>) {
    let Some(root) = document.as_object_mut() else { return };
    for (key, value) in [("info", json!({})), ("paths", json!({})), ("components", json!({}))] {
        if !root.contains_key(key) {
            root.insert(key.to_owned(), value);
            log.fixed();
        }
    }
    for (key, value) in [("title", "HubSpot"), ("version", "1")] {
        let info = &mut document["info"];
        let plain =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        // The version is sent as a header.
        let stands = info[key].as_str().is_some_and(|text| key == "title" || plain(text));
        if !stands {
            info[key] = json!(value);
            log.fixed();
        }
    }
    if document["components"]["schemas"].is_null() {
        document["components"]["schemas"] = json!({});
        log.fixed();
    }
    for (list, needed) in [("tags", "name"), ("servers", "url")] {
        if let Some(list) = document.get_mut(list).and_then(Value::as_array_mut) {
            let before = list.len();
            list.retain(|element| element.get(needed).is_some());
            (list.len()..before).for_each(|_| log.fixed());
        }
    }
    let incomplete_schemes = |schemes: &mut Map<String, Value>, log: &mut Log<'_>| {
        schemes.retain(|_, scheme| {
            let reads = serde_json::from_value::<openapiv3::SecurityScheme>(scheme.clone()).is_ok();
            if !reads {
                log.fixed();
            }
            reads
        });
    };
    let schemes = document["components"].get_mut("securitySchemes");
    if let Some(schemes) = schemes.and_then(Value::as_object_mut) {
        incomplete_schemes(schemes, log);
    }
}

/// Takes out what nothing is generated from (links, callbacks, headers of responses, servers of
/// operations, XML, links to documentation), so that it can do no harm.
pub(super) fn unneeded(document: &mut Value, log: &mut Log<'_>) {
    strip(document, &DOCUMENT, log);
}

fn strip(value: &mut Value, layer: &Layer, log: &mut Log<'_>) {
    let Some(object) = value.as_object_mut() else { return };
    object.retain(|key, value| {
        if key.starts_with("x-") {
            return true;
        }
        let Some((_, shape)) = layer.0.iter().find(|(name, _)| name == key) else {
            log.fixed();
            return false;
        };
        match (shape, value) {
            (Shape::One(layer), value) => strip(value, layer, log),
            (Shape::List(layer), Value::Array(list)) => {
                list.iter_mut().for_each(|value| strip(value, layer, log));
            }
            (Shape::Map(layer), Value::Object(map)) => {
                map.values_mut().for_each(|value| strip(value, layer, log));
            }
            (Shape::Schema | Shape::SchemaOrFlag, value) => strip(value, &SCHEMA, log),
            (Shape::Schemas, Value::Array(list)) => {
                list.iter_mut().for_each(|value| strip(value, &SCHEMA, log));
            }
            (Shape::SchemaMap, Value::Object(map)) => {
                map.values_mut().for_each(|value| strip(value, &SCHEMA, log));
            }
            _ => {}
        }
        true
    });
}
