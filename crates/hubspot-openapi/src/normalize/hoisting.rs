//! Names inline types.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::links::reference;
use super::names::{Names, joined, shape};
use super::references;
use super::report::Log;
use super::walk;
use crate::document::{entries, referenced};

/// Names inline objects, unions and compositions, those of the same shape once: typify makes a type
/// of each place, so that the same message in a list and alone would be two types.
pub(super) fn types(document: &mut Value, log: &mut Log<'_>) {
    let is_type = |schema: &Value, _: &Owner<'_>| {
        let is_composed = schema.get("allOf").is_some() && referenced(schema).is_none();
        let has_fields = schema["properties"].as_object().is_some_and(|fields| !fields.is_empty());
        has_fields || is_composed || schema.get("oneOf").is_some()
    };
    hoist(document, &is_type, log);
}

/// Names inline enums in the same way. The tag of a union's member stays where it is: the union
/// reads and writes it.
pub(super) fn enums(document: &mut Value, log: &mut Log<'_>) {
    let mut tags = HashSet::new();
    for (_, schema) in entries(&document["components"]["schemas"]) {
        let discriminator = &schema["discriminator"];
        let tag = discriminator["propertyName"].as_str().unwrap_or_default();
        for (_, member) in entries(&discriminator["mapping"]) {
            if let Some(member) = member.as_str().and_then(references::name) {
                tags.insert((member.to_owned(), tag.to_owned()));
            }
        }
    }
    let is_enum = |schema: &Value, owner: &Owner<'_>| {
        let is_tag = owner
            .field
            .is_some_and(|field| tags.contains(&(owner.name.to_owned(), field.to_owned())));
        schema.get("enum").is_some() && !is_tag
    };
    hoist(document, &is_enum, log);
}

/// Who has the schema.
struct Owner<'a> {
    name: &'a str,
    /// The field of a named schema that it is, if it is one.
    field: Option<&'a str>,
}

/// What is hoisted, and to where.
struct Hoist<'a, 'l> {
    goes: &'a dyn Fn(&Value, &Owner<'_>) -> bool,
    names: Names,
    by_shape: HashMap<String, String>,
    hoisted: Map<String, Value>,
    log: &'a mut Log<'l>,
}

fn hoist(document: &mut Value, goes: &dyn Fn(&Value, &Owner<'_>) -> bool, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    let mut schemas = std::mem::take(schemas);
    let nobody = Owner { name: "", field: None };
    let mut by_shape = HashMap::new();
    for (name, schema) in schemas.iter().filter(|(_, schema)| goes(schema, &nobody)) {
        by_shape.entry(shape(schema).to_string()).or_insert_with(|| name.clone());
    }
    let names = Names::of(&schemas);
    let mut hoist = Hoist { goes, names, by_shape, hoisted: Map::new(), log };

    for (name, schema) in &mut schemas {
        hoist.parts(schema, name, true);
    }
    walk::operations(document, &mut |_, operation| hoist.of_operation(operation));
    schemas.append(&mut hoist.hoisted);
    if let Some(place) = walk::named(document) {
        *place = schemas;
    }
}

impl Hoist<'_, '_> {
    fn of_operation(&mut self, operation: &mut Map<String, Value>) {
        let id =
            operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let name = joined(&[parameter["name"].as_str().unwrap_or_default()]);
            if let Some(schema) = parameter.get_mut("schema") {
                self.value(schema, &Owner { name: &name, field: None });
            }
        }
        if let Some(body) = operation.get_mut("requestBody") {
            self.contents(body, &joined(&[&id, "body"]));
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for response in responses.into_iter().flat_map(Map::values_mut) {
            self.contents(response, &joined(&[&id, "response"]));
        }
    }

    fn contents(&mut self, holder: &mut Value, name: &str) {
        let contents = holder.get_mut("content").and_then(Value::as_object_mut);
        for content in contents.into_iter().flat_map(Map::values_mut) {
            if let Some(schema) = content.get_mut("schema") {
                self.value(schema, &Owner { name, field: None });
            }
        }
    }

    /// Hoists what is in a schema. That of a named one has its name from it.
    fn parts(&mut self, schema: &mut Value, name: &str, is_named: bool) {
        let Some(object) = schema.as_object_mut() else { return };
        for (key, value) in object {
            match (key.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    for (field, property) in properties {
                        let wish = joined(&[name, field]);
                        if is_named && (self.goes)(property, &Owner { name, field: Some(field) }) {
                            self.value(property, &Owner { name: &wish, field: None });
                        } else {
                            self.parts(property, &wish, false);
                        }
                    }
                }
                ("items", item) => {
                    let wish = joined(&[name, "item"]);
                    self.value(item, &Owner { name: &wish, field: None });
                }
                ("additionalProperties", value @ Value::Object(_)) => {
                    let wish = joined(&[name, "value"]);
                    self.value(value, &Owner { name: &wish, field: None });
                }
                ("allOf", Value::Array(parts)) => {
                    for part in parts {
                        // Its fields become those of the whole.
                        if part.get("oneOf").is_some() {
                            self.value(
                                part,
                                &Owner { name: &joined(&[name, "base"]), field: None },
                            );
                        } else {
                            self.parts(part, name, is_named);
                        }
                    }
                }
                ("oneOf", Value::Array(members)) => {
                    for (at, member) in members.iter_mut().enumerate() {
                        let word = tag(member).unwrap_or_else(|| format!("member{}", at + 1));
                        let wish = joined(&[name, &word]);
                        self.value(member, &Owner { name: &wish, field: None });
                    }
                }
                _ => {}
            }
        }
    }

    /// Hoists a schema that has no name, or what is in it.
    fn value(&mut self, schema: &mut Value, owner: &Owner<'_>) {
        if !(self.goes)(schema, owner) {
            self.parts(schema, owner.name, false);
            return;
        }
        let shape = shape(schema).to_string();
        let name = if let Some(name) = self.by_shape.get(&shape) {
            name.clone()
        } else {
            let name = self.names.free(owner.name);
            self.by_shape.insert(shape, name.clone());
            let mut named = schema.clone();
            for key in ["nullable", "x-rust-name"] {
                named.as_object_mut().and_then(|named| named.shift_remove(key));
            }
            self.parts(&mut named, &name, true);
            self.hoisted.insert(name.clone(), named);
            name
        };
        *schema = referring(schema, &name);
        self.log.fixed();
    }
}

/// A reference with what was said of the place.
fn referring(schema: &Value, name: &str) -> Value {
    let stays = ["description", "nullable", "x-rust-name"];
    let mut kept: Map<String, Value> = entries(schema)
        .filter(|(key, value)| stays.contains(key) && **value != "")
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect();
    if kept.is_empty() {
        return references::to(name);
    }
    kept.insert("allOf".to_owned(), json!([references::to(name)]));
    Value::Object(kept)
}

/// The one value that a field of a union's member has.
fn tag(member: &Value) -> Option<String> {
    if reference(member).is_some() {
        return None;
    }
    let mut tags = entries(&member["properties"]).filter_map(|(_, field)| {
        match field["enum"].as_array().map(Vec::as_slice) {
            Some([Value::String(tag)]) => Some(tag.clone()),
            _ => None,
        }
    });
    tags.next()
}
