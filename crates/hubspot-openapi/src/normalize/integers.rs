//! Formats, and the widths of numbers.

use serde_json::{Value, json};

use super::report::Log;
use super::walk;

/// Drops formats of strings but dates and times. typify would read e-mail addresses, UUIDs and the
/// like strictly, and HubSpot does not write them so; a date that is a number is a number.
pub(super) fn formats(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        let Some(format) = object.get("format").and_then(Value::as_str) else { return };
        let stays = match object.get("type").and_then(Value::as_str) {
            Some("string") => match format {
                "date" | "date-time" | "binary" => true,
                "datetime" | "dateTime" => {
                    object.insert("format".to_owned(), json!("date-time"));
                    log.fixed();
                    true
                }
                _ => false,
            },
            Some("integer" | "number") => true,
            _ => false,
        };
        if !stays {
            object.shift_remove("format");
            log.fixed();
        }
    });
}

/// Gives each number one of three widths: `int32`, `int64` and `double`. typify makes others of an
/// unknown or unsigned format, refuses an integer with a format of fractions, and loses digits of
/// money in a `float`.
pub(super) fn widths(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let written = (schema["type"].as_str(), schema["format"].as_str());
        let meant = match written {
            (Some("integer" | "number"), Some("int32")) => ("integer", "int32"),
            (Some("integer"), Some("double" | "float" | "number" | "decimal" | "bigdecimal")) => {
                ("number", "double")
            }
            (Some("integer"), _)
            | (Some("number"), Some("int64" | "long" | "integer" | "uint32" | "uint64")) => {
                ("integer", "int64")
            }
            (Some("number"), _) => ("number", "double"),
            _ => return,
        };
        if written != (Some(meant.0), Some(meant.1)) {
            schema["type"] = json!(meant.0);
            schema["format"] = json!(meant.1);
            log.fixed();
        }
    });
}
