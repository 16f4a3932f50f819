//! What `codegen --spec` promises.

#![allow(clippy::needless_pass_by_value, reason = "JSON is written where it is handed over")]

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use std::path::Path;

use anyhow::Result;

use super::{Package, package_name};
use crate::document::Document;
use crate::generate::Files;
use crate::normalize::normalize;
use crate::own::runtime;

fn package(document: Document, source: &str) -> Result<Package> {
    super::package(document, source, &runtime())
}

fn write(spec: &Path, out: &Path) -> Result<()> {
    Package::write_new(spec, out, &runtime(), &mut |_| {})
}

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
    assert!(manifest.contains("\nschemars = [\"dep:schemars\"]\n"), "{manifest}");
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
    let wanted = "read Toy by \"kind\" { Ball(Ball) = \"BALL\", Kite(Kite) = \"KITE\", }";
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
        "read Toy keeps \"type\" { Ball(Ball) = \"BALL\", Kite(Kite) = \"KITE\" | \"DRAGON\", }";
    assert!(unions.contains(wanted), "{unions}");
    let types = text(&files, "src/generated/types.rs");
    assert!(types.contains("pub type_: Option<String>"), "{types}");
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
        "pub left: Option<::std::boxed::Box<Branch>>",
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
    assert!(client.contains("Result<crate::Page<types::Bed>, crate::Error>"), "{client}");
    assert!(client.contains("Result<crate::Received<types::OddBeds>, crate::Error>"), "{client}");
    let page = &files["src/page.rs"];
    assert!(page.contains("use crate::types::ForwardPaging as Paging;"), "{page}");
    let types = text(&files, "src/generated/types.rs");
    assert!(types.contains("pub after: Option<String>"), "the cursor is there: {types}");
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
        "pub count: Option<i64>",
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
        // One of them needs none.
        (json!([{ "oauth2": ["a", "b"] }, {}, { "apps": ["c"] }]), format!("{token} &[],")),
        (json!([{ "oauth2": ["a"] }, { "apps": [] }]), format!("{token} &[],")),
        (json!([{ "key": [] }]), "credential: Credential::DeveloperKey, scopes: &[],".to_owned()),
    ] {
        assert_eq!(of_schemes(security.clone()), wanted, "{security}");
    }
}

#[test]
fn a_crate_stands_alone_unless_it_is_inside_a_workspace() {
    let temporary = TempDir::new().unwrap();
    let spec = temporary.path().join("garden.json");
    fs::write(&spec, of(&json!({ "Bed": tagged("type", "BED") })).to_string()).unwrap();
    let table = |out: &str| {
        write(&spec, &temporary.path().join(out)).unwrap();
        let manifest = temporary.path().join(out).join("Cargo.toml");
        fs::read_to_string(manifest).unwrap().contains("\n[workspace]\n")
    };
    assert!(table("alone/garden"));
    // A package beside it, or around it, is no workspace.
    fs::create_dir_all(temporary.path().join("ours/crates")).unwrap();
    let manifest = temporary.path().join("ours/Cargo.toml");
    fs::write(&manifest, "[package]\nname = \"ours\"\n").unwrap();
    assert!(table("ours/crates/garden"));
    for head in ["[workspace]", "[workspace.dependencies]"] {
        fs::write(&manifest, format!("[package]\nname = \"ours\"\n\n{head}\n")).unwrap();
        assert!(!table("ours/crates/garden"), "{head}");
    }
    fs::write(&manifest, "[package]\nname = \"ours\"\n").unwrap();
    assert!(table("ours/crates/garden"), "it stands alone again");
}

#[test]
fn the_documentation_begins_with_a_call() {
    let root = &files(json!({ "Bed": tagged("type", "BED") }))["src/lib.rs"];
    for wanted in [
        "//! A client of HubSpot Garden: Beds, generated by",
        "//! use hubspot_garden_beds::{BASE_URL, BearerToken, Client};",
        "//! let answer = client.get_bed().await?;",
        "pub const BASE_URL: &str = \"https://api.hubapi.com\";",
    ] {
        assert!(root.contains(wanted), "{wanted} in {root}");
    }
    syn::parse_file(root).unwrap();
}

