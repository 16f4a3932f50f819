//! What the rules say together, and how their tests ask them.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{Rule, check};
use crate::document::Document;
use crate::own;

pub(super) const LIST_INBOXES: &str = "/paths/~1conversations~1v3~1conversations~1inboxes/get";
pub(super) const GET_INBOX: &str =
    "/paths/~1conversations~1v3~1conversations~1inboxes~1{inboxId}/get";
pub(super) const LIST_THREADS: &str = "/paths/~1conversations~1v3~1conversations~1threads/get";
pub(super) const UPDATE_THREAD: &str =
    "/paths/~1conversations~1v3~1conversations~1threads~1{threadId}/patch";

/// Asserts that after the change the rule, and no other, speaks of these places.
pub(super) fn speaks(rule: Rule, places: &[&str], change: impl FnOnce(&mut Value)) {
    let mut document = committed();
    change(&mut document.0);
    let found = rule(&document);
    let pointers: Vec<_> = found.iter().map(|finding| finding.pointer.as_str()).collect();
    assert_eq!(pointers, places, "places the rule speaks of");
    assert_eq!(check(&document), found, "what all rules say, and what this one says");
}

/// Removes what is at a place.
pub(super) fn take(document: &mut Value, place: &str) {
    let (parent, key) = place.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    parent.shift_remove(&key).unwrap();
}

fn committed() -> Document {
    static COMMITTED: LazyLock<Document> = LazyLock::new(own::document);
    COMMITTED.clone()
}

#[test]
fn the_committed_document_breaks_no_rule() {
    assert_eq!(check(&committed()), []);
}

#[test]
fn a_finding_is_one_line_with_its_place() {
    let mut document = committed();
    document.0["openapi"] = json!("3.0.1");
    let lines: Vec<_> = check(&document).iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["/openapi: write 3.0.3, the version the rules are for"]);

    document = committed();
    document.0["components"]["a\nb"] = json!({});
    assert!(check(&document).iter().all(|finding| finding.to_string().lines().count() == 1));
}

/// Puts each odd value in the place of each value of a small document, in turn.
#[test]
fn odd_json_makes_no_rule_panic() {
    let odd = [
        json!(null),
        json!([]),
        json!({}),
        json!([null, [], {}, 1, ""]),
        json!(-1.5),
        json!(true),
        json!(""),
        json!("#/"),
        json!("2"),
        json!("é{}{"),
        json!({ "": {}, "$ref": "#/components/schemas/Thread", "~/{": { "get": [] } }),
        json!({ "$ref": { "$ref": [] }, "enum": {}, "oneOf": 1, "properties": [] }),
        deep(60),
    ];
    for whole in &odd {
        check(&Document(whole.clone()));
    }
    let small = small();
    assert_eq!(check(&small), []);
    for place in places(&small.0, "") {
        for value in &odd {
            let mut document = small.clone();
            *document.0.pointer_mut(&place).unwrap() = value.clone();
            check(&document);
        }
    }
}

#[test]
fn references_in_cycles_make_no_rule_hang() {
    let mut document = committed();
    let schemas = &mut document.0["components"]["schemas"];
    schemas["Thread"] = json!({ "$ref": "#/components/schemas/Thread" });
    schemas["Inbox"] = json!({ "allOf": [{ "$ref": "#/components/schemas/Channel" }] });
    schemas["Channel"] = json!({ "oneOf": [{ "$ref": "#/components/schemas/Inbox" }] });
    document.0["components"]["parameters"]["limit"] =
        json!({ "$ref": "#/components/parameters/limit" });
    assert!(!check(&document).is_empty());
}

/// About as deep as the parser reads: it gives up at 128 levels.
fn deep(levels: usize) -> Value {
    (0..levels).fold(json!({ "enum": [1] }), |inner, _| json!({ "properties": { "p": inner } }))
}

/// One of everything the rules look at.
fn small() -> Document {
    Document(json!({
        "openapi": "3.0.3",
        "tags": [{ "name": "things", "description": "X." }],
        "paths": { "/things/{id}": { "post": {
            "operationId": "change_thing",
            "tags": ["things"],
            "summary": "X",
            "description": "X.",
            "parameters": [
                { "$ref": "#/components/parameters/id" },
                { "name": "sort", "in": "query", "description": "X.", "schema": {
                    "type": "array", "items": { "type": "string" },
                } },
            ],
            "requestBody": { "description": "X.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Thing" },
            } } },
            "responses": { "200": { "description": "X.", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/ThingPage" },
            } } } },
            "security": [{ "oauth2": ["things"] }],
        } } },
        "components": {
            "parameters": { "id": {
                "name": "id", "in": "path", "description": "X.", "required": true,
                "schema": { "$ref": "#/components/schemas/ThingId" },
            } },
            "schemas": {
                "ThingId": { "description": "X.", "type": "string", "x-id": true },
                "Color": { "description": "X.", "type": "string", "enum": ["RED", "BLUE"] },
                "Paging": { "description": "X.", "type": "object" },
                "ThingPage": { "description": "X.", "type": "object", "properties": {
                    "results": { "description": "X.", "type": "array", "items": {
                        "$ref": "#/components/schemas/Thing",
                    } },
                    "paging": { "description": "X.", "allOf": [
                        { "$ref": "#/components/schemas/Paging" },
                    ] },
                } },
                "Ball": { "description": "X.", "type": "object", "required": ["type"],
                    "properties": {
                        "type": { "description": "X.", "type": "string", "enum": ["BALL"] },
                        "color": { "description": "X.", "allOf": [
                            { "$ref": "#/components/schemas/Color" },
                        ] },
                        "names": { "description": "X.", "type": "object",
                            "additionalProperties": { "type": "string" } },
                    } },
                "Thing": { "description": "X.",
                    "oneOf": [{ "$ref": "#/components/schemas/Ball" }],
                    "discriminator": { "propertyName": "type", "mapping": {
                        "BALL": "#/components/schemas/Ball",
                    } } },
            },
            "securitySchemes": { "oauth2": { "type": "oauth2", "description": "X.", "flows": {
                "authorizationCode": { "scopes": { "things": "X." } },
            } } },
        },
    }))
}

/// The pointers to all values.
fn places(value: &Value, pointer: &str) -> Vec<String> {
    let parts: Vec<(String, &Value)> = match value {
        Value::Array(items) => {
            items.iter().enumerate().map(|(place, item)| (place.to_string(), item)).collect()
        }
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        _ => Vec::new(),
    };
    let inner = parts.into_iter().flat_map(|(key, part)| places(part, &format!("{pointer}/{key}")));
    [pointer.to_owned()].into_iter().chain(inner).collect()
}
