//! `allOf`: what a schema has from others.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::json_path::JsonPath;
use super::links::{members, parents, reference};
use super::objects::BARE;
use super::references;
use super::report::Log;
use super::schema_types::any;
use super::walk;
use crate::document::{entries, referenced};
use crate::graph::Graph;

/// Lists the members of a base class in a `oneOf`. A base class with a discriminator and heirs means
/// any of them, but typify reads only the base's own fields.
pub(super) fn implicit_unions(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    let mut unions = Vec::new();
    for (name, schema) in schemas.iter().filter(|(_, schema)| schema.get("oneOf").is_none()) {
        let mut heirs: Vec<String> = Vec::new();
        for (_, target) in entries(&schema["discriminator"]["mapping"]) {
            heirs.extend(target.as_str().and_then(references::name).map(str::to_owned));
        }
        let inherits = |heir: &String| {
            schemas.get(heir).is_some_and(|it| parents(it).contains(&name.as_str()))
        };
        if !heirs.is_empty() && heirs.iter().all(inherits) {
            let mut seen = HashSet::new();
            heirs.retain(|heir| seen.insert(heir.clone()));
            unions.push((name.clone(), heirs));
        }
    }
    for (name, heirs) in unions {
        let list: Vec<_> = heirs.iter().map(|heir| references::to(heir)).collect();
        schemas[&name]["oneOf"] = json!(list);
        log.fixed();
    }
}

/// Ends cycles of inheritance. Where a child is `allOf` its parent and the parent is `oneOf` its
/// children, at any depth, progenitor follows them until the stack is used up, which ends the
/// process; so the cycle is found without trying. The child keeps the parent's own fields.
pub(super) fn circular(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    let graph = Graph::new(schemas, |_, schema| {
        let mut parts = parents(schema);
        parts.extend(members(schema));
        parts
    });
    let mut ended = Vec::new();
    for (name, schema) in &*schemas {
        if parents(schema).iter().any(|parent| graph.in_cycle(name, parent)) {
            let mut seen = HashSet::from([name.as_str()]);
            let parts = bases(name, schema, schemas, &graph, &mut seen, log);
            ended.push((name.clone(), parts));
        }
    }
    for (name, parts) in ended {
        let Some(schema) = schemas[&name].as_object_mut() else { continue };
        // Where none is left, the merging sees to what stands beside it.
        schema["allOf"] = Value::Array(parts);
    }
}

/// The parts of a schema's `allOf`, with parents that lead back to it replaced by their own fields.
fn bases<'a>(
    name: &'a str,
    schema: &'a Value,
    schemas: &'a Map<String, Value>,
    graph: &Graph<'_>,
    seen: &mut HashSet<&'a str>,
    log: &mut Log<'_>,
) -> Vec<Value> {
    let mut parts = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        match reference(part) {
            Some(parent) if graph.in_cycle(name, parent) => {
                log.fixed();
                let Some(parent_schema) = schemas.get(parent).filter(|_| seen.insert(parent))
                else {
                    continue;
                };
                parts.extend(bases(parent, parent_schema, schemas, graph, seen, log));
                parts.extend(own_fields(parent_schema));
            }
            Some(_) => parts.push(part.clone()),
            None if part.get("allOf").is_some() => {
                parts.extend(bases(name, part, schemas, graph, seen, log));
                parts.extend(own_fields(part));
            }
            None => parts.push(part.clone()),
        }
    }
    parts
}

fn own_fields(schema: &Value) -> Option<Value> {
    let fields: Map<String, Value> = entries(schema)
        .filter(|(key, _)| ["type", "properties", "required"].contains(key))
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect();
    fields.contains_key("properties").then_some(Value::Object(fields))
}

/// Makes one object of an `allOf`: a child has its parent's fields and its own, its own before the
/// parent's where both have one. typify merges too, but by trying, and not all that HubSpot writes.
pub(super) fn merged(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    let graph = Graph::new(schemas, |_, schema| parents(schema));
    let order: Vec<String> = graph.order().map(str::to_owned).collect();
    let root = JsonPath::Root;
    let components = root.key("components");
    let place = components.key("schemas");
    for name in order {
        let schema = &schemas[&name];
        if schema.get("allOf").is_none() || is_reference(schema) {
            continue;
        }
        let mut parts = Vec::new();
        flatten(schema, &mut parts);
        let place = place.key(&name);
        schemas[&name] = merge(&place, schema, parts, schemas, log);
    }
}

