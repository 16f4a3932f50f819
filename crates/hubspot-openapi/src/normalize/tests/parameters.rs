//! Parameters in every style.

use serde_json::{Value, json};

use super::{Case, NOTHING, case, document, operation};

const LIST: &str = "/paths/~1things~1{id}/get/parameters";

/// A document whose operation on `/things/{id}` has these parameters.
fn with(parameters: Value) -> Value {
    let mut operation = operation("Thing");
    operation["parameters"] = parameters;
    document(
        json!({ "/things/{id}": { "get": operation } }),
        json!({
            "Thing": { "type": "object", "properties": { "id": { "type": "string" } } },
            "Filter": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string" }, "size": { "type": "integer", "format": "int32" },
            } },
        }),
    )
}

fn parameter(name: &str, place: &str, schema: Value) -> Value {
    json!({ "name": name, "in": place, "schema": schema })
}

/// A parameter with a name for its argument.
fn named(mut parameter: Value, argument: &str) -> Value {
    parameter["x-rust-name"] = json!(argument);
    parameter
}

fn styled(style: &str, explode: bool, schema: Value) -> Value {
    json!({ "name": "it", "in": "query", "style": style, "explode": explode, "schema": schema })
}

pub(super) fn cases() -> Vec<Case> {
    let text = json!({ "type": "string" });
    let id = json!({ "name": "id", "in": "path", "schema": text, "required": true });
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let filter = json!({ "$ref": "#/components/schemas/Filter" });
    let whole = |parameter: Value| with(json!([parameter, id]));
    let shows_text = || {
        [
            ("/paths/~1things~1{id}/get/parameters/0/schema", json!({ "type": "string" })),
            ("/paths/~1things~1{id}/get/parameters/0/style", NOTHING),
            ("/paths/~1things~1{id}/get/parameters/0/explode", NOTHING),
        ]
    };
    vec![
        case("path-parameters", with(json!([])), [(LIST, json!([id]))]),
        case(
            "path-parameters",
            with(json!([
                parameter("id", "path", text.clone()),
                parameter("left", "path", text.clone()),
                parameter("", "query", text.clone()),
                parameter("it", "body", text.clone()),
            ])),
            [(LIST, json!([id]))],
        ),
        case(
            "reserved-headers",
            with(json!([
                parameter("Accept", "header", text.clone()),
                parameter("a b", "header", text.clone()),
                parameter("X-Mark", "header", text.clone()),
                id,
            ])),
            [(LIST, json!([parameter("X-Mark", "header", text.clone()), id]))],
        ),
        case("cookies", whole(parameter("it", "cookie", text.clone())), [(LIST, json!([id]))]),
        case(
            "parameter-contents",
            whole(json!({ "name": "it", "in": "query", "content": { "application/json": {
                "schema": filter,
            } } })),
            shows_text(),
        ),
        case(
            "object-parameters",
            whole(styled("deepObject", true, filter.clone())),
            [
                (
                    LIST,
                    json!([
                        { "name": "it[name]", "in": "query", "required": false, "schema": text },
                        { "name": "it[size]", "in": "query", "required": false, "schema": {
                            "type": "integer", "format": "int32",
                        } },
                        id,
                    ]),
                ),
                ("/components/schemas/Filter", NOTHING),
            ],
        ),
        case(
            "object-parameters",
            whole(styled("form", true, filter)),
            [("/paths/~1things~1{id}/get/parameters/0/name", json!("name"))],
        ),
        case(
            "object-parameters",
            whole(styled("form", true, json!({ "type": "object", "additionalProperties": text }))),
            [(LIST, json!([id]))],
        ),
        case("parameter-styles", whole(styled("form", false, texts.clone())), shows_text()),
        case(
            "parameter-styles",
            whole(styled("spaceDelimited", false, texts.clone())),
            shows_text(),
        ),
        case("parameter-styles", whole(styled("pipeDelimited", true, texts.clone())), shows_text()),
        case(
            "parameter-styles",
            whole(styled("form", true, texts.clone())),
            [("/paths/~1things~1{id}/get/parameters/0", parameter("it", "query", texts.clone()))],
        ),
        case(
            "parameter-types",
            whole(parameter("it", "query", json!({ "type": "array", "items": texts }))),
            shows_text(),
        ),
        case("parameter-types", whole(parameter("it", "header", texts)), shows_text()),
        case(
            "parameter-types",
            whole(parameter("it", "header", json!({ "type": "string", "format": "date-time" }))),
            shows_text(),
        ),
        case(
            "colliding-placeholders",
            document(
                json!({ "/x/{body}/{object-type}/{objectType}": {
                    "get": operation("Thing"),
                    "put": { "requestBody": { "content": { "text/csv": {} } }, "responses": {}, "parameters": [
                        { "name": "body", "in": "path", "required": true, "schema": text },
                    ] },
                } }),
                json!({ "Thing": { "type": "object" } }),
            ),
            [
                (
                    "/paths/~1x~1{body_2}~1{object-type}~1{objectType_2}/get/parameters/0/name",
                    json!("body_2"),
                ),
                (
                    "/paths/~1x~1{body_2}~1{object-type}~1{objectType_2}/get/parameters/1/name",
                    json!("object-type"),
                ),
                (
                    "/paths/~1x~1{body_2}~1{object-type}~1{objectType_2}/get/parameters/2/name",
                    json!("objectType_2"),
                ),
                (
                    "/paths/~1x~1{body_2}~1{object-type}~1{objectType_2}/put/parameters/0/name",
                    json!("body_2"),
                ),
                (
                    "/paths/~1x~1{body_2}~1{object-type}~1{objectType_2}/put/parameters/2/name",
                    json!("objectType_2"),
                ),
            ],
        ),
        case(
            "colliding-arguments",
            with(json!([
                parameter("id", "query", text.clone()),
                parameter("pageSize", "query", text.clone()),
                parameter("page_size", "header", text.clone()),
                parameter("self", "query", text.clone()),
                parameter("body", "query", text.clone()),
                parameter("header_map", "query", text.clone()),
                parameter("it's", "query", text.clone()),
                parameter("its", "query", text.clone()),
                id,
            ])),
            [(
                LIST,
                json!([
                    named(parameter("id", "query", text.clone()), "id_2"),
                    parameter("pageSize", "query", text.clone()),
                    named(parameter("page_size", "header", text.clone()), "page_size_2"),
                    parameter("self", "query", text.clone()),
                    parameter("body", "query", text.clone()),
                    named(parameter("header_map", "query", text.clone()), "header_map_2"),
                    parameter("it's", "query", text.clone()),
                    named(parameter("its", "query", text.clone()), "its_2"),
                    id,
                ]),
            )],
        ),
        case(
            "colliding-arguments",
            with(json!([
                named(parameter("first", "query", text.clone()), "Not a name"),
                named(parameter("second", "query", text.clone()), "other"),
                named(parameter("third", "query", text.clone()), "fn"),
            ])),
            [
                (
                    "/paths/~1things~1{id}/get/parameters/0",
                    parameter("first", "query", text.clone()),
                ),
                (
                    "/paths/~1things~1{id}/get/parameters/1",
                    named(parameter("second", "query", text.clone()), "other"),
                ),
                ("/paths/~1things~1{id}/get/parameters/2", parameter("third", "query", text)),
            ],
        ),
    ]
}
