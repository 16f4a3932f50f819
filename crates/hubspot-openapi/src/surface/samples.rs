//! One invented API, in a document as HubSpot would write it and in one as we would.

use serde_json::{Value, json};

/// As we write documents.
pub(crate) fn ours() -> Value {
    json!({
        "openapi": "3.0.3",
        "tags": [{ "name": "books", "description": "Books." }],
        "paths": {
            "/library/v3/books": {
                "get": {
                    "operationId": "list_books",
                    "tags": ["books"],
                    "parameters": [
                        { "$ref": "#/components/parameters/limit" },
                        { "name": "sort", "in": "query", "description": "Order.", "required": false, "schema": {
                            "type": "array", "items": { "type": "string" },
                        } },
                        { "name": "genre", "in": "query", "description": "Genre.", "required": false, "schema": {
                            "$ref": "#/components/schemas/Genre",
                        } },
                    ],
                    "responses": { "200": body("A page.", "BookPage") },
                    "security": [{ "oauth2": ["books.read"] }],
                },
                "post": {
                    "operationId": "create_book",
                    "tags": ["books"],
                    "requestBody": body_required("A book.", "NewBook"),
                    "responses": { "201": body("The book.", "Book") },
                    "security": [{ "oauth2": ["books.write"] }],
                },
            },
            "/library/v3/books/{bookId}": {
                "get": {
                    "operationId": "get_book",
                    "tags": ["books"],
                    "parameters": [
                        { "name": "bookId", "in": "path", "description": "Which.", "required": true, "schema": {
                            "$ref": "#/components/schemas/BookId",
                        } },
                        { "$ref": "#/components/parameters/limit" },
                    ],
                    "responses": { "200": body("The book.", "Book") },
                    "security": [{ "oauth2": ["books.read"] }],
                },
                "delete": {
                    "operationId": "archive_book",
                    "tags": ["books"],
                    "parameters": [
                        { "name": "bookId", "in": "path", "description": "Which.", "required": true, "schema": {
                            "$ref": "#/components/schemas/BookId",
                        } },
                    ],
                    "responses": { "204": { "description": "Gone." } },
                    "security": [{ "oauth2": ["books.write"] }],
                },
            },
            "/library/v3/books/batch/read": { "post": {
                "operationId": "batch_read_books",
                "tags": ["books"],
                "requestBody": body_required("Which.", "BookIds"),
                "responses": { "2XX": body("Those found.", "BookBatch") },
                "security": [{ "oauth2": ["books.read"] }],
            } },
        },
        "components": {
            "parameters": { "limit": {
                "name": "limit", "in": "query", "description": "At most.", "required": false,
                "schema": { "type": "integer", "format": "int32" },
            } },
            "schemas": {
                "BookId": { "description": "Which book.", "type": "string", "x-id": true },
                "Genre": { "description": "Kind.", "type": "string", "enum": ["PROSE", "VERSE"] },
                "Paging": { "type": "object", "properties": {
                    "next": { "type": "string" }, "prev": { "type": "string" },
                }, "x-hubspot-name": "Paging" },
                "Book": { "description": "A book.", "type": "object", "required": ["id"], "properties": {
                    "id": said("BookId"),
                    "title": { "description": "Title.", "type": "string" },
                    "pages": { "description": "Length.", "type": "integer", "format": "int32" },
                    "printedAt": { "description": "When.", "type": "string", "format": "date-time" },
                    "genre": said("Genre"),
                    "notes": { "description": "Notes.", "type": "array", "items": {
                        "$ref": "#/components/schemas/Note",
                    } },
                    "marks": { "description": "Marks.", "type": "object", "additionalProperties": {
                        "type": "string",
                    } },
                }, "x-hubspot-name": "PublicBook" },
                "BookPage": { "type": "object", "required": ["results"], "properties": {
                    "results": { "type": "array", "items": { "$ref": "#/components/schemas/Book" } },
                    "paging": said("Paging"),
                }, "x-hubspot-name": "CollectionResponsePublicBookForwardPaging" },
                "TextNote": { "type": "object", "required": ["type"], "properties": {
                    "type": { "type": "string", "enum": ["TEXT"] }, "text": { "type": "string" },
                }, "x-hubspot-name": "PublicTextNote" },
                "ScanNote": { "type": "object", "required": ["type"], "properties": {
                    "type": { "type": "string", "enum": ["SCAN"] },
                    "url": { "type": "string" },
                }, "x-hubspot-name": "PublicScanNote" },
                "Note": { "oneOf": [
                    { "$ref": "#/components/schemas/TextNote" },
                    { "$ref": "#/components/schemas/ScanNote" },
                ], "discriminator": { "propertyName": "type", "mapping": {
                    "TEXT": "#/components/schemas/TextNote",
                    "SCAN": "#/components/schemas/ScanNote",
                } }, "x-hubspot-name": "PublicNote" },
                "NewBook": { "type": "object", "required": ["title"], "properties": {
                    "title": { "type": "string" },
                    "pages": { "type": "integer", "format": "int32" },
                    "language": said("Language"),
                    "sequelOf": { "description": "Which.", "type": "string" },
                    "seriesBookId": said("BookId"),
                }, "x-hubspot-name": "PublicBookEgg" },
                "Language": { "type": "string", "enum": ["DE", "EN"] },
                "BookIds": { "type": "object", "required": ["inputs"], "properties": {
                    "inputs": { "type": "array", "items": { "$ref": "#/components/schemas/BookId" } },
                }, "x-hubspot-name": "BatchInputString" },
                "BookBatch": { "type": "object", "required": ["results"], "properties": {
                    "results": { "type": "array", "items": { "$ref": "#/components/schemas/Book" } },
                    "errors": { "type": "array", "items": { "type": "string" } },
                    "numErrors": { "type": "integer", "format": "int32" },
                }, "x-hubspot-name": "BatchResponsePublicBookWithErrors" },
            },
            "securitySchemes": { "oauth2": { "type": "oauth2", "flows": { "authorizationCode": {
                "scopes": { "books.read": "Read.", "books.write": "Write." },
            } } } },
        },
    })
}

