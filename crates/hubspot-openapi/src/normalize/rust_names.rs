//! Names in Rust of what keeps its own name on the wire.
//!
//! They are written into the document as extensions, which the code generator obeys: `x-rust-name` of
//! a property, and `x-enum-varnames` of an enum or a discriminator, in the order of the values.

use std::collections::HashSet;

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::{Map, Value, json};

use super::links::reference;
use super::references;
use super::report::Log;
use super::walk;
use crate::document::entries;

/// Names fields whose own names do not become different Rust names: `fooBar` beside `foo_bar`,
/// names without letters, keywords that cannot be raw.
pub(super) fn properties(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
            return;
        };
        let names: Vec<_> = properties
            .iter()
            .map(|(name, schema)| (name.clone(), schema["x-rust-name"].as_str().map(str::to_owned)))
            .collect();
        let unique = unique(&names, "field", |name| name.to_snake_case(), &[]);
        for ((name, schema), unique) in properties.iter_mut().zip(unique) {
            // typify drops apostrophes, where others take them for a space between words.
            let is_plain = *name.to_snake_case() == unique && !name.contains('\'');
            if !is_plain && let Some(target) = reference(schema).map(references::to) {
                *schema = json!({ "allOf": [target] });
            }
            if let Some(schema) = schema.as_object_mut() {
                set(schema, "x-rust-name", (!is_plain).then(|| json!(unique)), log);
            }
        }
    });
}

/// Names variants whose values do not become different Rust names: nothing but signs, digits first,
/// `a-b` beside `a_b`, and `Unrecognized`, which is taken.
pub(super) fn values(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(schema) = schema.as_object_mut() else { return };
        let Some(values) = schema.get("enum").and_then(Value::as_array) else { return };
        let values: Vec<String> =
            values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        set_variants(schema, &values, log);
    });
}

/// Names the variants of unions in the same way.
pub(super) fn tags(document: &mut Value, log: &mut Log<'_>) {
    for schema in walk::named(document).into_iter().flat_map(Map::values_mut) {
        let Some(discriminator) = schema.get_mut("discriminator") else { continue };
        let tags: Vec<String> =
            entries(&discriminator["mapping"]).map(|(tag, _)| tag.to_owned()).collect();
        if let Some(discriminator) = discriminator.as_object_mut() {
            set_variants(discriminator, &tags, log);
        }
    }
}

fn set_variants(holder: &mut Map<String, Value>, values: &[String], log: &mut Log<'_>) {
    let given = holder.get("x-enum-varnames").and_then(Value::as_array).cloned();
    let given = given.filter(|given| given.len() == values.len()).unwrap_or_default();
    let given = given.iter().map(|name| name.as_str().map(str::to_owned));
    let names: Vec<_> = values.iter().cloned().zip(given.chain(std::iter::repeat(None))).collect();
    let unique = unique(&names, "Value", |name| name.to_upper_camel_case(), &["Unrecognized"]);
    let plain: Vec<_> = values.iter().map(|value| value.to_upper_camel_case()).collect();
    set(holder, "x-enum-varnames", (plain != unique).then(|| json!(unique)), log);
}

fn set(holder: &mut Map<String, Value>, key: &str, value: Option<Value>, log: &mut Log<'_>) {
    if holder.get(key) == value.as_ref() {
        return;
    }
    match value {
        Some(value) => holder.insert(key.to_owned(), value),
        None => holder.shift_remove(key),
    };
    log.fixed();
}

/// Names in one case, made identifiers and told apart by numbers. The first to come has its own. A
/// name that was chosen before stays, if it can.
fn unique(
    names: &[(String, Option<String>)],
    prefix: &str,
    case: impl Fn(&str) -> String,
    taken: &[&str],
) -> Vec<String> {
    let mut seen: HashSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let stands = |name: &str| is_identifier(name) && (!is_keyword(name) || is_raw(name));
    let mut free = |(own, chosen): &(String, Option<String>)| {
        let cased = case(own);
        let wish = match chosen {
            Some(chosen) if stands(chosen) => chosen.clone(),
            _ if stands(&cased) => cased,
            _ if is_identifier(&cased) => case(&format!("{cased}_value")),
            _ => {
                let plain =
                    |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
                case(&format!("{prefix}_{}", own.chars().map(plain).collect::<String>()))
            }
        };
        let numbered = (2..).map(|number| case(&format!("{wish}_{number}")));
        let mut names = [wish.clone()].into_iter().chain(numbered);
        names.find(|name| seen.insert(name.clone())).unwrap_or_default()
    };
    names.iter().map(&mut free).collect()
}

/// Whether it is an identifier or a keyword.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Whether a keyword can be a field's name as it is: typify writes `type_` for it, and we read that.
fn is_raw(name: &str) -> bool {
    !matches!(name, "Self" | "self" | "super" | "crate" | "_")
}

/// Whether Rust keeps the word for itself.
pub(super) fn is_keyword(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_err() || name == "gen"
}