#[test]
fn the_first_call_reads_and_wants_little() {
    let answer = json!({ "200": { "content": { "application/json": { "schema": {} } } } });
    let parameter = |name: &str, place: &str, kind: &str| json!({ "name": name, "in": place, "required": place == "path", "schema": { "type": kind } });
    let call = |paths: Value| {
        let document = json!({ "openapi": "3.0.1", "info": { "title": "T" }, "paths": paths });
        let (document, _) = normalize(document.to_string().as_bytes()).unwrap();
        let root = package(Document(document), "garden.json").unwrap().files["src/lib.rs"].clone();
        let line = root.lines().find_map(|line| line.strip_prefix("//! let answer = "));
        line.map(str::to_owned)
    };
    let list = json!({ "get": { "operationId": "list", "responses": answer, "parameters": [
        parameter("limit", "query", "integer"), parameter("after", "query", "string"),
    ] } });
    let one = json!({ "get": { "operationId": "one", "responses": answer, "parameters": [
        parameter("id", "path", "integer"), parameter("key", "path", "string"),
    ] } });
    let add = json!({ "post": { "operationId": "add", "responses": answer, "requestBody": {
        "content": { "application/json": { "schema": {} } },
    } } });
    let both = json!({ "/a/{id}/{key}": one, "/b": list, "/c": add });
    assert_eq!(call(both).unwrap(), "client.list(None, None).await?;");
    let found = call(json!({ "/a/{id}/{key}": one, "/c": add })).unwrap();
    assert_eq!(found, "client.one(1, \"1\").await?;");
    assert_eq!(call(json!({ "/c": add })), None);
}

/// The files of the crate that a document with one operation gives, which takes this body.
fn taking(method: &str, body: Value, schemas: Value) -> Files {
    let document = json!({ "openapi": "3.0.1", "info": { "title": "T" }, "paths": { "/seeds": { method: {
        "operationId": "sow", "requestBody": body,
        "responses": { "204": { "description": "" } },
    } } }, "components": { "schemas": schemas } });
    let (document, report) = normalize(document.to_string().as_bytes()).unwrap();
    let (again, _) = normalize(document.to_string().as_bytes()).unwrap();
    assert_eq!(again, document, "what is normalized stays as it is\n{report}");
    package(Document(document), "garden.json").unwrap().generated
}

#[test]
fn parts_and_files_are_the_fields_of_a_form() {
    let bytes = json!({ "type": "string", "format": "binary" });
    for method in ["post", "put", "patch"] {
        let files = taking(
            method,
            json!({ "content": { "multipart/form-data": {
                "schema": { "type": "object", "required": ["photo", "bed", "rows"], "properties": {
                    "rows": { "type": "array", "items": { "type": "string" } },
                    "photo": bytes, "scans": { "type": "array", "items": bytes },
                    "more": bytes, "bed": to("Bed"), "folder-id": { "type": "string" },
                    "count": { "type": "integer", "nullable": true },
                    "tags": { "type": "array", "items": { "type": "string" } },
                    "kind": { "type": "string", "enum": ["ROSE", "LILY"] },
                    "marks": { "type": "object", "additionalProperties": { "type": "string" } },
                    "sown": { "type": "string", "format": "date-time" }, "any": {},
                } },
                "encoding": {
                    "photo": { "contentType": "image/png, image/jpeg" },
                    "tags": { "contentType": "application/json" },
                    "rows": { "contentType": "application/json" }, "more": { "contentType": "image/*" },
                },
            } } }),
            json!({ "Bed": { "type": "object", "properties": { "name": { "type": "string" } } } }),
        );
        let types = text(&files, "types.rs");
        for wanted in [
            "pub photo: crate::Upload,",
            "pub scans: Vec<crate::Upload>,",
            "pub more: Option<crate::Upload>,",
            "pub bed: Bed,",
            "pub folder_id: Option<String>,",
            "pub count: Option<i64>,",
            "pub tags: Vec<String>,",
            "pub kind: Option<SowBodyKind>,",
            "pub marks: Option<std::collections::BTreeMap<String, String>>,",
            "pub sown: Option<chrono::DateTime<chrono::offset::Utc>>,",
            "pub any: Option<serde_json::Value>,",
            "pub fn new(rows: Vec<String>, photo: crate::Upload, bed: Bed) -> Self",
            "form.file_as(\"photo\", \"image/png\", self.photo.clone())",
            "form.file(\"more\", file.clone())",
            // An empty list is no part, unless there must be one.
            "let form = if self.tags.is_empty() { form } else { \
             form.value_as(\"tags\", \"application/json\", &self.tags)? };",
            "let form = form.value_as(\"rows\", \"application/json\", &self.rows)?;",
            "form.value(\"folder-id\", &self.folder_id)?",
        ] {
            assert!(types.contains(wanted), "{wanted} in {types}");
        }
        assert_eq!(types.matches("pub struct SowBody {").count(), 1, "{types}");
        let client = text(&files, "client.rs");
        for wanted in [
            "pub async fn sow<'a>( &'a self, body: &'a types::SowBody, )",
            "let form = crate::form::opened(body.parts()).await?;",
            ".multipart(form)",
        ] {
            assert!(client.contains(wanted), "{wanted} in {client}");
        }
        assert!(!client.contains("CONTENT_TYPE"), "the form has a boundary of its own: {client}");
    }
}

