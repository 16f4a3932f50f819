//! Validates a request's body against the document's schema of its type.
//!
//! The types are lenient, because they also read what HubSpot is known to send against its own
//! document. A simulator that validated requests with them would accept what HubSpot rejects.

use std::any::type_name;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::DateTime;
use schemars::{JsonSchema, schema_for};
use serde_json::{Map, Value};

use crate::assumptions;
use crate::http::errors::Problem;

/// The most problems of one body that are reported.
const MAX_PROBLEMS: usize = 20;

/// The problems of a body; none if it matches the schema. Adds the optional lists that the body
/// omits, as empty ones.
pub(crate) fn problems<T: JsonSchema>(body: &mut Value) -> Vec<Problem> {
    let schema = schema::<T>();
    let mut check = Check { definitions: &schema["$defs"], problems: Vec::new() };
    check.value(&schema, body, "");
    check.problems
}

/// The schema of a type. Each is built once, because building one takes longer than using it.
fn schema<T: JsonSchema>() -> Arc<Value> {
    static SCHEMAS: LazyLock<Mutex<HashMap<&str, Arc<Value>>>> = LazyLock::new(Mutex::default);
    let mut schemas = SCHEMAS.lock().unwrap_or_else(PoisonError::into_inner);
    let schema = schemas.entry(type_name::<T>());
    Arc::clone(schema.or_insert_with(|| Arc::new(schema_for!(T).to_value())))
}

struct Check<'a> {
    definitions: &'a Value,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn value(&mut self, schema: &'a Value, value: &mut Value, path: &str) {
        if self.problems.len() >= MAX_PROBLEMS {
            return;
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            self.value(&self.definitions[name], value, path);
        }
        for part in elements(&schema["allOf"]) {
            self.value(part, value, path);
        }
        if let Some(members) = schema["oneOf"].as_array() {
            return self.union(members, value, path);
        }
        // A nullable value has `null` as one of two alternatives.
        if let Some(either) = schema["anyOf"].as_array() {
            let other = either.iter().find(|schema| schema["type"] != "null");
            return match other {
                Some(other) if !value.is_null() => self.value(other, value, path),
                _ => {}
            };
        }
        if !is_of_type(&schema["type"], value) {
            let expected = expected(&schema["type"]);
            return self.report(path, format!("expected {expected}, found {}", found(value)));
        }
        if let Err(expected) = fits_format(schema["format"].as_str(), value) {
            return self.report(path, format!("expected {expected}"));
        }
        if let Some(values) = schema["enum"].as_array()
            && !values.contains(value)
        {
            return self.report(path, format!("expected {}", choice(values)));
        }
        match value {
            Value::Object(fields) => self.object(schema, fields, path),
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.value(&schema["items"], item, &format!("{path}[{index}]"));
                }
            }
            _ => {}
        }
    }

    /// Ignores fields that the document does not name. `null` counts as absent.
    fn object(&mut self, schema: &'a Value, fields: &mut Map<String, Value>, path: &str) {
        let required = || elements(&schema["required"]).filter_map(Value::as_str);
        for name in required() {
            if fields.contains_key(name) {
                continue;
            }
            if assumptions::OPTIONAL_LISTS.contains(&name) {
                fields.insert(name.to_owned(), Value::Array(Vec::new()));
            } else {
                self.report(&join(path, name), "is required".to_owned());
            }
        }
        for (name, value) in fields {
            let (known, further) = (&schema["properties"][name], &schema["additionalProperties"]);
            let is_absent = value.is_null() && !required().any(|required| required == name);
            if !known.is_null() && !is_absent {
                self.value(known, value, &join(path, name));
            } else if known.is_null() && further.is_object() {
                self.value(further, value, &join(path, name));
            }
        }
    }

    /// The tag selects the member.
    fn union(&mut self, members: &'a [Value], value: &mut Value, path: &str) {
        let Some(fields) = value.as_object() else {
            return self.report(path, format!("expected an object, found {}", found(value)));
        };
        let tags = members.iter().filter_map(|member| {
            let (property, tag) = member["properties"].as_object()?.iter().next()?;
            Some((property, &tag["const"], member))
        });
        let found = tags.clone().find(|(property, tag, _)| fields.get(*property) == Some(tag));
        if let Some((_, _, member)) = found {
            return self.value(member, value, path);
        }
        let values: Vec<Value> = tags.clone().map(|(_, tag, _)| tag.clone()).collect();
        let property = tags.map(|(property, ..)| property.as_str()).next().unwrap_or_default();
        self.report(&join(path, property), format!("expected {}", choice(&values)));
    }

    fn report(&mut self, path: &str, message: String) {
        self.problems.push(match path {
            "" => Problem::new(message),
            path => Problem::within(path, message),
        });
    }
}

fn elements(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A schema without a type accepts every type.
fn is_of_type(types: &Value, value: &Value) -> bool {
    let fits = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    };
    match types {
        Value::String(name) => fits(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(fits),
        _ => true,
    }
}

fn fits_format(format: Option<&str>, value: &Value) -> Result<(), &'static str> {
    let number = value.as_i64();
    match (format, value) {
        (Some("int32"), Value::Number(_))
            if number.is_none_or(|number| i32::try_from(number).is_err()) =>
        {
            Err("a whole number of 32 bits")
        }
        (Some("int64"), Value::Number(_)) if number.is_none() => Err("a whole number of 64 bits"),
        (Some("date-time"), Value::String(text)) if DateTime::parse_from_rfc3339(text).is_err() => {
            Err("a date and time, as in RFC 3339")
        }
        _ => Ok(()),
    }
}

/// A type in words.
fn expected(types: &Value) -> String {
    let named = |name: &str| match name {
        "boolean" => "true or false",
        "string" => "a string",
        "integer" => "a whole number",
        "number" => "a number",
        "array" => "an array",
        "object" => "an object",
        _ => "null",
    };
    match types {
        Value::String(name) => named(name).to_owned(),
        types => {
            elements(types).filter_map(Value::as_str).map(named).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The values in words: `A, B or C`.
fn choice(values: &[Value]) -> String {
    let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    match values.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        values => values.concat(),
    }
}
