//! Each defect that a fix-up fixes, in a small invented document, and properties of all documents.

#![allow(clippy::needless_pass_by_value, reason = "JSON is written where it is handed over")]

mod any_document;
mod large;
mod operations;
mod parameters;
mod schemas;
mod unions;

use std::collections::HashSet;

use serde_json::{Value, json};

use super::report::Report;
use super::{FIXUPS, normalize};
use crate::document::Document;
use crate::generate;

/// A document with a defect, and what is there after it has been fixed.
struct Case {
    fixup: &'static str,
    document: Value,
    shows: Vec<(&'static str, Value)>,
}

fn case<const N: usize>(
    fixup: &'static str,
    document: Value,
    shows: [(&'static str, Value); N],
) -> Case {
    Case { fixup, document, shows: shows.into() }
}

/// What is at a place where nothing is.
const NOTHING: Value = Value::Null;

/// A document with these paths and schemas.
fn document(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.0.1",
        "info": { "title": "Things", "version": "v3" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// A document with an operation that answers an object with a field for each schema.
fn schemas(schemas: Value) -> Value {
    let mut whole = schemas;
    let names: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
    whole["Everything"] = json!({ "type": "object", "properties": {} });
    for (at, name) in names.iter().enumerate() {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        whole["Everything"]["properties"][format!("field{at}")] =
            json!({ "$ref": format!("#/components/schemas/{escaped}") });
    }
    document(json!({ "/things": { "get": operation("Everything") } }), whole)
}

/// A document with one schema as the field `it` of the object that an operation answers.
fn field(schema: Value) -> Value {
    schemas(json!({ "Thing": { "type": "object", "properties": {
        "it": schema, "other": { "type": "string" },
    } } }))
}

/// Where that field is.
const FIELD: &str = "/components/schemas/Thing/properties/it";

/// An operation that answers a named schema.
fn operation(answers: &str) -> Value {
    json!({ "operationId": "read_things", "responses": { "200": {
        "description": "", "content": { "application/json": {
            "schema": { "$ref": format!("#/components/schemas/{answers}") },
        } },
    } } })
}

fn normalized(document: &Value) -> (Value, Report) {
    normalize(document.to_string().as_bytes()).unwrap()
}

/// Asserts that a second time changes nothing, and that code can be generated.
fn assert_settled(document: &Value) {
    let (again, report) = normalized(document);
    assert_eq!(again, *document, "normalizing again changes nothing");
    assert_eq!(report.applied(), [""; 0], "normalizing again needs no fix-up");
    if Document(document.clone()).operations().next().is_some() {
        generate::package_from(document.clone()).unwrap();
    }
}

fn cases() -> Vec<Case> {
    [operations::cases(), parameters::cases(), schemas::cases(), unions::cases()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn each_defect_is_mended_and_stays_so() {
    let mut wrong = Vec::new();
    for Case { fixup, document, shows } in cases() {
        let (fixed, report) = normalized(&document);
        if report.count(fixup) == 0 {
            wrong.push(format!("{fixup} applies to {document}\n{report}"));
        }
        for (pointer, wanted) in shows {
            let found = fixed.pointer(pointer).unwrap_or(&NOTHING);
            if *found != wanted {
                wrong.push(format!(
                    "{fixup} gives at {pointer}\n{found}, not\n{wanted}, in\n{fixed}\n{report}"
                ));
            }
        }
        assert_settled(&fixed);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn each_fixup_has_its_defect_here() {
    let shown: HashSet<_> = cases().iter().map(|case| case.fixup).collect();
    let missing: Vec<_> =
        FIXUPS.iter().map(|fixup| fixup.name).filter(|name| !shown.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn fixups_have_different_names() {
    let names: HashSet<_> = FIXUPS.iter().map(|fixup| fixup.name).collect();
    assert_eq!(names.len(), FIXUPS.len());
}

#[test]
fn what_is_lost_is_told_with_its_place() {
    let (_, report) = normalized(&field(json!({ "oneOf": [{ "type": "string" }, {}] })));
    let line = "/components/schemas/ThingIt: taken as any JSON, nothing tells its members apart \
                [untold-unions]";
    assert_eq!(report.lines(), [line]);
}

#[test]
fn our_own_document_needs_little() {
    let own = crate::own::document().0;
    let (mut fixed, report) = normalized(&own);
    assert_settled(&fixed);
    for schema in fixed["components"]["schemas"].as_object_mut().unwrap().values_mut() {
        schema.as_object_mut().unwrap().shift_remove("x-update");
    }
    assert!(fixed["components"]["schemas"] == own["components"]["schemas"], "{report}");
}