#[test]
fn a_form_of_which_nothing_is_known_is_the_caller_s() {
    for content in [json!({}), json!({ "schema": {} }), json!({ "schema": { "type": "object" } })] {
        let body = json!({ "content": { "multipart/form-data": content } });
        let client = text(&taking("post", body, json!({})), "client.rs");
        assert!(client.contains("body: &'a crate::Form"), "{client}");
        assert!(client.contains("crate::form::opened(Ok(body.clone()))"), "{client}");
    }
}

#[test]
fn a_form_that_is_also_a_schema_is_a_type_of_its_own() {
    let mut document = of(&json!({ "Bed": { "type": "object", "properties": {
        "name": { "type": "string" }, "photo": { "type": "string", "format": "binary" },
    } } }));
    for (path, encoding) in
        [("/a", json!({})), ("/b", json!({ "name": { "contentType": "text/csv" } }))]
    {
        document["paths"][path] = json!({ "post": { "operationId": &path[1..], "requestBody": {
            "content": { "multipart/form-data": { "schema": to("Bed"), "encoding": encoding } },
        }, "responses": { "204": { "description": "" } } } });
    }
    let (document, _) = normalize(document.to_string().as_bytes()).unwrap();
    let files = package(Document(document), "garden.json").unwrap().generated;
    let types = text(&files, "types.rs");
    for name in ["Bed", "AForm", "BForm"] {
        assert_eq!(types.matches(&format!("pub struct {name} {{")).count(), 1, "{name} in {types}");
    }
    let client = text(&files, "client.rs");
    assert!(client.contains("body: &'a types::AForm"), "{client}");
}

#[test]
fn every_media_type_of_a_body_can_be_sent() {
    let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
    let thing =
        json!({ "schema": { "type": "object", "properties": { "a": { "type": "string" } } } });
    let with_file = json!({ "schema": { "type": "object", "properties": {
        "a": { "type": "string", "format": "binary" },
    } } });
    for (content, wanted) in [
        (json!({ "text/csv": bytes }), "HeaderValue::from_static(\"text/csv\")"),
        (json!({ "text/csv": {} }), "HeaderValue::from_static(\"text/csv\")"),
        (json!({ "image/*": bytes }), "HeaderValue::from_static(\"application/octet-stream\")"),
        (json!({ "application/xml": thing }), "HeaderValue::from_static(\"application/xml\")"),
        (json!({ "application/octet-stream": bytes }), ".body(body)"),
        (json!({ "multipart/form-data": with_file, "application/json": thing }), ".json(&body)"),
        (
            json!({ "multipart/form-data": with_file, "application/json": with_file }),
            ".multipart(form)",
        ),
        (json!({ "multipart/form-data": thing, "text/csv": bytes }), ".multipart(form)"),
        (json!({ "application/x-www-form-urlencoded": thing }), ".form_urlencoded(&body)?"),
        (json!({ "multipart/mixed": thing, "text/csv": bytes }), "\"text/csv\""),
    ] {
        let client = text(&taking("post", json!({ "content": content }), json!({})), "client.rs");
        assert!(client.contains(wanted), "{content}: {wanted} in {client}");
    }
}

