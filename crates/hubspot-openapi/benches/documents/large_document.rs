//! A document of our own invention, as large as HubSpot's largest and with the same habits.

use serde_json::{Map, Value, json};

/// About a megabyte of OpenAPI: objects with batches, searches, unions of unions, and a default error
/// everywhere.
pub(crate) fn large_document() -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    shared(&mut schemas);
    for family in 0..FAMILIES {
        records(family, &mut paths, &mut schemas);
        steps(family, &mut schemas);
        widgets(family, &mut schemas);
    }
    json!({
        "openapi": "3.0.1",
        "info": { "title": "Gardens", "version": "v3" },
        "servers": [{ "url": "https://api.example.com" }],
        "tags": [{ "name": "Beds" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "Error": { "description": "It failed.", "content": { "*/*": {
                "schema": to("Error"),
            } } } },
            "securitySchemes": { "oauth2": { "type": "oauth2", "flows": { "authorizationCode": {
                "authorizationUrl": "https://example.com/a", "tokenUrl": "https://example.com/t",
                "scopes": { "beds.read": "Read beds" },
            } } } },
        },
    })
}

const FAMILIES: usize = 28;

fn to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn text() -> Value {
    json!({ "type": "string", "example": null })
}

#[allow(clippy::needless_pass_by_value, reason = "JSON is written where it is handed over")]
fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties, "example": null })
}

fn shared(schemas: &mut Map<String, Value>) {
    let texts = json!({ "type": "object", "additionalProperties": {
        "type": "array", "items": text(),
    } });
    let detail = object(&["message"], json!({ "message": text(), "context": texts }));
    let error = object(
        &["category", "message"],
        json!({
            "category": text(), "message": text(), "subCategory": { "type": "object" },
            "correlationId": { "type": "string", "format": "uuid", "example": "a" },
            "errors": { "type": "array", "items": to("ErrorDetail") }, "context": texts,
        }),
    );
    let next = object(&["after"], json!({ "after": text(), "link": text() }));
    let paging = json!({ "type": "object", "properties": { "next": to("NextPage") } });
    let previous = json!({ "type": "object", "properties": {
        "next": to("NextPage"), "prev": object(&["before"], json!({ "before": text() })),
    } });
    let option = object(
        &["label", "value"],
        json!({
            "label": text(), "value": text(), "hidden": { "type": "boolean" },
            "displayOrder": { "type": "integer", "format": "int32", "minimum": -1 },
        }),
    );
    for (name, schema) in [
        ("ErrorDetail", detail),
        ("Error", error.clone()),
        ("StandardError", error),
        ("NextPage", next),
        ("ForwardPaging", paging),
        ("Paging", previous),
        ("Option", option),
    ] {
        schemas.insert(name.to_owned(), schema);
    }
}

/// A kind of record with its operations, one at a time and in batches.
fn records(family: usize, paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let record = format!("Record{family}");
    let named = |name: &str| format!("{name}{record}");
    let mut properties = Map::new();
    for field in 0..30 {
        let schema = match field % 6 {
            0 => text(),
            1 => json!({ "type": "integer", "format": "int64", "default": 0, "nullable": true }),
            2 => json!({ "type": "string", "format": "date-time", "description": "When it grew." }),
            3 => json!({ "type": "number", "maximum": 1e9 }),
            4 => {
                json!({ "type": "string", "enum": [format!("SMALL_{field}"), "LARGE", "123", ""] })
            }
            _ => json!({ "type": "array", "items": {} }),
        };
        properties.insert(format!("hs_field_{field}"), schema);
    }
    let links: Vec<String> = (0..120).map(|link| format!("record_{family}_to_{link}")).collect();
    properties.insert("createdAt".to_owned(), json!({ "type": "string", "format": "datetime" }));
    properties.insert("created_at".to_owned(), json!({ "type": "string", "format": "date" }));
    properties.insert(
        "links".to_owned(),
        json!({ "type": "array", "items": {
        "type": "string", "enum": links,
    } }),
    );
    properties.insert("group".to_owned(), to(&named("Group")));
    properties.insert(
        "steps".to_owned(),
        json!({ "type": "array", "items": {
        "oneOf": (0..30).map(|step| to(&format!("Step{family}Kind{step}"))).collect::<Vec<_>>(),
    } }),
    );
    properties.insert("widget".to_owned(), to(&format!("Widget{family}")));
    schemas.insert(
        record.clone(),
        json!({
            "type": "object", "required": ["hs_field_0", "hs_field_1"], "properties": properties,
        }),
    );
    let group = object(
        &["name"],
        json!({
            "name": text(), "groups": { "type": "array", "items": to(&named("Group")) },
            "parent": { "$ref": format!("#/components/schemas/{}", named("Group")), "description": "" },
            "options": { "type": "array", "items": to("Option") },
        }),
    );
    let batch = json!({
        "status": { "type": "string", "enum": ["PENDING", "PROCESSING", "CANCELED", "COMPLETE"] },
        "startedAt": { "type": "string", "format": "date-time" },
        "results": { "type": "array", "items": to(&record) },
    });
    let mut with_errors = batch.clone();
    with_errors["errors"] = json!({ "type": "array", "items": to("StandardError") });
    with_errors["numErrors"] = json!({ "type": "integer", "format": "int32" });
    let list = json!({
        "total": { "type": "integer", "format": "int32" }, "paging": to("ForwardPaging"),
        "results": { "type": "array", "items": to(&record) },
    });
    let filter = object(
        &["operator", "propertyName"],
        json!({
            "propertyName": text(), "values": { "type": "array", "items": text() },
            "operator": { "type": "string", "enum": ["EQ", "NEQ", "LT", "GTE", "NOT_HAS_PROPERTY"] },
        }),
    );
    let search = object(
        &["limit"],
        json!({
            "filterGroups": { "type": "array", "items": object(&["filters"], json!({
                "filters": { "type": "array", "items": filter },
            })) },
            "limit": { "type": "integer", "format": "int32" }, "properties": { "type": "object" },
        }),
    );
    let inputs = object(
        &["inputs"],
        json!({
            "inputs": { "type": "array", "items": to(&record) },
        }),
    );
    for (name, schema) in [
        ("Group", group),
        ("BatchResponse", object(&["results", "status"], batch)),
        ("BatchResponseWithErrors", object(&["results", "status", "errors"], with_errors)),
        ("CollectionResponseWithTotal", object(&["results", "total"], list)),
        ("Search", search),
        ("BatchInput", inputs),
    ] {
        schemas.insert(named(name), schema);
    }

    let root = format!("/gardens/v3/records/{family}");
    let one = format!("{root}/{{recordId}}");
    let page = named("CollectionResponseWithTotal");
    let partly =
        json!([("200", named("BatchResponse")), ("207", named("BatchResponseWithErrors"))]);
    let id = json!({ "name": "recordId", "in": "path", "required": true, "schema": text() });
    let mut list = operation("get", &root, None, &json!([("200", &page)]));
    list["parameters"] = json!([
        { "name": "limit", "in": "query", "schema": { "type": "integer", "default": 10 } },
        { "name": "properties", "in": "query", "explode": false, "schema": {
            "type": "array", "items": text(),
        } },
        { "name": "archived", "in": "query", "schema": { "type": "boolean", "default": false } },
    ]);
    paths.insert(
        root.clone(),
        json!({
            "get": list,
            "post": operation("post", &root, Some(&record), &json!([("201", &record)])),
        }),
    );
    paths.insert(
        one.clone(),
        json!({
            "parameters": [id],
            "get": operation("get", &one, None, &json!([("200", &record)])),
            "patch": operation("patch", &one, Some(&record), &json!([("200", &record)])),
            "delete": operation("delete", &one, None, &json!([("204", "")])),
        }),
    );
    for (verb, body) in [("read", "BatchInput"), ("create", "BatchInput"), ("search", "Search")] {
        let path = format!("{root}/batch/{verb}");
        let operation = operation("post", &path, Some(&named(body)), &partly);
        paths.insert(path, json!({ "post": operation }));
    }
    let import = format!("{root}/import");
    let mut upload = operation("post", &import, None, &json!([("200", &record)]));
    upload["requestBody"] = json!({ "content": { "multipart/form-data": { "schema": {
        "type": "object", "properties": { "files": { "type": "string", "format": "binary" } },
    } } } });
    paths.insert(import, json!({ "post": upload }));
}

