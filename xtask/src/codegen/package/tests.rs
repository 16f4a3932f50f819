//! What `codegen --spec` promises.

#![allow(clippy::needless_pass_by_value, reason = "JSON is written where it is handed over")]

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{package, package_name, write};
use crate::codegen::Files;
use crate::document::Document;
use crate::spec::normalize::normalize;

/// The files of the crate that a document with these schemas gives. An operation answers each.
fn files(schemas: Value) -> Files {
    let (document, _) = normalize(of(&schemas).to_string().as_bytes()).unwrap();
    let package = package(Document(document), "garden.json").unwrap();
    let generated = package.generated.into_iter();
    let generated = generated.map(|(name, text)| (format!("src/generated/{name}"), text));
    package.files.into_iter().chain(generated).collect()
}

fn of(schemas: &Value) -> Value {
    let mut paths = json!({});
    for name in schemas.as_object().unwrap().keys() {
        paths[format!("/{name}")] = json!({ "get": { "responses": { "200": { "content": {
            "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } },
        } } } } });
    }
    json!({
        "openapi": "3.0.1",
        "info": { "title": "HubSpot Garden: Beds", "version": "v3" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn tagged(property: &str, tag: &str) -> Value {
    json!({ "type": "object", "required": [property], "properties": {
        property: { "type": "string", "enum": [tag] }, "name": { "type": "string" },
    } })
}

/// A file with its spaces as one, so that layout is no matter.
fn text(files: &Files, name: &str) -> String {
    files[name].split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_crate_is_written_and_written_again() {
    let temporary = TempDir::new().unwrap();
    let spec = temporary.path().join("garden.json");
    fs::write(&spec, of(&json!({ "Bed": tagged("type", "BED") })).to_string()).unwrap();
    let out = temporary.path().join("new/crate");
    write(&spec, &out).unwrap();
    let written = fs::read_to_string(out.join("src/generated/types.rs")).unwrap();
    assert!(written.contains("pub struct Bed {"), "{written}");

    fs::write(out.join("src/generated/left.rs"), "").unwrap();
    write(&spec, &out).unwrap();
    assert!(!out.join("src/generated/left.rs").exists(), "what is left over is removed");
}

#[test]
fn what_somebody_else_wrote_is_left_alone() {
    let temporary = TempDir::new().unwrap();
    let spec = temporary.path().join("garden.json");
    fs::write(&spec, of(&json!({ "Bed": tagged("type", "BED") })).to_string()).unwrap();
    let error = write(&spec, temporary.path()).unwrap_err().to_string();
    let end = "holds something that this command did not write: name a folder that is empty or new";
    assert!(error.ends_with(end), "{error}");
    assert!(write(&spec, &spec).unwrap_err().to_string().ends_with(end), "a file is no folder");
    assert!(!temporary.path().join("Cargo.toml").exists(), "nothing is written");
}

#[test]
fn a_document_without_operations_is_refused() {
    let error = package(Document(json!({ "openapi": "3.0.1", "paths": {} })), "empty.json");
    let error = error.err().unwrap().to_string();
    assert_eq!(error, "empty.json has no operation that a crate could be generated from");
}

#[test]
fn the_manifest_has_the_versions_of_the_workspace() {
    let manifest = &files(json!({ "Bed": tagged("type", "BED") }))["Cargo.toml"];
    assert!(manifest.contains("name = \"hubspot-garden-beds\"\n"), "{manifest}");
    for dependency in ["chrono", "progenitor-client", "reqwest", "schemars", "serde", "serde_json"]
    {
        let has = manifest.lines().any(|line| line.starts_with(&format!("{dependency} = ")));
        assert!(has, "{dependency} in {manifest}");
    }
    assert!(manifest.contains("\n[workspace]\n"), "it is in no other workspace: {manifest}");
}

#[test]
fn names_of_packages_are_plain() {
    assert_eq!(package_name("CRM Objects & Ärzte"), "hubspot-crm-objects-rzte");
    assert_eq!(package_name(""), "hubspot");
    assert_eq!(package_name("HubSpot"), "hubspot");
}

#[test]
fn unions_hold_the_tag_of_members_that_are_used_nowhere_else() {
    let mut document = of(&json!({ "Toy": { "oneOf": [to("Ball"), to("Kite")] } }));
    document["components"]["schemas"]["Ball"] = tagged("kind", "BALL");
    document["components"]["schemas"]["Kite"] = tagged("kind", "KITE");
    let (document, _) = normalize(document.to_string().as_bytes()).unwrap();
    let files = package(Document(document), "garden.json").unwrap().generated;
    let unions = text(&files, "unions.rs");
    let wanted = "Toy by \"kind\" { Ball(Ball) = \"BALL\", Kite(Kite) = \"KITE\", }";
    assert!(unions.contains(wanted), "{unions}");
    assert!(!text(&files, "types.rs").contains("pub kind:"), "the members do not have it");
}

#[test]
fn members_that_are_used_alone_or_have_several_tags_keep_them() {
    let files = files(json!({
        "Ball": tagged("type", "BALL"),
        "Toy": { "oneOf": [to("Ball"), to("Kite")] },
        "Kite": { "type": "object", "properties": {
            "type": { "type": "string", "enum": ["KITE", "DRAGON"] },
        } },
    }));
    let unions = text(&files, "src/generated/unions.rs");
    let wanted =
        "Toy keeps \"type\" { Ball(Ball) = \"BALL\", Kite(Kite) = \"KITE\" | \"DRAGON\", }";
    assert!(unions.contains(wanted), "{unions}");
    let types = text(&files, "src/generated/types.rs");
    assert!(types.contains("pub type_: String"), "{types}");
}

#[test]
fn what_holds_itself_through_a_union_is_boxed() {
    let types = text(
        &files(json!({
            "Branch": { "oneOf": [to("And"), to("Leaf")] },
            "And": { "type": "object", "required": ["type", "left"], "properties": {
                "type": { "type": "string", "enum": ["AND"] },
                "left": to("Branch"), "right": to("Branch"),
                "more": { "type": "array", "items": to("Branch") },
            } },
            "Leaf": tagged("type", "LEAF"),
        })),
        "src/generated/types.rs",
    );
    for field in [
        "pub left: ::std::boxed::Box<Branch>",
        "pub right: Option<::std::boxed::Box<Branch>>",
        "pub more: Vec<Branch>",
    ] {
        assert!(types.contains(field), "{field} in {types}");
    }
}

#[test]
fn lists_are_pages_by_their_shape() {
    let list = |paging: &str| {
        json!({ "type": "object", "properties": {
            "paging": to(paging), "results": { "type": "array", "items": to("Bed") },
        } })
    };
    let files = files(json!({
        "Bed": { "type": "object", "required": ["type"], "properties": {
            "type": { "type": "string" },
        } },
        "Beds": list("ForwardPaging"),
        "OddBeds": list("Offset"),
        "ForwardPaging": { "type": "object", "properties": { "next": to("NextPage") } },
        "NextPage": { "type": "object", "properties": { "after": { "type": "string" } } },
        "Offset": { "type": "object", "properties": { "offset": { "type": "integer" } } },
    }));
    let client = text(&files, "src/generated/client.rs");
    assert!(client.contains("ResponseValue<crate::Page<types::Bed>>"), "{client}");
    assert!(client.contains("ResponseValue<types::OddBeds>"), "{client}");
    assert!(files["src/page.rs"].contains("use crate::types::ForwardPaging as Paging;"));
    let types = text(&files, "src/generated/types.rs");
    assert!(types.contains("pub after: String"), "the cursor is there: {types}");
    let operations = text(&files, "src/generated/operations.rs");
    assert_eq!(operations.matches("paginated: true").count(), 1, "{operations}");
}

#[test]
fn names_of_the_document_are_obeyed() {
    let files = files(json!({ "Bed": { "type": "object", "properties": {
        "fooBar": { "type": "string" }, "foo_bar": { "type": "string" },
        "size": { "type": "string", "enum": ["1", "2", "a-b", "a_b"] },
        "count": { "type": "integer" }, "tags": { "type": "object", "additionalProperties": true },
    }, "required": ["count"] } }));
    let types = text(&files, "src/generated/types.rs");
    for field in [
        "pub foo_bar: Option<String>",
        "rename = \"foo_bar\"",
        "pub foo_bar_2: Option<String>",
        "deserialize_with = \"crate::lenient::required_integer\"",
        "skip_serializing_if = \"::serde_json::Map::is_empty\"",
    ] {
        assert!(types.contains(field), "{field} in {types}");
    }
    let enums = text(&files, "src/generated/enums.rs");
    assert!(enums.contains("BedSize { Value1 = \"1\", Value2 = \"2\", AB = \"a-b\","), "{enums}");
}

#[test]
fn alternatives_of_scopes_are_kept_each_once() {
    let of_schemes = |security: Value| {
        let mut document = of(&json!({ "Bed": tagged("type", "BED") }));
        document["components"]["securitySchemes"] = json!({
            "oauth2": { "type": "oauth2", "flows": {} },
            "apps": { "type": "apiKey", "in": "header", "name": "authorization" },
            "key": { "type": "apiKey", "in": "query", "name": "hapikey" },
        });
        document["paths"]["/Bed"]["get"]["security"] = security;
        let (document, _) = normalize(document.to_string().as_bytes()).unwrap();
        let files = package(Document(document), "garden.json").unwrap().generated;
        let operations = text(&files, "operations.rs");
        let start = operations.find("credential:").unwrap();
        let end = operations.find(" root: None").unwrap();
        operations[start..end].to_owned()
    };
    let token = "credential: Credential::AccessToken, scopes:";
    for (security, wanted) in [
        (json!([]), format!("{token} &[],")),
        (
            json!([{ "oauth2": ["a"] }, { "oauth2": ["b"] }]),
            format!("{token} &[&[\"a\"], &[\"b\"]],"),
        ),
        (
            json!([{ "oauth2": ["a", "b"] }, { "apps": ["b", "a"] }, { "apps": ["c"] }]),
            format!("{token} &[&[\"a\", \"b\"], &[\"c\"]],"),
        ),
        (json!([{ "key": [] }, { "oauth2": ["a"] }]), format!("{token} &[&[\"a\"]],")),
        (json!([{ "oauth2": ["a"], "apps": ["b"] }]), format!("{token} &[&[\"a\", \"b\"]],")),
        (json!([{ "key": [] }]), "credential: Credential::DeveloperKey, scopes: &[],".to_owned()),
    ] {
        assert_eq!(of_schemes(security.clone()), wanted, "{security}");
    }
}
