//! What holds for whatever is in a document.

use std::panic;
use std::thread;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

use super::{cases, normalized};
use crate::document::Document;
use crate::generate;
use crate::normalize::normalize;

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        let _ = normalize(&bytes);
    }

    #[test]
    fn no_json_makes_it_panic(document in any_json()) {
        let _ = normalize(document.to_string().as_bytes());
    }

    #[test]
    fn nothing_in_a_document_makes_it_panic(paths in any_json(), schemas in any_json()) {
        assert_sound(&json!({
            "openapi": "3.0.1", "paths": paths, "components": { "schemas": schemas },
        }));
    }

    #[test]
    fn a_damaged_document_stays_readable(
        base in any::<prop::sample::Index>(),
        damages in prop::collection::vec(any_damage(), 1..4),
    ) {
        let cases = cases();
        let mut document = base.get(&cases).document.clone();
        for damage in &damages {
            damage.apply(&mut document);
        }
        document["openapi"] = json!("3.0.1");
        assert_sound(&document);
    }
}

/// Asserts that a document can be normalized, once for all, and that progenitor makes code of it.
fn assert_sound(document: &Value) {
    let (fixed, report) = normalized(document);
    let (again, second) = normalized(&fixed);
    assert_eq!(again, fixed, "normalizing again changes nothing\n{report}\n{second}");
    if Document(fixed.clone()).operations().next().is_some() {
        let generated = fixed.clone();
        // What typify makes of chains of schemas, it makes by recursion.
        let thread = thread::Builder::new().stack_size(64 << 20);
        let thread =
            thread.spawn(move || panic::catch_unwind(|| generate::package_from(generated)));
        let result = thread.unwrap().join().unwrap();
        let result = result.unwrap_or_else(|_| panic!("progenitor panics at {fixed:#}\n{report}"));
        result.unwrap_or_else(|error| panic!("{error:#} at {fixed:#}\n{report}"));
    }
}

/// Something that happens to a node of a document.
#[derive(Clone, Debug)]
enum Damage {
    Delete(prop::sample::Index),
    Replace(prop::sample::Index, Value),
    /// Puts one node in the place of another.
    Copy(prop::sample::Index, prop::sample::Index),
}

fn any_damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Damage::Delete),
        (any::<prop::sample::Index>(), any_json())
            .prop_map(|(node, value)| Damage::Replace(node, value)),
        any::<(prop::sample::Index, prop::sample::Index)>()
            .prop_map(|(from, to)| Damage::Copy(from, to)),
    ]
}

impl Damage {
    fn apply(&self, document: &mut Value) {
        let nodes = nodes(document, "");
        match self {
            Self::Delete(node) => {
                let Some((holder, key)) = node.get::<String>(&nodes).rsplit_once('/') else {
                    return;
                };
                let key = key.replace("~1", "/").replace("~0", "~");
                match document.pointer_mut(holder) {
                    Some(Value::Object(object)) => {
                        object.shift_remove(&key);
                    }
                    Some(Value::Array(list)) => {
                        list.remove(key.parse().unwrap());
                    }
                    _ => {}
                }
            }
            Self::Replace(node, value) => {
                *document.pointer_mut(node.get::<String>(&nodes)).unwrap() = value.clone();
            }
            Self::Copy(from, to) => {
                let value = document.pointer(from.get::<String>(&nodes)).unwrap().clone();
                *document.pointer_mut(to.get::<String>(&nodes)).unwrap() = value;
            }
        }
        if !document.is_object() {
            *document = json!({});
        }
    }
}

/// The pointers to all values.
fn nodes(value: &Value, pointer: &str) -> Vec<String> {
    let mut found = vec![pointer.to_owned()];
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                found.extend(nodes(item, &format!("{pointer}/{at}")));
            }
        }
        Value::Object(object) => {
            for (key, value) in object {
                let key = key.replace('~', "~0").replace('/', "~1");
                found.extend(nodes(value, &format!("{pointer}/{key}")));
            }
        }
        _ => {}
    }
    found
}

/// JSON with the words of OpenAPI in it, which are more harmful than others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000_i32..1_000).prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        word().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![4 => word(), 1 => any::<String>()]
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(WORDS).prop_map(str::to_owned)
}

const WORDS: &[&str] = &[
    "$ref",
    "#/components/schemas/A",
    "#/components/schemas/B",
    "A",
    "B",
    "/a",
    "/a/{b}",
    "get",
    "post",
    "parameters",
    "name",
    "in",
    "path",
    "query",
    "header",
    "requestBody",
    "responses",
    "200",
    "207",
    "2XX",
    "default",
    "content",
    "application/json",
    "*/*",
    "schema",
    "type",
    "object",
    "array",
    "string",
    "integer",
    "number",
    "boolean",
    "format",
    "int64",
    "date-time",
    "properties",
    "items",
    "additionalProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "enum",
    "discriminator",
    "propertyName",
    "mapping",
    "required",
    "nullable",
    "description",
    "x-id",
    "x-page",
    "x-rust-name",
    "x-enum-varnames",
    "security",
    "operationId",
    "tags",
    "title",
    "self",
    "results",
    "paging",
    "next",
    "after",
];
