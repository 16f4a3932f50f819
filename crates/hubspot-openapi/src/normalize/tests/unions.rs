//! Unions.

use serde_json::{Value, json};

use super::{Case, FIELD, NOTHING, case, field, schemas};

fn to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A member of a union: an object with one value of `type`.
fn tagged(property: &str, tag: &str) -> Value {
    json!({ "type": "object", "required": [property], "properties": {
        property: { "type": "string", "enum": [tag] }, "name": { "type": "string" },
    } })
}

fn plain() -> Value {
    json!({ "type": "object", "properties": { "name": { "type": "string" } } })
}

/// A document with these members in a union.
fn union_of(union: Value, members: Value) -> Value {
    let mut all = members;
    all["Toy"] = union;
    schemas(all)
}

fn two() -> Value {
    json!({ "Ball": tagged("type", "BALL"), "Kite": tagged("type", "KITE") })
}

const TOY: &str = "/components/schemas/Toy";

pub(super) fn cases() -> Vec<Case> {
    let both = json!([to("Ball"), to("Kite")]);
    let by_type = json!({ "propertyName": "type", "mapping": {
        "BALL": "#/components/schemas/Ball", "KITE": "#/components/schemas/Kite",
    } });
    let kinds = json!({ "Ball": tagged("kind", "BALL"), "Kite": tagged("kind", "KITE") });
    let heir = |tag: &str| json!({ "allOf": [to("Toy"), tagged("type", tag)] });
    vec![
        case(
            "any-of",
            union_of(json!({ "anyOf": both }), two()),
            [
                ("/components/schemas/Toy/oneOf", both.clone()),
                ("/components/schemas/Toy/discriminator", by_type.clone()),
            ],
        ),
        case(
            "null-members",
            field(json!({ "oneOf": [to("Everything"), { "type": "null" }] })),
            [(FIELD, to("Everything"))],
        ),
        case(
            "implicit-unions",
            union_of(
                json!({ "type": "object", "properties": { "type": { "type": "string" }, "size": {
                    "type": "string",
                } }, "discriminator": by_type }),
                json!({ "Ball": heir("BALL"), "Kite": heir("KITE") }),
            ),
            [
                ("/components/schemas/Toy", json!({ "discriminator": by_type, "oneOf": both })),
                ("/components/schemas/Ball/properties/size", json!({ "type": "string" })),
            ],
        ),
        case(
            "circular-inheritance",
            union_of(
                json!({ "oneOf": both, "properties": { "size": { "type": "string" } } }),
                json!({
                    "Ball": heir("BALL"),
                    "Kite": { "allOf": [to("Flying"), tagged("type", "KITE")] },
                    "Flying": { "allOf": [to("Toy")], "properties": { "wings": { "type": "boolean" } } },
                }),
            ),
            [
                ("/components/schemas/Toy", json!({ "oneOf": both, "discriminator": by_type })),
                ("/components/schemas/Ball/properties/size", json!({ "type": "string" })),
                ("/components/schemas/Kite/properties/wings", json!({ "type": "boolean" })),
            ],
        ),
        case(
            "union-properties",
            union_of(
                json!({ "oneOf": both, "type": "object", "properties": { "size": {} } }),
                two(),
            ),
            [(TOY, json!({ "oneOf": both, "discriminator": by_type }))],
        ),
        case(
            "nested-unions",
            union_of(
                json!({ "oneOf": [to("Inner"), to("Ball")] }),
                json!({
                    "Ball": tagged("type", "BALL"), "Kite": tagged("type", "KITE"),
                    "Inner": { "oneOf": [to("Alias"), to("Toy")] }, "Alias": to("Kite"),
                }),
            ),
            [("/components/schemas/Toy/oneOf", json!([to("Ball"), to("Kite")]))],
        ),
        case(
            "scalar-unions",
            field(json!({ "oneOf": [{ "type": "string", "enum": ["a"] }, { "type": "string" }] })),
            [(FIELD, json!({ "type": "string" }))],
        ),
        case(
            "single-unions",
            union_of(json!({ "oneOf": [to("Ball")] }), json!({ "Ball": plain() })),
            [("/components/schemas/Everything/properties/field1", to("Ball"))],
        ),
        case(
            "union-tags",
            union_of(json!({ "oneOf": both }), two()),
            [("/components/schemas/Toy/discriminator", by_type.clone())],
        ),
        case(
            "union-tags",
            union_of(json!({ "oneOf": both }), kinds),
            [("/components/schemas/Toy/discriminator/propertyName", json!("kind"))],
        ),
        case(
            "union-tags",
            union_of(
                json!({ "oneOf": both, "discriminator": { "propertyName": "sort", "mapping": { "b": "Ball" } } }),
                json!({ "Ball": plain(), "Kite": plain() }),
            ),
            [
                (
                    "/components/schemas/Toy/discriminator/mapping",
                    json!({
                        "b": "#/components/schemas/Ball", "Kite": "#/components/schemas/Kite",
                    }),
                ),
                (
                    "/components/schemas/Ball/properties/sort",
                    json!({ "type": "string", "enum": ["b"] }),
                ),
            ],
        ),
        // Older revisions say the tag by a default alone.
        case(
            "union-tags",
            union_of(
                json!({ "oneOf": both }),
                json!({
                    "Ball": { "type": "object", "properties": { "type": { "type": "string", "default": "BALL" } } },
                    "Kite": { "type": "object", "properties": { "type": { "type": "string", "default": "KITE" } } },
                }),
            ),
            [(
                "/components/schemas/Ball",
                json!({ "type": "object", "required": ["type"], "properties": {
                "type": { "type": "string", "enum": ["BALL"] },
            } }),
            )],
        ),
        // Inline members, several values of a tag, and a member of which nothing else is known.
        case(
            "union-tags",
            union_of(
                json!({ "oneOf": [tagged("type", "BALL"), to("Kite"), to("Bare")],
                    "discriminator": { "propertyName": "type" } }),
                json!({
                    "Kite": { "type": "object", "properties": {
                        "type": { "type": "string", "enum": ["KITE", "DRAGON"] },
                    } },
                    "Bare": { "type": "object" },
                }),
            ),
            [
                (
                    "/components/schemas/Toy/discriminator/mapping",
                    json!({
                        "BALL": "#/components/schemas/ToyBall", "KITE": "#/components/schemas/Kite",
                        "DRAGON": "#/components/schemas/Kite", "Bare": "#/components/schemas/Bare",
                    }),
                ),
                ("/components/schemas/Bare/properties/type/enum", json!(["Bare"])),
            ],
        ),
        case(
            "untold-unions",
            union_of(
                json!({ "description": "X.", "oneOf": both }),
                json!({ "Ball": plain(), "Kite": plain() }),
            ),
            [("/components/schemas/Everything/properties/field2", json!({ "description": "X." }))],
        ),
        case("untold-unions", field(json!({ "oneOf": [] })), [(FIELD, json!({}))]),
        case(
            "untold-unions",
            field(json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] })),
            [(FIELD, json!({}))],
        ),
        case(
            "member-tags",
            union_of(
                json!({ "oneOf": both, "discriminator": by_type }),
                json!({
                    "Ball": plain(), "Kite": tagged("type", "KITE"),
                }),
            ),
            [("/components/schemas/Ball/required", json!(["type"]))],
        ),
        case(
            "stray-discriminators",
            union_of(
                json!({ "type": "object", "properties": { "type": { "type": "string" } },
                    "discriminator": { "propertyName": "type" } }),
                json!({}),
            ),
            [("/components/schemas/Toy/discriminator", NOTHING)],
        ),
        case(
            "tag-names",
            union_of(
                json!({ "oneOf": both }),
                json!({ "Ball": tagged("type", "a-b"), "Kite": tagged("type", "a_b") }),
            ),
            [("/components/schemas/Toy/discriminator/x-enum-varnames", json!(["AB", "Ab2"]))],
        ),
    ]
}
