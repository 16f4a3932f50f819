//! Updates.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::json_path::JsonPath;
use super::references;
use super::report::Log;
use super::walk;

/// Marks what PATCH and PUT are sent: there a list that is left out and one that is empty are not the
/// same.
pub(super) fn marked(document: &mut Value, log: &mut Log<'_>) {
    let mut open: Vec<String> = Vec::new();
    walk::operations(document, &mut |place, operation| {
        if matches!(place, JsonPath::Key(_, "patch" | "put")) {
            let body = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
            for content in
                body.and_then(Value::as_object_mut).into_iter().flat_map(|it| it.values_mut())
            {
                if let Some(schema) = content.get_mut("schema") {
                    walk::deep(place, schema, &mut |_, part| open.extend(target(part)));
                }
            }
        }
    });
    let Some(schemas) = walk::named(document) else { return };
    let mut seen = HashSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let Some(schema) = schemas.get_mut(&name) else { continue };
        walk::deep(&JsonPath::Root, schema, &mut |_, part| open.extend(target(part)));
        if schema.get("properties").is_some() && schema["x-update"] != true {
            schema["x-update"] = json!(true);
            log.fixed();
        }
    }
}

fn target(schema: &Value) -> Option<String> {
    references::name(schema.get("$ref")?.as_str()?).map(str::to_owned)
}