#[test]
fn what_is_sent_can_be_left_out_cleared_and_emptied() {
    let files = taking(
        "patch",
        json!({ "content": { "application/json": { "schema": to("Bed") } } }),
        json!({
            "Bed": { "type": "object", "required": ["owner"], "properties": {
                "name": { "type": "string", "nullable": true },
                "tags": { "type": "array", "items": { "type": "string" } },
                "marks": { "type": "object", "additionalProperties": { "type": "string" } },
                "notes": { "type": "array", "items": { "type": "string" }, "nullable": true },
                "owner": { "type": "string", "nullable": true },
                "soil": { "allOf": [to("Soil")], "nullable": true },
                "water": to("Water"),
            } },
            "Soil": { "type": "object", "properties": {
                "layers": { "type": "array", "items": { "type": "string" } },
            } },
            "Water": { "type": "object", "nullable": true, "properties": { "ph": { "type": "integer" } } },
        }),
    );
    let types = text(&files, "types.rs");
    for wanted in [
        "pub name: crate::Change<String>",
        "pub tags: Option<Vec<String>>",
        "pub marks: Option<::std::collections::BTreeMap<String, String>>",
        "pub notes: crate::Change<Vec<String>>",
        "pub owner: Option<String>",
        "pub soil: crate::Change<Soil>",
        "pub water: crate::Change<Water>",
        "pub layers: Option<Vec<String>>",
        "pub fn new(owner: impl Into<Option<String>>) -> Self",
    ] {
        assert!(types.contains(wanted), "{wanted} in {types}");
    }
    let owner = &types[..types.find("pub owner").unwrap()];
    let owner = &owner[owner.rfind("pub ").unwrap()..];
    assert!(!owner.contains("skip_serializing_if"), "it is sent as null: {owner}");
}

#[test]
fn a_success_without_a_body_beside_one_with_a_body_is_one() {
    let mut document = of(&json!({ "Bed": tagged("type", "BED") }));
    document["paths"]["/Bed"]["get"]["responses"]["204"] = json!({ "description": "" });
    let (document, _) = normalize(document.to_string().as_bytes()).unwrap();
    let (again, _) = normalize(document.to_string().as_bytes()).unwrap();
    assert_eq!(again, document);
    let client = text(&package(Document(document), "garden.json").unwrap().generated, "client.rs");
    for wanted in ["Result<Option<crate::Received<types::Bed>>, crate::Error>", "record_if_any"] {
        assert!(client.contains(wanted), "{wanted} in {client}");
    }
}

#[test]
fn a_success_without_a_body_beside_a_page_is_one() {
    let mut document = of(&json!({
        "Bed": tagged("type", "BED"),
        "Beds": { "type": "object", "properties": {
            "paging": to("Paging"), "results": { "type": "array", "items": to("Bed") },
        } },
        "Paging": { "type": "object", "properties": { "next": to("NextPage") } },
        "NextPage": { "type": "object", "properties": { "after": { "type": "string" } } },
    }));
    document["paths"]["/Beds"]["get"]["responses"]["204"] = json!({ "description": "" });
    let (document, _) = normalize(document.to_string().as_bytes()).unwrap();
    let client = text(&package(Document(document), "garden.json").unwrap().generated, "client.rs");
    for wanted in ["Result<Option<crate::Page<types::Bed>>, crate::Error>", "receive::page_if_any("]
    {
        assert!(client.contains(wanted), "{wanted} in {client}");
    }
}

