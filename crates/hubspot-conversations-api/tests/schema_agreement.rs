//! The Rust types and the document agree: the JSON Schema that schemars derives from a type accepts
//! and rejects the same instances as the document's schema of that name, and accepted instances
//! survive reading and writing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "schema_agreement/flaws.rs"]
mod flaws;
#[path = "schema_agreement/instances.rs"]
mod instances;
#[path = "schema_agreement/types.rs"]
mod types;

use jsonschema::Validator;
use serde_json::{Value, json};

fn document() -> Value {
    serde_json::from_str(include_str!("../../../openapi/conversations.json")).unwrap()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// The document's own schema of this name.
fn documented(document: &Value, name: &str) -> Validator {
    let mut components = document["components"].clone();
    spell_out_null(&mut components);
    drop_tag(&mut components["schemas"][name]);
    validator(&json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": components,
    }))
}

/// OpenAPI has `nullable`; in JSON Schema, null is a type.
fn spell_out_null(schema: &mut Value) {
    if schema.get("nullable") == Some(&json!(true)) {
        schema["type"] = json!([schema["type"], "null"]);
    }
    match schema {
        Value::Object(fields) => fields.values_mut().for_each(spell_out_null),
        Value::Array(items) => items.iter_mut().for_each(spell_out_null),
        _ => {}
    }
}

/// The type of a union's member has no tag: the union's type has it.
fn drop_tag(schema: &mut Value) {
    if schema["properties"]["type"]["enum"].is_array() {
        schema["properties"].as_object_mut().unwrap().remove("type");
        schema["required"].as_array_mut().unwrap().retain(|name| name != "type");
    }
}

#[test]
fn every_schema_of_the_document_has_its_type() {
    let document = document();
    let mut documented: Vec<_> =
        document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut tested: Vec<_> = types::all().into_iter().map(|ty| ty.name).collect();
    documented.sort_unstable();
    tested.sort_unstable();
    tested.dedup();
    assert_eq!(tested, documented);
}

#[test]
fn types_accept_and_reject_what_the_document_does() {
    let document = document();
    let mut accepted = 0;
    let mut rejected = 0;
    for ty in types::all() {
        let theirs = documented(&document, ty.name);
        let ours = validator(&ty.schema);
        for instance in instances::of(&document, ty.name) {
            let expected = theirs.is_valid(&instance);
            assert_eq!(
                ours.is_valid(&instance),
                expected,
                "{}: the document {} {instance}, its type does not:\n{:#}",
                ty.name,
                if expected { "accepts" } else { "rejects" },
                ty.schema,
            );
            if expected { accepted += 1 } else { rejected += 1 }
        }
    }
    assert!(accepted > 500 && rejected > 2000, "{accepted} accepted, {rejected} rejected");
}

#[test]
fn what_the_document_accepts_survives_being_read_and_written() {
    let document = document();
    for ty in types::all() {
        let theirs = documented(&document, ty.name);
        for instance in instances::of(&document, ty.name) {
            if theirs.is_valid(&instance) {
                let written = (ty.read_and_write)(&instance)
                    .unwrap_or_else(|error| panic!("{}: {instance}: {error}", ty.name));
                assert_eq!(written, instances::as_written(instance, &written), "{}", ty.name);
            }
        }
    }
}

/// Whether HubSpot sends this schema, and it is an object.
fn is_read(document: &Value, name: &str) -> bool {
    fn reaches(document: &Value, value: &Value, seen: &mut Vec<String>) {
        if let Some(name) =
            value.as_str().and_then(|text| text.strip_prefix("#/components/schemas/"))
            && !seen.iter().any(|seen| seen == name)
        {
            seen.push(name.to_owned());
            reaches(document, &document["components"]["schemas"][name], seen);
        }
        let parts = value.as_object().into_iter().flat_map(|fields| fields.values());
        parts
            .chain(value.as_array().into_iter().flatten())
            .for_each(|part| reaches(document, part, seen));
    }

    let mut seen = Vec::new();
    for operation in document["paths"].as_object().unwrap().values() {
        for operation in operation.as_object().unwrap().values() {
            reaches(document, &operation["responses"], &mut seen);
        }
    }
    let schema = &document["components"]["schemas"][name];
    seen.iter().any(|seen| seen == name)
        && (schema["properties"].is_object() || schema["oneOf"].is_array())
        && schema["properties"]["paging"].is_null()
}

#[test]
fn a_flaw_costs_the_field_it_is_in_and_is_told() {
    let document = document();
    let mut tried = 0;
    let types = types::all();
    let mut seen = Vec::new();
    for ty in types.iter().filter(|ty| is_read(&document, ty.name)) {
        // The first type of a name is the received one; the sent one is strict.
        if seen.contains(&ty.name) {
            continue;
        }
        seen.push(ty.name);
        for flawed in flaws::of(&document, ty.name) {
            tried += 1;
            let what = || format!("{} with {:?} at {:?}", ty.name, flawed.flaw, flawed.place);
            let (whole, _) = (ty.read_with_left_out)(&flawed.whole).unwrap();
            let (read, left_out) = match (ty.read_with_left_out)(&flawed.broken) {
                Ok(read) => read,
                Err(path) => {
                    assert_eq!((path.as_str(), flawed.path.as_str()), ("id", "id"), "{}", what());
                    continue;
                }
            };

            let within = |path: &String| {
                *path == flawed.path || path.starts_with(&format!("{}.", flawed.path))
            };
            assert!(left_out.iter().all(within), "{}: {left_out:?}", what());

            let rest = |value: &Value| {
                let mut rest = value.clone();
                flaws::remove(&mut rest, &flawed.place);
                flaws::essence(rest)
            };
            let mut read_there = read.clone();
            let there = flaws::at(&mut read_there, &flawed.place).cloned();
            // An object with unknown fields is kept as an empty one.
            let is_kept =
                there.is_some_and(|there| there.is_object() || !flaws::says_nothing(&there));
            // If an element is left out, the next one takes its index; each list has one element.
            assert_eq!(rest(&read), rest(&whole), "{}: {read}", what());
            let says_something =
                flawed.flaw.as_ref().is_some_and(|flaw| !flaws::says_nothing(flaw));
            assert!(is_kept || !says_something || !left_out.is_empty(), "{}: in silence", what());
        }
    }
    assert!(tried > 3000, "{tried}");
}
