//! Names of schemas.

use std::collections::{HashMap, HashSet};

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

use super::references;
use super::report::Log;
use super::walk;

/// What the module of the generated types already has names for. HubSpot does have an `Option`.
const TAKEN: &[&str] = &[
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "JsonSchema",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Gives every schema a name that is a Rust type's, and different from all others: typify makes the
/// same type of names that only differ in case or signs.
pub(super) fn schemas(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    // A name that can stay keeps it, whatever stands before it.
    let mut names = Names::new(schemas.keys().filter(|name| is_type_name(name)).cloned());
    let mut renamed = HashMap::new();
    let kept = std::mem::take(schemas).into_iter().map(|(name, schema)| {
        let new = if is_type_name(&name) { name.clone() } else { names.free(&name) };
        if new != name {
            log.fixed();
            renamed.insert(name, new.clone());
        }
        (new, schema)
    });
    *schemas = kept.collect();
    if renamed.is_empty() {
        return;
    }
    walk::schemas(document, &mut |_, schema| {
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(references::name);
        if let Some(new) = reference.and_then(|name| renamed.get(name)) {
            *schema = references::to(new);
        }
        for (_, target) in references::mapping(schema) {
            let name = target.as_str().and_then(references::name);
            if let Some(new) = name.and_then(|name| renamed.get(name)) {
                *target = references::to(new)["$ref"].take();
            }
        }
    });
}

/// The names that are in use.
pub(super) struct Names(HashSet<String>);

impl Names {
    pub(super) fn new(names: impl Iterator<Item = String>) -> Self {
        Self(names.collect())
    }

    pub(super) fn of(schemas: &Map<String, Value>) -> Self {
        Self::new(schemas.keys().cloned())
    }

    /// A type's name made from the wish, with a number if it is in use. It is in use from then on.
    pub(super) fn free(&mut self, wish: &str) -> String {
        let mut wish = camel(wish);
        if TAKEN.contains(&wish.as_str()) {
            wish += "Schema";
        }
        let name = (1..)
            .map(
                |number| if number == 1 { wish.clone() } else { camel(&format!("{wish}{number}")) },
            )
            .find(|name| !self.0.contains(name))
            .unwrap_or(wish);
        self.0.insert(name.clone());
        name
    }
}

/// Whether neither typify nor we would change the name.
fn is_type_name(name: &str) -> bool {
    camel(name) == name && !TAKEN.contains(&name)
}

/// The name in camel case, with no signs and a letter first.
fn camel(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let mut name: String = name.chars().map(plain).collect();
    if !name.trim_start_matches('_').starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.insert_str(0, "Schema_");
    }
    // Twice, since the words of a name in camel case can be cut in other places.
    name.to_upper_camel_case().to_upper_camel_case()
}

/// A name made of words.
pub(super) fn joined(words: &[&str]) -> String {
    camel(&words.join("_"))
}

/// What a schema is, without its prose and whatever has no meaning for its type. Two schemas of the
/// same shape can be one.
pub(super) fn shape(schema: &Value) -> Value {
    let Some(object) = schema.as_object() else { return schema.clone() };
    let mut keys: Vec<_> = object
        .iter()
        .filter(|(key, _)| {
            !key.starts_with("x-")
                && !["description", "deprecated", "readOnly", "writeOnly"].contains(&key.as_str())
        })
        .collect();
    keys.sort_by_key(|(key, _)| key.as_str());
    let mut shaped = Map::new();
    for (key, value) in keys {
        let value = match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                let mut properties: Vec<_> = properties.iter().collect();
                properties.sort_by_key(|(name, _)| name.as_str());
                properties.into_iter().map(|(name, value)| (name.clone(), shape(value))).collect()
            }
            ("items" | "additionalProperties", value) => shape(value),
            ("allOf" | "oneOf", Value::Array(list)) => list.iter().map(shape).collect(),
            ("required" | "enum", Value::Array(list)) => {
                let mut texts: Vec<_> = list.iter().filter_map(Value::as_str).collect();
                texts.sort_unstable();
                json!(texts)
            }
            (_, value) => value.clone(),
        };
        shaped.insert(key.clone(), value);
    }
    match shaped.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) if shaped.len() == 1 && only.get("$ref").is_some() => only.clone(),
        _ => Value::Object(shaped),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Names, camel, shape};

    #[test]
    fn names_are_types_and_unique() {
        let mut names = Names::new(["Thing".to_owned()].into_iter());
        let wishes = ["thing", "Thing", "Option", "3 things", "«»", "HTTPThing", "a.b-c"];
        let made = wishes.map(|wish| names.free(wish));
        let wanted =
            ["Thing2", "Thing3", "OptionSchema", "Schema3Things", "Schema", "HttpThing", "Abc"];
        assert_eq!(made, wanted);
        assert!(made.iter().all(|name| camel(name) == *name));
    }

    #[test]
    fn shapes_do_not_depend_on_prose_and_order() {
        let one = json!({ "type": "object", "required": ["b", "a"], "properties": {
            "a": { "type": "string", "enum": ["X", "Y"] }, "b": { "$ref": "#/components/schemas/B" },
        } });
        let other = json!({ "description": "X.", "type": "object", "required": ["a", "b"],
            "properties": {
                "b": { "description": "X.", "allOf": [{ "$ref": "#/components/schemas/B" }] },
                "a": { "type": "string", "enum": ["Y", "X"] },
        } });
        assert_eq!(shape(&one), shape(&other));
        assert_ne!(shape(&one), shape(&json!({ "type": "object" })));
    }
}
