//! Documents, paths, responses and bodies.

use serde_json::{Value, json};

use super::{Case, NOTHING, case, document, operation, schemas};

/// A document with this operation on `/things`, and schemas to refer to.
fn on_things(method: &str, operation: Value) -> Value {
    document(
        json!({ "/things": { method: operation } }),
        json!({
            "Thing": { "type": "object", "required": ["id"], "properties": {
                "id": { "type": "string" }, "status": { "type": "string" },
            } },
            "ThingWithErrors": { "type": "object", "required": ["id", "errors"], "properties": {
                "id": { "type": "string" }, "status": { "type": "string" },
                "errors": { "type": "array", "items": { "type": "string" } },
            } },
            "Other": { "type": "object", "required": ["name"], "properties": {
                "id": { "type": "string" }, "name": { "type": "string" },
            } },
        }),
    )
}

fn answering(responses: Value) -> Value {
    on_things("get", json!({ "operationId": "read_thing", "responses": responses }))
}

fn taking(body: Value) -> Value {
    let mut operation = operation("Thing");
    operation["requestBody"] = body;
    on_things("post", operation)
}

fn answer(name: &str) -> Value {
    json!({ "description": "", "content": { "application/json": {
        "schema": { "$ref": format!("#/components/schemas/{name}") },
    } } })
}