/// Whether it is an `allOf` of one reference, with nothing that would change what it refers to.
fn is_reference(schema: &Value) -> bool {
    let adds = ["properties", "required", "additionalProperties", "oneOf", "enum", "type"];
    referenced(schema).is_some() && adds.iter().all(|key| schema.get(key).is_none())
}

/// The references and inline parts of an `allOf`, in order, what stands beside it last.
fn flatten<'a>(schema: &'a Value, parts: &mut Vec<&'a Value>) {
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if part.get("allOf").is_some() {
            flatten(part, parts);
        } else {
            parts.push(part);
        }
    }
    parts.push(schema);
}

fn merge(
    place: &JsonPath<'_>,
    schema: &Value,
    parts: Vec<&Value>,
    schemas: &Map<String, Value>,
    log: &mut Log<'_>,
) -> Value {
    let mut whole = schema.clone();
    let Some(object) = whole.as_object_mut() else { return whole };
    object.shift_remove("allOf");
    log.fixed();

    let meant: Vec<_> = parts
        .into_iter()
        .filter(|part| says_something(part))
        .map(|part| (reference(part), target(part, schemas)))
        .collect();
    // One thing, said once or more often, is that thing.
    if let Some((first, others)) = meant.split_first()
        && let (Some(name), _) = first
        && others.iter().all(|(other, _)| *other == Some(*name))
    {
        object.retain(|key, _| key == "description" || key.starts_with("x-"));
        object.insert("allOf".to_owned(), json!([references::to(name)]));
        return whole;
    }
    let is_object = |part: &Value| {
        let other = ["items", "enum", "additionalProperties"];
        part.get("type").is_none_or(|name| name == "object")
            && other.iter().all(|key| part.get(key).is_none())
    };
    if let [(None, only)] = meant[..]
        && !is_object(only)
    {
        let kept = entries(only).filter(|(key, _)| *key != "allOf");
        for (key, value) in kept {
            object.insert(key.to_owned(), value.clone());
        }
        return whole;
    }
    let is_union = |part: &Value| part.get("oneOf").is_some() && !std::ptr::eq(part, schema);
    if meant.iter().any(|(_, part)| is_union(part) || !is_object(part)) {
        log.reported(place, "taken as any JSON, it is a union or a scalar and something else");
        any(&mut whole);
        return whole;
    }

    let mut fields = Map::new();
    let mut required: Vec<Value> = Vec::new();
    for (_, part) in meant {
        for (name, field) in entries(&part["properties"]) {
            fields.insert(name.to_owned(), field.clone());
        }
        required.extend(part["required"].as_array().into_iter().flatten().cloned());
    }
    if fields.is_empty() && object.contains_key("oneOf") {
        return whole;
    }
    if fields.is_empty() {
        object.insert(BARE.to_owned(), json!(true));
    }
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), Value::Object(fields));
    if !required.is_empty() {
        let mut seen = HashSet::new();
        required.retain(|name| name.as_str().is_some_and(|name| seen.insert(name.to_owned())));
        object.insert("required".to_owned(), Value::Array(required));
    }
    whole
}

/// Whether a part says more than prose.
fn says_something(part: &Value) -> bool {
    let says = ["$ref", "properties", "required", "oneOf", "enum", "items", "additionalProperties"];
    says.iter().any(|key| part.get(key).is_some())
        || part.get("type").is_some_and(|name| name != "object")
}

/// What a part refers to, through other references, or itself.
fn target<'a>(part: &'a Value, schemas: &'a Map<String, Value>) -> &'a Value {
    let mut part = part;
    for _ in 0..32 {
        let name = reference(part).or_else(|| referenced(part).filter(|_| is_reference(part)));
        match name.and_then(|name| schemas.get(name)) {
            Some(target) => part = target,
            None => break,
        }
    }
    part
}
