//! Names for what needs none.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::json_path::JsonPath;
use super::links::reference;
use super::objects::BARE;
use super::references;
use super::report::Log;
use super::schema_types::any;
use super::walk;
use crate::document::referenced;
use crate::graph::Graph;

/// How deep arrays and maps may be nested in each other by names.
const DEPTH: usize = 24;

/// Puts scalars, arrays and maps where their names are used. typify makes a wrapper of each name,
/// which then stands in the way; only objects, enums, unions and ids are worth a name.
///
/// An array that holds itself by name has no end that way: it holds any JSON.
pub(super) fn inlined(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    for schema in schemas.values_mut().filter(|schema| schema.get(BARE).is_some()) {
        any(schema);
        if let Some(schema) = schema.as_object_mut() {
            schema.shift_remove(BARE);
        }
    }
    let is_alias = |schema: &Value| {
        let has_fields = schema["type"] == "object" && schema.get("properties").is_some();
        !has_fields
            && schema.get("enum").is_none()
            && schema.get("oneOf").is_none()
            && schema["x-id"] != true
    };
    let graph = Graph::new(schemas, |_, schema| {
        if is_alias(schema) { held(schema).into_iter().collect() } else { Vec::new() }
    });
    let order: Vec<(String, bool)> =
        graph.order().map(|name| (name.to_owned(), graph.in_cycle(name, name))).collect();
    let mut meant: HashMap<String, Value> = HashMap::new();
    let root = JsonPath::Root;
    let components = root.key("components");
    let place = components.key("schemas");
    for (name, holds_itself) in order {
        if !is_alias(&schemas[&name]) {
            continue;
        }
        let mut schema = schemas[&name].clone();
        if holds_itself {
            log.reported(&place.key(&name), "taken as any JSON, it holds itself");
            schema = json!({});
        }
        walk::deep(&JsonPath::Root, &mut schema, &mut |_, part| replace(part, &meant));
        if depth(&schema) > DEPTH {
            log.reported(&place.key(&name), "taken as any JSON, it is nested too deeply");
            schema = json!({});
        }
        meant.insert(name, schema);
    }
    for name in meant.keys() {
        log.fixed();
        schemas.shift_remove(name);
    }
    if !meant.is_empty() {
        walk::schemas(document, &mut |_, schema| replace(schema, &meant));
    }
}

/// The name that an alias refers to, or whose values it holds.
fn held(schema: &Value) -> Option<&str> {
    let mut schema = schema;
    loop {
        if let Some(name) = referenced(schema) {
            return Some(name);
        }
        schema = schema.get("items").or_else(|| schema.get("additionalProperties"))?;
    }
}

/// Puts the meaning of an alias in the place of a reference to it, with what is said of the place.
/// A reference in an `allOf` has been replaced by then, and its place is left.
fn replace(schema: &mut Value, meant: &HashMap<String, Value>) {
    let replaced = match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) if reference(only).is_none() => Some(only),
        Some(_) => None,
        None => reference(schema).and_then(|name| meant.get(name)),
    };
    let Some(mut new) = replaced.cloned() else { return };
    let old = schema.as_object().into_iter().flatten();
    let said: Vec<_> = old.filter(|(key, _)| !["$ref", "allOf"].contains(&key.as_str())).collect();
    if reference(&new).is_some() && !said.is_empty() {
        new = json!({ "allOf": [new] });
    }
    for (key, value) in said {
        new[key] = value.clone();
    }
    // A reference of which nothing is said stands alone.
    if let (1, Some(name)) = (new.as_object().map_or(0, Map::len), referenced(&new)) {
        new = references::to(name);
    }
    *schema = new;
}

fn depth(schema: &Value) -> usize {
    let mut depth = 0;
    let mut schema = Some(schema);
    while let Some(inner) = schema {
        depth += 1;
        schema = inner.get("items").or_else(|| inner.get("additionalProperties"));
    }
    depth
}
