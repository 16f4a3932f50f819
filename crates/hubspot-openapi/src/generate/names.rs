//! Names of variants and fields.

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;

use crate::document::{Schema, entries, strings};

/// The variants of an enum with their values.
pub(super) fn of_values(schema: Schema<'_>) -> Vec<(String, &str)> {
    variants(schema.value, &strings(&schema.value["enum"]).collect::<Vec<_>>())
}

/// The variants of a union with their tags.
pub(super) fn of_tags(union: Schema<'_>) -> Vec<(String, &str)> {
    let tags: Vec<_> = union.members().map(|(tag, _)| tag).collect();
    variants(&union.value["discriminator"], &tags)
}

/// A value in camel case, unless the document names its variant.
fn variants<'a>(holder: &'a Value, values: &[&'a str]) -> Vec<(String, &'a str)> {
    let mut given = strings(&holder["x-enum-varnames"]);
    let name =
        |value: &str| given.next().map_or_else(|| value.to_upper_camel_case(), str::to_owned);
    values.iter().copied().map(name).zip(values.iter().copied()).collect()
}

/// The name of a property's field: in snake case, unless the document names it.
pub(super) fn of_field(property: &str, schema: &Value) -> String {
    schema["x-rust-name"].as_str().map_or_else(|| property.to_snake_case(), str::to_owned)
}

/// The field as it is written, where its name can be a keyword.
pub(super) fn identifier(field: &str) -> String {
    if syn::parse_str::<syn::Ident>(field).is_err() || field == "gen" {
        format!("{field}_")
    } else {
        field.to_owned()
    }
}

/// Gives the properties that have a name in Rust that name, so that typify uses it.
pub(super) fn rename_properties(schema: &mut Value) {
    let renamed: Vec<(String, String)> = entries(&schema["properties"])
        .filter_map(|(name, property)| {
            Some((name.to_owned(), property["x-rust-name"].as_str()?.to_owned()))
        })
        .collect();
    for (property, name) in renamed {
        if let Some(properties) = schema["properties"].as_object_mut()
            && let Some(value) = properties.shift_remove(&property)
        {
            properties.insert(name.clone(), value);
        }
        for required in schema["required"].as_array_mut().into_iter().flatten() {
            if *required == *property {
                *required = Value::String(name.clone());
            }
        }
    }
}
