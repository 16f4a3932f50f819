//! What is read and what is sent: a type that is both becomes two.
//!
//! HubSpot sends more and less than it documents, so that what is read is lenient. What is sent is held to
//! the document. One type could not be both.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::document::{Document, Kind, Schema, entries};

/// How a schema's type is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// HubSpot sends it: whatever is wrong with a field costs that field.
    Read,
    /// HubSpot is sent it: it is what the document says.
    Sent,
}

/// Where a schema's form is written down for the steps that follow.
const MARK: &str = "x-form";

impl Form {
    pub(super) fn of(schema: Schema<'_>) -> Self {
        if schema.value[MARK] == "sent" { Self::Sent } else { Self::Read }
    }

    /// Whether there is no value without the field. Of what is read, only what identifies it is needed.
    pub(super) fn needs(schema: Schema<'_>, property: &str) -> bool {
        schema.requires(property) && (Self::of(schema) == Self::Sent || property == "id")
    }
}

/// The document with a schema of its own for each form. What is sent of `X` is called `NewX`, as
/// HubSpot's documents have it in places, and numbered if that name is in use.
pub(super) fn split(document: &Document) -> Document {
    let mut read = HashSet::new();
    let mut sent = HashSet::new();
    for operation in document.operations() {
        for (key, part) in entries(operation.value) {
            collect(part, if key == "responses" { &mut read } else { &mut sent });
        }
    }
    for (_, item) in entries(&document.0["paths"]) {
        collect(&item["parameters"], &mut sent);
    }
    for (key, part) in entries(&document.0["components"]) {
        match key {
            "schemas" => {}
            "responses" | "headers" => collect(part, &mut read),
            _ => collect(part, &mut sent),
        }
    }
    close(document, &mut read);
    close(document, &mut sent);

    let new_names = names(document, |name| read.contains(name) && sent.contains(name));
    let mut split = document.clone();
    if let Some(schemas) = split.0["components"]["schemas"].as_object_mut() {
        *schemas = forms(schemas, &sent, &read, &new_names);
    }
    rename_sent(&mut split, &new_names);
    split
}

/// Adds the names of the schemas that are referred to.
fn collect(value: &Value, names: &mut HashSet<String>) {
    match value {
        Value::String(text) => names.extend(name(text).map(str::to_owned)),
        Value::Array(list) => list.iter().for_each(|value| collect(value, names)),
        Value::Object(object) => object.values().for_each(|value| collect(value, names)),
        _ => {}
    }
}

/// Adds what the named schemas refer to.
fn close(document: &Document, names: &mut HashSet<String>) {
    let mut open: Vec<String> = names.iter().cloned().collect();
    while let Some(next) = open.pop() {
        let mut found = HashSet::new();
        document.schema(&next).into_iter().for_each(|schema| collect(schema.value, &mut found));
        open.extend(found.into_iter().filter(|name| names.insert(name.clone())));
    }
}

/// The names of what is sent of the schemas that are also read. Ids and enums are the same in both.
fn names(document: &Document, is_both: impl Fn(&str) -> bool) -> HashMap<String, String> {
    let mut new_names: HashMap<String, String> = HashMap::new();
    for schema in document.schemas() {
        if matches!(schema.kind(), Kind::Id | Kind::Enum) || !is_both(schema.name) {
            continue;
        }
        let numbered = (1..).map(|number| match number {
            1 => format!("New{}", schema.name),
            _ => format!("New{}{number}", schema.name),
        });
        let is_free = |name: &String| {
            document.schema(name).is_none() && new_names.values().all(|other| other != name)
        };
        let free = numbered.into_iter().find(is_free).unwrap_or_default();
        new_names.insert(schema.name.to_owned(), free);
    }
    new_names
}

/// The schemas with their forms, those of both forms twice.
fn forms(
    schemas: &Map<String, Value>,
    sent: &HashSet<String>,
    read: &HashSet<String>,
    new_names: &HashMap<String, String>,
) -> Map<String, Value> {
    let mut all = Map::new();
    for (name, schema) in schemas {
        let mut schema = schema.clone();
        let mut sent_form = schema.clone();
        if sent.contains(name) {
            rename(&mut sent_form, new_names);
            sent_form[MARK] = json!("sent");
        }
        if sent.contains(name) && !read.contains(name) {
            schema = sent_form;
        } else if let Some(new) = new_names.get(name) {
            all.insert(new.clone(), sent_form);
        }
        all.insert(name.clone(), schema);
    }
    all
}

/// Lets what is sent by operations refer to its own form.
fn rename_sent(document: &mut Document, new_names: &HashMap<String, String>) {
    let items = document.0["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    let parts = items.flat_map(|item| item.as_object_mut().into_iter().flatten());
    for (_, part) in parts {
        match part {
            Value::Object(operation) => {
                let sent = operation.iter_mut().filter(|(key, _)| *key != "responses");
                sent.for_each(|(_, part)| rename(part, new_names));
            }
            parameters => rename(parameters, new_names),
        }
    }
    let components = document.0["components"].as_object_mut().into_iter().flatten();
    for (key, part) in components {
        if !["schemas", "responses", "headers"].contains(&key.as_str()) {
            rename(part, new_names);
        }
    }
}

/// Renames the schemas that are referred to.
fn rename(value: &mut Value, new_names: &HashMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(new) = name(text).and_then(|name| new_names.get(name)) {
                *text = format!("{SCHEMAS}{new}");
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| rename(value, new_names)),
        Value::Object(object) => object.values_mut().for_each(|value| rename(value, new_names)),
        _ => {}
    }
}

const SCHEMAS: &str = "#/components/schemas/";

fn name(reference: &str) -> Option<&str> {
    reference.strip_prefix(SCHEMAS)
}
