//! Schemas, but unions.

use serde_json::{Value, json};

use super::{Case, FIELD, NOTHING, case, field, schemas};

fn of_field(fixup: &'static str, before: Value, after: Value) -> Case {
    case(fixup, field(before), [(FIELD, after)])
}

fn values(values: Value) -> Value {
    schemas(json!({ "Color": { "type": "string", "enum": values } }))
}

pub(super) fn cases() -> Vec<Case> {
    let text = json!({ "type": "string" });
    let thing = json!({ "$ref": "#/components/schemas/Everything" });
    let deep_map = (0..40).fold(text.clone(), |it, _| json!({ "type": "array", "items": it }));
    vec![
        case(
            "written-references",
            schemas(
                json!({ "A/B~C": { "type": "object", "properties": { "a": { "type": "string" } } } }),
            ),
            [
                ("/components/schemas/Abc/type", json!("object")),
                (
                    "/components/schemas/Everything/properties/field0/$ref",
                    json!("#/components/schemas/Abc"),
                ),
            ],
        ),
        of_field(
            "dangling-references",
            json!({ "$ref": "#/components/schemas/Nothing" }),
            json!({}),
        ),
        of_field("dangling-references", json!({ "$ref": "other.json#/Thing" }), json!({})),
        of_field(
            "dangling-references",
            json!({ "$ref": "#/components/schemas/Thing/properties/other" }),
            json!({}),
        ),
        of_field(
            "reference-siblings",
            json!({ "$ref": "#/components/schemas/Everything", "description": "X.", "type": "object" }),
            json!({ "description": "X.", "allOf": [thing] }),
        ),
        of_field(
            "reference-siblings",
            json!({ "$ref": "#/components/schemas/Everything", "description": "" }),
            thing.clone(),
        ),
        of_field("examples", json!({ "type": "string", "example": null }), text.clone()),
        of_field(
            "defaults",
            json!({ "type": "boolean", "default": "yes" }),
            json!({ "type": "boolean" }),
        ),
        of_field("titles", json!({ "type": "string", "title": "It" }), text.clone()),
        of_field(
            "constraints",
            json!({ "type": "string", "pattern": "(?<!", "maxLength": 1 }),
            text.clone(),
        ),
        of_field(
            "constraints",
            json!({ "type": "integer", "format": "int32", "minimum": 1, "exclusiveMaximum": true }),
            json!({ "type": "integer", "format": "int32" }),
        ),
        of_field(
            "carriage-returns",
            json!({ "type": "string", "description": "a\r\nb\rc */ d" }),
            json!({ "type": "string", "description": "a\nb\nc */ d" }),
        ),
        of_field("negations", json!({ "type": "string", "not": { "enum": ["a"] } }), text.clone()),
        of_field("type-lists", json!({ "type": ["string", "null"] }), text.clone()),
        of_field("type-lists", json!({ "type": ["string", "array"], "items": {} }), json!({})),
        of_field("unknown-types", json!({ "type": "datetime" }), text.clone()),
        of_field(
            "unknown-types",
            json!({ "type": "null", "description": "X." }),
            json!({ "description": "X." }),
        ),
        of_field("unknown-types", json!({ "type": 3 }), json!({})),
        of_field(
            "implied-types",
            json!({ "items": { "type": "string" } }),
            json!({ "items": { "type": "string" }, "type": "array" }),
        ),
        case(
            "implied-types",
            schemas(json!({ "Thing": { "properties": { "a": { "enum": ["X"] } } } })),
            [("/components/schemas/ThingA", json!({ "enum": ["X"], "type": "string" }))],
        ),
        of_field(
            "stray-keywords",
            json!({ "type": "string", "items": { "type": "string" }, "required": ["a"] }),
            text.clone(),
        ),
        of_field("stray-keywords", json!({ "format": "int32" }), json!({})),
        case(
            "enum-nulls",
            field(json!({ "type": "string", "enum": ["A", null] })),
            [
                (FIELD, json!({ "$ref": "#/components/schemas/ThingIt" })),
                ("/components/schemas/ThingIt", json!({ "type": "string", "enum": ["A"] })),
            ],
        ),
        of_field("enum-values", json!({ "type": "string", "enum": [] }), text.clone()),
        of_field("enum-values", json!({ "type": "string", "enum": ["A", 1] }), text.clone()),
        of_field(
            "enum-values",
            json!({ "type": "integer", "format": "int64", "enum": [1, 2] }),
            json!({ "type": "integer", "format": "int64" }),
        ),
        case(
            "enum-values",
            values(json!(["A", "B", "A"])),
            [("/components/schemas/Color/enum", json!(["A", "B"]))],
        ),
        of_field("formats", json!({ "type": "string", "format": "uuid" }), text.clone()),
        of_field(
            "formats",
            json!({ "type": "string", "format": "datetime" }),
            json!({ "type": "string", "format": "date-time" }),
        ),
        of_field(
            "integer-widths",
            json!({ "type": "integer" }),
            json!({ "type": "integer", "format": "int64" }),
        ),
        of_field(
            "integer-widths",
            json!({ "type": "number", "format": "int64" }),
            json!({ "type": "integer", "format": "int64" }),
        ),
        of_field(
            "integer-widths",
            json!({ "type": "number", "format": "float" }),
            json!({ "type": "number", "format": "double" }),
        ),
        of_field(
            "integer-widths",
            json!({ "type": "integer", "format": "double" }),
            json!({ "type": "number", "format": "double" }),
        ),
        case(
            "nullable",
            schemas(json!({ "Thing": { "type": "object", "required": ["a", "b"], "properties": {
                "a": { "type": "string", "nullable": true },
                "b": { "type": "array", "items": { "type": "string", "nullable": true } },
                "c": { "type": "object", "additionalProperties": {
                    "$ref": "#/components/schemas/Everything", "nullable": true,
                } },
            } } })),
            [
                ("/components/schemas/Thing/required", json!(["b"])),
                ("/components/schemas/Thing/properties/a", text.clone()),
                ("/components/schemas/Thing/properties/b/items/nullable", json!(true)),
                (
                    "/components/schemas/Thing/properties/c/additionalProperties/nullable",
                    json!(true),
                ),
            ],
        ),
        of_field(
            "untyped-items",
            json!({ "type": "array" }),
            json!({ "type": "array", "items": {} }),
        ),
        of_field("bare-objects", json!({ "type": "object" }), json!({})),
        of_field("bare-objects", json!({ "type": "object", "properties": {} }), json!({})),
        of_field(
            "empty-properties",
            json!({ "properties": {}, "required": [], "additionalProperties": text }),
            json!({ "additionalProperties": text, "type": "object" }),
        ),
        of_field(
            "additional-properties",
            json!({ "type": "object", "additionalProperties": true, "required": ["a"] }),
            json!({ "type": "object", "additionalProperties": {} }),
        ),
        case(
            "additional-properties",
            schemas(json!({ "Thing": { "type": "object", "properties": { "a": text },
                "additionalProperties": { "type": "integer" } } })),
            [(
                "/components/schemas/Thing",
                json!({ "type": "object", "properties": { "a": text } }),
            )],
        ),
        case(
            "required-lists",
            schemas(json!({ "Thing": { "type": "object", "properties": { "a": text },
                "required": ["b", "a", "a"] } })),
            [("/components/schemas/Thing/required", json!(["a"]))],
        ),
        case(
            "schema-names",
            schemas(json!({
                "thing": { "type": "object", "properties": { "a": text } },
                "Thing": { "type": "object", "properties": { "b": text } },
                "Option": { "type": "object", "properties": { "c": text } },
                "3d": { "type": "object", "properties": { "d": text } },
                "Page«Thing»": { "type": "object", "properties": { "e": text } },
            })),
            [
                ("/components/schemas/Thing/properties", json!({ "b": text })),
                ("/components/schemas/Thing2/properties", json!({ "a": text })),
                ("/components/schemas/OptionSchema/properties", json!({ "c": text })),
                ("/components/schemas/Schema3d/properties", json!({ "d": text })),
                ("/components/schemas/PageThing/properties", json!({ "e": text })),
                (
                    "/components/schemas/Everything/properties/field0/$ref",
                    json!("#/components/schemas/Thing2"),
                ),
            ],
        ),
        case(
            "inline-types",
            schemas(json!({ "Thing": { "type": "object", "properties": {
                "a": { "description": "One.", "type": "object", "properties": {
                    "b": { "type": "object", "properties": { "c": text } },
                } },
                "d": { "type": "array", "items": { "type": "object", "properties": {
                    "b": { "type": "object", "properties": { "c": text } },
                } } },
            } } })),
            [
                (
                    "/components/schemas/Thing/properties/a",
                    json!({
                        "description": "One.", "allOf": [{ "$ref": "#/components/schemas/ThingA" }],
                    }),
                ),
                (
                    "/components/schemas/Thing/properties/d/items/$ref",
                    json!("#/components/schemas/ThingA"),
                ),
                ("/components/schemas/ThingAb/properties", json!({ "c": text })),
            ],
        ),
        case(
            "inline-enums",
            schemas(json!({
                "One": { "type": "object", "properties": { "color": { "type": "string", "enum": ["R", "B"] } } },
                "Two": { "type": "object", "properties": { "paint": { "type": "string", "enum": ["B", "R"] } } },
            })),
            [
                (
                    "/components/schemas/One/properties/color/$ref",
                    json!("#/components/schemas/OneColor"),
                ),
                (
                    "/components/schemas/Two/properties/paint/$ref",
                    json!("#/components/schemas/OneColor"),
                ),
            ],
        ),
        case(
            "inheritance",
            schemas(json!({
                "Base": { "type": "object", "required": ["a"], "properties": { "a": text, "b": text } },
                "Heir": { "description": "X.", "allOf": [
                    { "$ref": "#/components/schemas/Base" },
                    { "allOf": [{ "required": ["c"], "properties": { "c": text } }] },
                ], "properties": { "b": { "type": "boolean" } } },
            })),
            [(
                "/components/schemas/Heir",
                json!({
                    "description": "X.", "type": "object", "required": ["a", "c"],
                    "properties": { "b": { "type": "boolean" }, "a": text, "c": text },
                }),
            )],
        ),
        case(
            "inheritance",
            schemas(json!({ "Thing": { "type": "object", "properties": {
                "next": { "allOf": [
                    { "$ref": "#/components/schemas/Thing" }, { "properties": { "extra": text } },
                ] },
            } } })),
            [
                (
                    "/components/schemas/Thing/properties/next/$ref",
                    json!("#/components/schemas/ThingNext"),
                ),
                (
                    "/components/schemas/ThingNext/properties/next/$ref",
                    json!("#/components/schemas/ThingNext"),
                ),
            ],
        ),
        case(
            "inheritance",
            schemas(json!({
                "Color": { "type": "string", "enum": ["R"] },
                "Paint": { "allOf": [{ "$ref": "#/components/schemas/Color" }, { "description": "X." }] },
            })),
            [(
                "/components/schemas/Everything/properties/field1/$ref",
                json!("#/components/schemas/Color"),
            )],
        ),
        case(
            "circular-inheritance",
            schemas(json!({
                "One": { "allOf": [{ "$ref": "#/components/schemas/Two" }], "properties": { "a": text } },
                "Two": { "allOf": [{ "$ref": "#/components/schemas/One" }], "properties": { "b": text } },
            })),
            [("/components/schemas/One/properties/b", text.clone())],
        ),
        case(
            "aliases",
            schemas(json!({
                "Names": { "type": "array", "items": { "$ref": "#/components/schemas/Name" } },
                "Name": { "description": "X.", "type": "string" },
                "Json": { "type": "array", "items": { "$ref": "#/components/schemas/Json" } },
                "Round": { "$ref": "#/components/schemas/Trip" },
                "Trip": { "$ref": "#/components/schemas/Round" },
                "Id": { "type": "string", "x-id": true },
            })),
            [
                ("/components/schemas/Everything/properties/field0/items/type", json!("string")),
                ("/components/schemas/Everything/properties/field2", json!({})),
                ("/components/schemas/Everything/properties/field3", json!({})),
                ("/components/schemas/Names", NOTHING),
                ("/components/schemas/Id/x-id", json!(true)),
            ],
        ),
        case(
            "aliases",
            schemas(json!({ "Deep": deep_map })),
            [("/components/schemas/Everything/properties/field0", json!({}))],
        ),
        case(
            "unused-schemas",
            {
                let mut document = field(text.clone());
                document["components"]["schemas"]["Left"] = json!({ "type": "object", "properties": { "l": { "$ref": "#/components/schemas/Left" } } });
                document
            },
            [("/components/schemas/Left", NOTHING)],
        ),
        case(
            "property-names",
            schemas(json!({ "Thing": { "type": "object", "required": ["foo_bar"], "properties": {
                "fooBar": text, "foo_bar": text, "$": text, "1st": text, "self": text, "type": text,
                "it's": { "$ref": "#/components/schemas/Everything" },
            } } })),
            [
                ("/components/schemas/Thing/properties/fooBar/x-rust-name", NOTHING),
                ("/components/schemas/Thing/properties/foo_bar/x-rust-name", json!("foo_bar_2")),
                ("/components/schemas/Thing/properties/$/x-rust-name", json!("field")),
                ("/components/schemas/Thing/properties/1st/x-rust-name", json!("field_1st")),
                ("/components/schemas/Thing/properties/self/x-rust-name", json!("self_value")),
                ("/components/schemas/Thing/properties/type/x-rust-name", NOTHING),
                ("/components/schemas/Thing/properties/it's/x-rust-name", json!("it_s")),
            ],
        ),
        case(
            "value-names",
            values(json!(["", "1", "<", "a-b", "a_b", "Unrecognized", "self", "é", "a_b_2"])),
            [(
                "/components/schemas/Color/x-enum-varnames",
                json!([
                    "Value",
                    "Value1",
                    "Value2",
                    "AB",
                    "Ab2",
                    "Unrecognized2",
                    "SelfValue",
                    "Value3",
                    "AB2",
                ]),
            )],
        ),
    ]
}