/// The same API as HubSpot writes documents, under a root of another version.
pub(crate) fn theirs() -> Value {
    let id = |name: &str| {
        json!({ "name": name, "in": "path", "required": true, "schema": {
            "type": "integer", "format": "int64", "example": null,
        } })
    };
    let failure = json!({ "description": "", "$ref": "#/components/responses/Error" });
    let notes = json!({ "type": "array", "items": { "oneOf": [
        { "$ref": "#/components/schemas/PublicTextNote" },
        { "$ref": "#/components/schemas/PublicScanNote" },
    ] } });
    json!({
        "openapi": "3.0.1",
        "paths": {
            "/library/2026-09/books": {
                "get": {
                    "operationId": "get-/library/2026-09/books",
                    "summary": "Theirs",
                    "parameters": [
                        { "name": "sort", "in": "query", "style": "form", "explode": true, "schema": {
                            "type": "array", "items": { "type": "string" },
                        } },
                        { "name": "limit", "in": "query", "schema": {
                            "type": "integer", "format": "int32", "default": 10,
                        } },
                        { "name": "genre", "in": "query", "schema": {
                            "type": "string", "enum": ["VERSE", "PROSE"],
                        } },
                    ],
                    "responses": {
                        "200": their_body("CollectionResponsePublicBookForwardPaging"),
                        "default": failure,
                    },
                    "security": [{ "oauth2": ["books.read"] }, { "private_apps": ["books.read"] }],
                },
                "post": {
                    "operationId": "post-/library/2026-09/books",
                    "requestBody": { "required": true, "content": { "application/json": {
                        "schema": { "$ref": "#/components/schemas/PublicBookEgg" },
                    } } },
                    "responses": { "201": their_body("PublicBook"), "default": failure },
                    "security": [{ "oauth2": ["books.write"] }],
                },
            },
            "/library/2026-09/books/{id}": {
                "get": {
                    "operationId": "get-/library/2026-09/books/{id}",
                    "parameters": [id("id"), { "name": "limit", "in": "query", "schema": {
                        "type": "integer", "format": "int32",
                    } }],
                    "responses": { "200": their_body("PublicBook"), "default": failure },
                    "security": [{ "oauth2": ["books.read"] }],
                },
                "delete": {
                    "operationId": "delete-/library/2026-09/books/{id}",
                    "parameters": [id("id")],
                    "responses": { "204": { "description": "", "content": {} }, "default": failure },
                    "security": [{ "oauth2": ["books.write"] }],
                },
            },
            "/library/2026-09/books/batch/read": { "post": {
                "operationId": "post-/library/2026-09/books/batch/read",
                "requestBody": { "required": true, "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/BatchInputString" },
                } } },
                "responses": {
                    "200": their_body("BatchResponsePublicBook"),
                    "207": their_body("BatchResponsePublicBookWithErrors"),
                    "default": failure,
                },
                "security": [{ "oauth2": ["books.read"] }],
            } },
        },
        "components": {
            "responses": { "Error": { "description": "", "content": { "*/*": {
                "schema": { "type": "object", "properties": { "message": { "type": "string" } } },
            } } } },
            "schemas": {
                "ForwardPaging": { "type": "object", "properties": { "next": { "type": "string" } } },
                "PublicBook": { "type": "object", "required": ["genre", "id", "pages", "title"], "properties": {
                    "genre": { "type": "string", "enum": ["PROSE", "VERSE"], "example": "PROSE" },
                    "id": { "type": "string" },
                    "marks": { "type": "object", "additionalProperties": { "type": "string" } },
                    "notes": notes,
                    "pages": { "type": "integer", "format": "int32", "description": "Theirs." },
                    "printedAt": { "type": "string", "format": "date-time", "nullable": true },
                    "title": { "type": "string" },
                } },
                "CollectionResponsePublicBookForwardPaging": {
                    "type": "object", "required": ["results"], "properties": {
                        "paging": { "$ref": "#/components/schemas/ForwardPaging" },
                        "results": { "type": "array", "items": { "$ref": "#/components/schemas/PublicBook" } },
                    },
                },
                // A child of its own union, as documents of some versions have it.
                "PublicTextNote": { "allOf": [
                    { "$ref": "#/components/schemas/PublicNote" },
                    { "type": "object", "required": ["text", "type"], "properties": {
                        "text": { "type": "string" },
                        "type": { "type": "string", "default": "TEXT", "enum": ["TEXT"] },
                    } },
                ] },
                "PublicScanNote": { "type": "object", "required": ["type"], "properties": {
                    "type": { "type": "string", "default": "SCAN", "enum": ["SCAN"] },
                    "url": { "type": "string" },
                } },
                "PublicNote": { "oneOf": [
                    { "$ref": "#/components/schemas/PublicScanNote" },
                    { "$ref": "#/components/schemas/PublicTextNote" },
                ] },
                "PublicBookEgg": { "type": "object", "required": ["title"], "properties": {
                    "language": { "type": "string", "enum": ["EN", "DE"] },
                    "pages": { "type": "integer", "format": "int32" },
                    "sequelOf": { "type": "string" },
                    "seriesBookId": { "type": "string" },
                    "title": { "type": "string" },
                } },
                "BatchInputString": { "type": "object", "required": ["inputs"], "properties": {
                    "inputs": { "type": "array", "items": { "type": "string" } },
                } },
                "BatchResponsePublicBook": { "type": "object", "required": ["results"], "properties": {
                    "results": { "type": "array", "items": { "$ref": "#/components/schemas/PublicBook" } },
                } },
                "BatchResponsePublicBookWithErrors": { "type": "object", "required": ["results"], "properties": {
                    "errors": { "type": "array", "items": { "type": "string" } },
                    "numErrors": { "type": "integer", "format": "int32" },
                    "results": { "type": "array", "items": { "$ref": "#/components/schemas/PublicBook" } },
                } },
            },
        },
    })
}

fn said(schema: &str) -> Value {
    json!({ "description": "Ours.", "allOf": [{ "$ref": format!("#/components/schemas/{schema}") }] })
}

fn body(description: &str, schema: &str) -> Value {
    json!({ "description": description, "content": { "application/json": {
        "schema": { "$ref": format!("#/components/schemas/{schema}") },
    } } })
}

fn body_required(description: &str, schema: &str) -> Value {
    let mut body = body(description, schema);
    body["required"] = json!(true);
    body
}

fn their_body(schema: &str) -> Value {
    json!({ "description": "", "content": { "application/json": {
        "schema": { "$ref": format!("#/components/schemas/{schema}") }, "example": null,
    } } })
}