fn operation(method: &str, path: &str, body: Option<&str>, successes: &Value) -> Value {
    let mut responses = Map::new();
    for success in successes.as_array().into_iter().flatten() {
        let (status, name) = (&success[0], success[1].as_str().unwrap_or_default());
        let mut response = json!({ "description": "It worked." });
        if !name.is_empty() {
            response["content"] = json!({ "application/json": { "schema": to(name) } });
        }
        responses.insert(status.as_str().unwrap_or_default().to_owned(), response);
    }
    let error = json!({ "description": "", "$ref": "#/components/responses/Error" });
    responses.insert("default".to_owned(), error);
    let mut operation = json!({
        "tags": ["Beds"],
        "operationId": format!("{method}-{path}_{method}"),
        "parameters": [],
        "responses": responses,
        "security": [{ "oauth2": ["beds.read"] }, { "private_apps": ["beds.read"] }],
    });
    if let Some(name) = body {
        let content = json!({ "application/json": { "schema": to(name) } });
        operation["requestBody"] = json!({ "content": content, "required": true });
    }
    operation
}

/// Thirty kinds of steps that only their `type` tells apart, nested in each other.
fn steps(family: usize, schemas: &mut Map<String, Value>) {
    for step in 0..30 {
        let deeper = (0..4).map(|next| to(&format!("Step{family}Kind{}", (step + next) % 30)));
        let deeper: Vec<_> = deeper.collect();
        let kind = format!("STEP_{step}");
        let schema = object(
            &["type", "actionId"],
            json!({
                "type": { "type": "string", "enum": [kind], "default": kind },
                "actionId": { "type": "integer", "format": "int64", "example": null },
                "next": { "oneOf": deeper },
                "branches": { "type": "array", "items": { "type": "object", "properties": {
                    "label": text(), "steps": { "type": "array", "items": { "oneOf": deeper } },
                } } },
            }),
        );
        schemas.insert(format!("Step{family}Kind{step}"), schema);
    }
}

/// A base whose heirs are `allOf` it, while it is `oneOf` them.
fn widgets(family: usize, schemas: &mut Map<String, Value>) {
    let name = |heir: &str| format!("{heir}Widget{family}");
    let base = format!("Widget{family}");
    let heirs = ["Row", "Column", "Picture", "Menu"];
    let list: Vec<_> = heirs.iter().map(|heir| to(&name(heir))).collect();
    schemas.insert(
        base.clone(),
        json!({
            "type": "object", "properties": { "width": { "type": "integer" } }, "oneOf": list,
        }),
    );
    for heir in heirs {
        schemas.insert(
            name(heir),
            json!({ "allOf": [to(&base), object(&["kind"], json!({
            "kind": { "type": "string", "enum": [heir.to_uppercase()] }, "inner": to(&base),
        }))] }),
        );
    }
}
