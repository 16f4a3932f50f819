//! The Rust types and the document say the same: the JSON Schema that schemars derives from a type
//! accepts and rejects what the document's schema of that name accepts and rejects, and what the
//! document accepts survives being read and written.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

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

/// `nullable` is OpenAPI's word; to JSON Schema, null is a type.
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

/// The type of a union's member has no tag: that of the union has it.
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
