//! Visits to the operations, parameters and schemas of a document.

use serde_json::{Map, Value};

use super::json_path::JsonPath;
use crate::document::METHODS;

/// Called for each schema with its path.
type Visit<'v> = dyn FnMut(&JsonPath<'_>, &mut Value) + 'v;

/// The named schemas.
pub(super) fn named(document: &mut Value) -> Option<&mut Map<String, Value>> {
    document.get_mut("components")?.get_mut("schemas")?.as_object_mut()
}

/// Visits each operation.
pub(super) fn operations(
    document: &mut Value,
    visit: &mut dyn FnMut(&JsonPath<'_>, &mut Map<String, Value>),
) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    let root = JsonPath::Root;
    let root = root.key("paths");
    for (path, item) in paths {
        let place = root.key(path);
        let Some(item) = item.as_object_mut() else { continue };
        for (method, operation) in item {
            if METHODS.contains(&method.as_str())
                && let Some(operation) = operation.as_object_mut()
            {
                visit(&place.key(method), operation);
            }
        }
    }
}

/// Visits each parameter of each operation.
pub(super) fn parameters(
    document: &mut Value,
    visit: &mut dyn FnMut(&JsonPath<'_>, &mut Map<String, Value>),
) {
    operations(document, &mut |place, operation| {
        let place = place.key("parameters");
        let list = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for (at, parameter) in list.into_iter().flatten().enumerate() {
            if let Some(parameter) = parameter.as_object_mut() {
                visit(&place.item(at), parameter);
            }
        }
    });
}

/// Visits every schema, however deep, after its parts.
pub(super) fn schemas(document: &mut Value, visit: &mut Visit<'_>) {
    named_schemas(document, visit);
    operation_schemas(document, visit);
}

/// Visits every schema of `components`, however deep, after its parts.
fn named_schemas(document: &mut Value, visit: &mut Visit<'_>) {
    let root = JsonPath::Root;
    let components = root.key("components");
    let place = components.key("schemas");
    for (name, schema) in named(document).into_iter().flatten() {
        deep(&place.key(name), schema, visit);
    }
}

/// Visits every schema of operations, however deep, after its parts.
fn operation_schemas(document: &mut Value, visit: &mut Visit<'_>) {
    roots_of_operations(document, &mut |place, schema| deep(place, schema, visit));
}

/// Visits the schemas of parameters, bodies and responses, and not their parts.
pub(super) fn roots_of_operations(document: &mut Value, visit: &mut Visit<'_>) {
    operations(document, &mut |place, operation| {
        let of_parameters = place.key("parameters");
        let list = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for (at, parameter) in list.into_iter().flatten().enumerate() {
            let place = of_parameters.item(at);
            if let Some(schema) = parameter.get_mut("schema") {
                visit(&place.key("schema"), schema);
            }
            contents(&place, parameter, visit);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            contents(&place.key("requestBody"), body, visit);
        }
        let of_responses = place.key("responses");
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            contents(&of_responses.key(status), response, visit);
        }
    });
}

fn contents(place: &JsonPath<'_>, holder: &mut Value, visit: &mut Visit<'_>) {
    let place = place.key("content");
    let list = holder.get_mut("content").and_then(Value::as_object_mut);
    for (media_type, content) in list.into_iter().flatten() {
        if let Some(schema) = content.get_mut("schema") {
            visit(&place.key(media_type).key("schema"), schema);
        }
    }
}

/// Visits a schema after its parts.
pub(super) fn deep(place: &JsonPath<'_>, schema: &mut Value, visit: &mut Visit<'_>) {
    parts(place, schema, &mut |place, part| deep(place, part, visit));
    visit(place, schema);
}

/// Visits the parts of a schema, and not theirs.
pub(super) fn parts(place: &JsonPath<'_>, schema: &mut Value, visit: &mut Visit<'_>) {
    let Some(schema) = schema.as_object_mut() else { return };
    for (key, value) in schema {
        let place = place.key(key);
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties {
                    visit(&place.key(name), property);
                }
            }
            ("items" | "additionalProperties" | "not", part @ Value::Object(_)) => {
                visit(&place, part);
            }
            ("allOf" | "oneOf" | "anyOf", Value::Array(list)) => {
                for (at, part) in list.iter_mut().enumerate() {
                    visit(&place.item(at), part);
                }
            }
            _ => {}
        }
    }
}