pub(super) fn cases() -> Vec<Case> {
    let thing = json!({ "$ref": "#/components/schemas/Thing" });
    let bytes = json!({ "application/octet-stream": {
        "schema": { "type": "string", "format": "binary" },
    } });
    let with = |change: fn(&mut Value)| {
        let mut document = schemas(json!({ "Thing": {
            "type": "object", "properties": { "id": { "type": "string" } },
        } }));
        change(&mut document);
        document
    };
    let errors = json!({ "description": "", "content": { "*/*": { "schema": {
        "$ref": "#/components/schemas/Other",
    } } } });
    vec![
        case(
            "malformed",
            with(|it| it["components"]["schemas"]["Thing"]["properties"]["id"] = json!(1)),
            [("/components/schemas/Thing/properties/id", json!({}))],
        ),
        case(
            "malformed",
            with(|it| it["paths"]["/things"]["get"]["tags"] = json!(["a", 1])),
            [("/paths/~1things/get/tags", json!(["a"]))],
        ),
        case(
            "incomplete",
            with(|it| it["info"] = json!({ "version": "neu\u{e9}" })),
            [("/info", json!({ "version": "1", "title": "HubSpot" }))],
        ),
        case(
            "unneeded",
            with(|it| it["paths"]["/things"]["get"]["callbacks"] = json!([1])),
            [("/paths/~1things/get/callbacks", NOTHING)],
        ),
        case(
            "foreign-extensions",
            with(|it| {
                it["components"]["schemas"]["Thing"]["x-rust-type"] =
                    json!({ "crate": "std", "version": "1.0.0", "path": "std::fs::File" });
                it["paths"]["/things"]["get"]["x-dropshot-websocket"] = json!({});
            }),
            [("/components/schemas/Thing/x-rust-type", NOTHING)],
        ),
        case(
            "component-references",
            with(|it| {
                it["paths"]["/things"]["get"]["responses"]["200"] =
                    json!({ "description": "", "$ref": "#/components/responses/Good" });
                it["components"]["responses"] = json!({
                    "Good": { "$ref": "#/components/responses/Better" },
                    "Better": answer("Thing"),
                });
            }),
            [("/paths/~1things/get/responses/200", answer("Thing"))],
        ),
        case(
            "component-references",
            with(|it| {
                it["paths"]["/things"]["get"]["parameters"] = json!([
                    { "$ref": "#/components/parameters/limit" },
                    { "$ref": "#/components/parameters/nowhere" },
                    { "$ref": "#/components/parameters/round" },
                ]);
                it["components"]["parameters"] = json!({
                    "limit": { "name": "limit", "in": "query", "schema": { "type": "string" } },
                    "round": { "$ref": "#/components/parameters/round" },
                });
            }),
            [
                ("/paths/~1things/get/parameters/0/name", json!("limit")),
                ("/paths/~1things/get/parameters/1", NOTHING),
                ("/components/parameters", NOTHING),
            ],
        ),
        case(
            "unusable-paths",
            with(|it| {
                it["paths"]["things"] = json!({});
                it["paths"]["/a/{b"] = json!({});
                it["paths"]["/elsewhere"] = json!({ "$ref": "paths.json#/elsewhere" });
            }),
            [
                ("/paths/things", NOTHING),
                ("/paths/~1a~1{b", NOTHING),
                ("/paths/~1elsewhere", NOTHING),
            ],
        ),
        case(
            "shared-parameters",
            with(|it| {
                it["paths"]["/things"]["parameters"] = json!([
                    { "name": "limit", "in": "query", "schema": { "type": "string" } },
                    { "name": "after", "in": "query", "schema": { "type": "string" } },
                ]);
                it["paths"]["/things"]["get"]["parameters"] = json!([
                    { "name": "limit", "in": "query", "schema": { "type": "boolean" } },
                ]);
            }),
            [
                ("/paths/~1things/get/parameters/0/name", json!("after")),
                ("/paths/~1things/get/parameters/1/schema/type", json!("boolean")),
                ("/paths/~1things/get/parameters/2", NOTHING),
                ("/paths/~1things/parameters", NOTHING),
            ],
        ),
        case(
            "shared-security",
            with(|it| it["security"] = json!([{ "oauth2": ["things.read"] }])),
            [("/paths/~1things/get/security/0/oauth2/0", json!("things.read"))],
        ),
        case(
            "unusual-methods",
            with(|it| it["paths"]["/things"]["head"] = operation("Thing")),
            [("/paths/~1things/head", NOTHING)],
        ),
        case(
            "error-responses",
            answering(json!({
                "200": answer("Thing"), "404": errors, "4XX": errors, "default": errors,
            })),
            [("/paths/~1things/get/responses", json!({ "200": answer("Thing") }))],
        ),
        case(
            "response-contents",
            answering(json!({ "200": { "content": {
                "text/csv": {}, "application/json;charset=utf-8": { "schema": thing },
            } } })),
            [(
                "/paths/~1things/get/responses/200",
                json!({
                    "description": "", "content": { "application/json": { "schema": thing } },
                }),
            )],
        ),
        case(
            "response-contents",
            answering(
                json!({ "200": { "description": "", "content": { "application/json": {} } } }),
            ),
            [("/paths/~1things/get/responses/200/content/application~1json/schema", json!({}))],
        ),
        case(
            "response-contents",
            answering(
                json!({ "200": { "description": "", "content": { "*/*": { "schema": thing } } } }),
            ),
            [("/paths/~1things/get/responses/200/content/application~1json/schema", thing.clone())],
        ),
        case(
            "response-contents",
            answering(json!({ "200": { "description": "", "content": { "text/csv": {
                "schema": { "type": "string" },
            } } } })),
            [("/paths/~1things/get/responses/200/content", bytes.clone())],
        ),
        case(
            "unknown-successes",
            answering(json!({ "default": errors })),
            [("/paths/~1things/get/responses/200/content", bytes.clone())],
        ),
        case(
            "bodies-of-reads",
            {
                let mut operation = operation("Thing");
                operation["requestBody"] = answer("Thing");
                on_things("get", operation)
            },
            [("/paths/~1things/get/requestBody", NOTHING)],
        ),
        case(
            "body-contents",
            taking(json!({ "content": { "multipart/mixed": { "schema": thing } } })),
            [("/paths/~1things", json!({}))],
        ),
        case(
            "body-contents",
            taking(json!({ "content": { "text/csv": { "schema": thing } } })),
            [(
                "/paths/~1things/post/requestBody/content",
                json!({ "application/octet-stream": {
                    "schema": { "type": "string", "format": "binary" }, "x-media-type": "text/csv",
                } }),
            )],
        ),
        case(
            "body-contents",
            taking(json!({ "content": {
                "text/csv": {}, "application/json": {}, "multipart/form-data": {},
            } })),
            [(
                "/paths/~1things/post/requestBody/content",
                json!({ "application/json": { "schema": {} } }),
            )],
        ),
        case(
            "body-contents",
            taking(json!({ "content": { "application/octet-stream": { "schema": thing } } })),
            [("/paths/~1things/post/requestBody/content", bytes)],
        ),
        case(
            "body-contents",
            taking(json!({ "content": { "text/plain": {} } })),
            [(
                "/paths/~1things/post/requestBody/content",
                json!({
                    "text/plain": { "schema": { "type": "string" } },
                }),
            )],
        ),
        case(
            "body-contents",
            taking(json!({ "content": {} })),
            [("/paths/~1things/post/requestBody", NOTHING)],
        ),
        case(
            "updates",
            on_things("patch", {
                let mut update = operation("Thing");
                update["requestBody"] = json!({ "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Thing" },
                } } });
                update
            }),
            [
                ("/components/schemas/Thing/x-update", json!(true)),
                ("/components/schemas/ThingWithErrors/x-update", NOTHING),
            ],
        ),
        case(
            "optional-bodies",
            taking(json!({ "required": false, "content": {
                "application/x-www-form-urlencoded": { "schema": thing },
            } })),
            [("/paths/~1things/post/requestBody/required", json!(true))],
        ),
        case(
            "several-successes",
            answering(
                json!({ "200": answer("Thing"), "207": answer("ThingWithErrors"), "204": {} }),
            ),
            [
                (
                    "/paths/~1things/get/responses/200/content",
                    answer("ThingWithErrors")["content"].clone(),
                ),
                ("/paths/~1things/get/responses/200/x-can-be-empty", json!(true)),
                ("/components/schemas/ThingWithErrors/required", json!(["id"])),
                ("/components/schemas/Thing", NOTHING),
            ],
        ),
        case(
            "several-successes",
            answering(json!({ "200": answer("Thing"), "202": answer("Other") })),
            [
                ("/paths/~1things/get/responses", json!({ "200": answer("ReadThingResponse") })),
                (
                    "/components/schemas/ReadThingResponse",
                    json!({ "type": "object", "properties": {
                    "id": { "type": "string" }, "status": { "type": "string" },
                    "name": { "type": "string" },
                } }),
                ),
            ],
        ),
        case(
            "several-successes",
            answering(json!({ "200": answer("Thing"), "201": answer("Thing"), "204": {} })),
            [("/paths/~1things/get/responses/200/content", answer("Thing")["content"].clone())],
        ),
        case(
            "operation-ids",
            document(
                json!({
                    "/things/v3/things/{id}": {
                        "get": { "operationId": "get-/things/v3/things/{id}_getById" },
                        "delete": {},
                        "put": { "operationId": "replaceThing" },
                        "patch": { "operationId": "type" },
                    },
                    "/things/v3/{id}/parts": { "get": { "operationId": "list" } },
                    "/things/v3/parts": { "get": { "operationId": "List" } },
                }),
                json!({}),
            ),
            [
                ("/paths/~1things~1v3~1things~1{id}/get/operationId", json!("get_things_by_id")),
                (
                    "/paths/~1things~1v3~1things~1{id}/delete/operationId",
                    json!("delete_things_by_id"),
                ),
                ("/paths/~1things~1v3~1things~1{id}/put/operationId", json!("replace_thing")),
                (
                    "/paths/~1things~1v3~1things~1{id}/patch/operationId",
                    json!("patch_things_by_id"),
                ),
                (
                    "/paths/~1things~1v3~1{id}~1parts/get/operationId",
                    json!("get_things_v3_id_parts"),
                ),
                ("/paths/~1things~1v3~1parts/get/operationId", json!("get_things_v3_parts")),
            ],
        ),
    ]
}

#[test]
fn names_of_operations_do_not_depend_on_their_order() {
    let paths = ["/a/{b}/c", "/a/c", "/a/{b}_c", "/a/v1/c/{d}", "/a/c/{d}", "/x/{c}"];
    let names = |order: &[&str]| {
        let item = json!({ "get": {} });
        let paths: serde_json::Map<_, _> =
            order.iter().map(|path| ((*path).to_owned(), item.clone())).collect();
        let (document, _) = super::normalized(&document(Value::Object(paths), json!({})));
        let mut sorted: Vec<_> = order
            .iter()
            .map(|path| (path.to_string(), document["paths"][path]["get"]["operationId"].clone()))
            .collect();
        sorted.sort_by_key(|(path, _)| path.clone());
        sorted
    };
    let mut reversed = paths;
    reversed.reverse();
    assert_eq!(names(&paths), names(&reversed));
}
