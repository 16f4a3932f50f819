//! Unused schemas.

use std::collections::HashSet;

use serde_json::Value;

use super::json_path::JsonPath;
use super::references;
use super::report::Log;
use super::walk;

/// Drops schemas that no operation leads to, such as those of errors: code for nobody.
pub(super) fn schemas(document: &mut Value, log: &mut Log<'_>) {
    let mut used: HashSet<String> = HashSet::new();
    let mut open: Vec<String> = Vec::new();
    walk::roots_of_operations(document, &mut |place, schema| {
        walk::deep(place, schema, &mut |_, part| open.extend(target(part)));
    });
    let Some(schemas) = walk::named(document) else { return };
    while let Some(name) = open.pop() {
        if used.contains(&name) {
            continue;
        }
        if let Some(schema) = schemas.get_mut(&name) {
            walk::deep(&JsonPath::Root, schema, &mut |_, part| open.extend(target(part)));
        }
        used.insert(name);
    }
    schemas.retain(|name, _| {
        let is_used = used.contains(name);
        if !is_used {
            log.fixed();
        }
        is_used
    });
}

fn target(schema: &Value) -> Option<String> {
    references::name(schema.get("$ref")?.as_str()?).map(str::to_owned)
}