#[test]
fn what_is_read_and_sent_is_two_types() {
    let mut document = of(&json!({
        "Bed": { "type": "object", "required": ["id", "size", "soil"], "properties": {
            "id": { "type": "string" }, "size": { "type": "integer" }, "soil": to("Soil"),
            "plants": { "type": "array", "items": to("Plant") },
        } },
        "Soil": { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } } },
        "Plant": { "type": "object", "properties": { "under": to("Plant"), "in": to("Soil") } },
        // Somebody has the name already.
        "NewPlant": { "type": "object", "properties": { "name": { "type": "string" } } },
    }));
    document["paths"]["/Bed"]["post"] = json!({
        "requestBody": { "content": { "application/json": { "schema": to("Bed") } } },
        "responses": { "204": {} },
    });
    let (document, _) = normalize(document.to_string().as_bytes()).unwrap();
    let files = package(Document(document), "garden.json").unwrap().generated;
    let types = text(&files, "types.rs");
    for wanted in [
        "pub struct Bed { pub id: String,",
        "pub size: Option<i64>,",
        "pub soil: Option<Soil>,",
        "pub plants: Vec<Plant>,",
        "crate::record::record!(Bed : id = \"id\"; size = \"size\"",
        "pub struct NewBed { pub id: String, pub size: i64,",
        "pub soil: Option<NewSoil>, #[serde(default, skip_serializing_if = \"Vec::is_empty\")]",
        "pub fn new(id: impl Into<String>, size: impl Into<i64>) -> Self",
        "pub plants: Vec<NewPlant2>,",
        "pub struct NewPlant2 {",
        "pub struct NewSoil { pub kind: String, }",
        "crate::strict::strict!( NewSoil : required { kind = \"kind\" } late {} optional {} lists {} );",
    ] {
        assert!(types.contains(wanted), "{wanted} in {types}");
    }
    assert!(text(&files, "client.rs").contains("body: &'a types::NewBed"));
}

#[test]
fn parameters_keep_their_names_on_the_wire_where_arguments_have_others() {
    let parameter = |name: &str, place: &str| json!({ "name": name, "in": place, "schema": { "type": "string" } });
    let document = json!({ "openapi": "3.0.1", "info": { "title": "T" }, "paths": {
        "/beds/{body}/{bed-id}/{bedId}": { "post": {
            "operationId": "sow", "responses": { "204": { "description": "" } },
            "parameters": [parameter("body", "query"), parameter("self", "query"), parameter("bed_id", "header")],
            "requestBody": { "content": { "text/csv": {} } },
        } },
    } });
    let (document, report) = normalize(document.to_string().as_bytes()).unwrap();
    assert!(!report.to_string().contains("dropped"), "{report}");
    let files = package(Document(document), "garden.json").unwrap().generated;
    let client = text(&files, "client.rs");
    for wanted in [
        "body_2: &'a str, bed_id: &'a str, bed_id_2: &'a str, \
         body_3: Option<&'a str>, self_: Option<&'a str>, bed_id_3: Option<&'a str>, body: B, )",
        "QueryParam::new(\"body\", &body_3)",
        "QueryParam::new(\"self\", &self_)",
        "header_map.append(\"bed_id\", value.to_string().try_into()?)",
    ] {
        assert!(client.contains(wanted), "{wanted} in {client}");
    }
}

#[test]
fn an_argument_can_be_named_as_what_the_method_makes() {
    let document = json!({ "openapi": "3.0.1", "info": { "title": "T" }, "paths": {
        "/beds/{form}/{_form}": { "put": {
            "operationId": "sow", "responses": { "204": { "description": "" } },
            "requestBody": { "content": { "multipart/form-data": {} } },
        } },
    } });
    let (document, _) = normalize(document.to_string().as_bytes()).unwrap();
    let files = package(Document(document), "garden.json").unwrap().generated;
    let client = text(&files, "client.rs");
    for wanted in
        ["form: &'a str, form_2: &'a str", "let _form = crate::form::opened", ".multipart(_form)"]
    {
        assert!(client.contains(wanted), "{wanted} in {client}");
    }
}

#[test]
fn what_leads_back_through_an_all_of_is_boxed_inside() {
    let types = text(
        &files(json!({ "Bed": { "type": "object", "properties": { "self": to("Bed") } } })),
        "src/generated/types.rs",
    );
    assert!(types.contains("pub self_value: Option<::std::boxed::Box<Bed>>"), "{types}");
    assert!(types.contains("rename = \"self\", default, skip_serializing_if"), "{types}");
}
