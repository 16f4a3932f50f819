//! What is said beside a schema's type.

use serde_json::{Map, Value};

use super::report::Log;
use super::walk;

/// Drops examples. Nothing is generated from them, HubSpot writes `null` where there is none, and
/// some do not fit the type.
pub(super) fn examples(document: &mut Value, log: &mut Log<'_>) {
    remove(document, &["example", "examples"], log);
}

/// Drops defaults. They say what the server does with what is left out; typify would send them, and
/// fails where one does not fit the type.
pub(super) fn defaults(document: &mut Value, log: &mut Log<'_>) {
    // A lone default is how some revisions write the tag of a union's member.
    walk::schemas(document, &mut |_, schema| {
        for property in properties(schema) {
            if let Some(property) = property.as_object_mut()
                && property.get("type").is_some_and(|name| name == "string")
                && !property.contains_key("enum")
                && let Some(Value::String(tag)) = property.get("default").cloned()
            {
                property.insert(LONE_DEFAULT.to_owned(), Value::String(tag));
            }
        }
    });
    remove(document, &["default"], log);
}

/// Where the default of a plain string is remembered until unions are made.
pub(super) const LONE_DEFAULT: &str = "x-lone-default";

fn properties(schema: &mut Value) -> impl Iterator<Item = &mut Value> {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    properties.into_iter().flat_map(Map::values_mut)
}

/// Drops titles: typify names types by them, wherever they stand and whether or not they are unique.
pub(super) fn titles(document: &mut Value, log: &mut Log<'_>) {
    remove(document, &["title"], log);
}

/// Drops limits of lengths, sizes and values, and patterns. typify makes types of them that refuse
/// what the server would accept, some with regular expressions that cannot be compiled.
pub(super) fn constraints(document: &mut Value, log: &mut Log<'_>) {
    const CONSTRAINTS: &[&str] = &[
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
    ];
    remove(document, CONSTRAINTS, log);
}

fn remove(document: &mut Value, keys: &[&str], log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(schema) = schema.as_object_mut() else { return };
        if keys.iter().any(|key| schema.contains_key(*key)) {
            schema.retain(|key, _| {
                let stays = !keys.contains(&key.as_str());
                if !stays {
                    log.fixed();
                }
                stays
            });
        }
    });
}

/// Makes plain line ends of carriage returns: Rust allows none of them in a doc comment.
pub(super) fn carriage_returns(document: &mut Value, log: &mut Log<'_>) {
    match document {
        Value::String(text) if text.contains('\r') => {
            *text = text.replace("\r\n", "\n").replace('\r', "\n");
            log.fixed();
        }
        Value::Array(list) => list.iter_mut().for_each(|value| carriage_returns(value, log)),
        Value::Object(object) => {
            object.values_mut().for_each(|value| carriage_returns(value, log));
        }
        _ => {}
    }
}
