//! The fields of forms.

use serde_json::Value;

use crate::document::{Document, Kind, Schema, referenced};
use crate::generate::layout::doc;
use crate::generate::names;

/// A part of a form, as the field of a struct.
pub(super) struct Part<'a> {
    property: &'a str,
    description: &'a str,
    encoding: Option<&'a str>,
    holds: Holds,
    pub(super) field: String,
    /// The type of the field.
    pub(super) ty: String,
    pub(super) required: bool,
    /// Whether `Debug` shows it.
    pub(super) is_shown: bool,
}

/// What is sent of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    File,
    Files,
    Value,
}

impl<'a> Part<'a> {
    pub(super) fn of(
        document: &Document,
        schema: Schema<'_>,
        property: &'a str,
        value: &'a Value,
        encoding: Option<&'a str>,
    ) -> Self {
        let holds = match value {
            value if is_file(value) => Holds::File,
            value if value["type"] == "array" && is_file(&value["items"]) => Holds::Files,
            _ => Holds::Value,
        };
        let required = schema.requires(property) && value["nullable"] != true;
        let (ty, is_shown) = type_of(document, value);
        // An empty list is no part, an empty map one that holds `{}`.
        let can_be_left_out = ty.starts_with("Vec<");
        let ty = if required || can_be_left_out { ty } else { format!("Option<{ty}>") };
        Self {
            property,
            description: value["description"].as_str().unwrap_or_default(),
            encoding,
            holds,
            field: names::identifier(&names::of_field(property, value)),
            ty,
            required,
            is_shown,
        }
    }

    pub(super) fn declaration(&self) -> String {
        let description = match self.description.trim() {
            "" => format!("The part `{}`.", self.property),
            description => description.to_owned(),
        };
        format!("{}    pub {}: {},\n", doc("    ", &description), self.field, self.ty)
    }

    /// The code that adds it to the form.
    pub(super) fn adding(&self) -> String {
        let (property, field) = (self.property, &self.field);
        let encoded = |method: &str, value: &str| match self.encoding {
            None => format!("form.{method}({property:?}, {value})"),
            Some(encoding) => format!("form.{method}_as({property:?}, {encoding:?}, {value})"),
        };
        match self.holds {
            Holds::File if self.required => {
                format!("let form = {};\n", encoded("file", &format!("self.{field}.clone()")))
            }
            Holds::File | Holds::Files => format!(
                "let form = self.{field}.iter().fold(form, |form, file| {});\n",
                encoded("file", "file.clone()")
            ),
            Holds::Value => {
                let added = encoded("value", &format!("&self.{field}")) + "?";
                if self.encoding.is_some() && self.ty.starts_with("Vec<") && !self.required {
                    // With an encoding it would be sent as `[]`.
                    format!(
                        "let form = if self.{field}.is_empty() {{ form }} else {{ {added} }};\n"
                    )
                } else {
                    format!("let form = {added};\n")
                }
            }
        }
    }
}

fn is_file(schema: &Value) -> bool {
    schema["type"] == "string" && schema["format"] == "binary"
}

/// The type of a value, and whether nobody's words can be in it.
fn type_of(document: &Document, schema: &Value) -> (String, bool) {
    if let Some(target) = referenced(schema).and_then(|name| document.schema(name)) {
        return match target.kind() {
            Kind::Page => ("serde_json::Value".to_owned(), false),
            _ => (target.name.to_owned(), true),
        };
    }
    let (name, is_shown) = match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), Some("binary")) => ("crate::Upload", true),
        (Some("string"), Some("date-time")) => ("chrono::DateTime<chrono::offset::Utc>", true),
        (Some("string"), Some("date")) => ("chrono::naive::NaiveDate", true),
        (Some("string"), _) => ("String", false),
        (Some("integer"), Some("int32")) => ("i32", true),
        (Some("integer"), _) => ("i64", true),
        (Some("number"), _) => ("f64", false),
        (Some("boolean"), _) => ("bool", true),
        (Some("array"), _) => {
            let (item, is_shown) = item_of(document, &schema["items"]);
            return (format!("Vec<{item}>"), is_shown);
        }
        (Some("object"), _) if schema["additionalProperties"].is_object() => {
            let (value, _) = item_of(document, &schema["additionalProperties"]);
            return (format!("std::collections::BTreeMap<String, {value}>"), false);
        }
        _ => ("serde_json::Value", false),
    };
    (name.to_owned(), is_shown)
}

fn item_of(document: &Document, schema: &Value) -> (String, bool) {
    let (ty, is_shown) = type_of(document, schema);
    if schema["nullable"] == true { (format!("Option<{ty}>"), is_shown) } else { (ty, is_shown) }
}
