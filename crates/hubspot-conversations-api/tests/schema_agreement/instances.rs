//! Instances generated from a schema: one with all fields, one with the required ones, and variants
//! with each place changed in every way that should matter.

use serde_json::{Map, Value, json};

const UNKNOWN_FIELD: &str = "aFieldOfTomorrow";

/// Valid and invalid instances of the named schema.
pub(crate) fn of(document: &Value, name: &str) -> Vec<Value> {
    let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut instances = Vec::new();
    for schema in alternatives(document, &reference) {
        for required_only in [false, true] {
            let base = example(document, &schema, required_only);
            instances.extend(changed(&base));
            instances.push(base);
        }
    }
    instances
}

/// The schema itself, or the members if it is a union.
pub(crate) fn alternatives(document: &Value, schema: &Value) -> Vec<Value> {
    let schema = resolved(document, schema);
    match schema["oneOf"].as_array() {
        Some(members) => members.iter().map(|member| resolved(document, member).clone()).collect(),
        None => vec![schema.clone()],
    }
}

pub(crate) fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    match target {
        Some(reference) => {
            &document["components"]["schemas"][reference.rsplit('/').next().unwrap()]
        }
        None => schema,
    }
}

pub(crate) fn example(document: &Value, schema: &Value, required_only: bool) -> Value {
    let schema = resolved(document, schema);
    if let Some(members) = schema["oneOf"].as_array() {
        return example(document, &members[0], required_only);
    }
    if let Some(value) = schema["enum"][0].as_str() {
        return value.into();
    }
    match schema["type"].as_str() {
        Some("string") if schema["format"] == "date-time" => "2019-11-18T18:47:59.865Z".into(),
        Some("string") => "176347007".into(),
        Some("integer") => 7.into(),
        Some("number") => 1.5.into(),
        Some("boolean") => true.into(),
        Some("array") => json!([example(document, &schema["items"], required_only)]),
        Some("object") if schema["additionalProperties"].is_object() => {
            json!({ "name": example(document, &schema["additionalProperties"], required_only) })
        }
        Some("object") => {
            let required = |name: &str| {
                schema["required"]
                    .as_array()
                    .is_some_and(|required| required.contains(&name.into()))
            };
            let fields = schema["properties"].as_object().unwrap().iter();
            let fields = fields.filter(|(name, _)| !required_only || required(name));
            fields
                .map(|(name, field)| (name.clone(), example(document, field, required_only)))
                .collect::<Map<_, _>>()
                .into()
        }
        _ => json!({ "anything": 1 }),
    }
}

/// The value with each of its places changed, one at a time.
fn changed(value: &Value) -> Vec<Value> {
    let wrong = [
        json!(null),
        json!(true),
        json!(1.5),
        json!(7),
        json!("a value of tomorrow"),
        json!([]),
        json!(["text"]),
        json!({}),
        json!({ "name": [] }),
    ];
    let mut all: Vec<Value> = wrong.iter().filter(|wrong| *wrong != value).cloned().collect();
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let mut without = fields.clone();
                without.remove(name);
                all.push(without.into());
                all.extend(changed(field).into_iter().map(|field| {
                    let mut fields = fields.clone();
                    fields[name] = field;
                    fields.into()
                }));
            }
            let mut with = fields.clone();
            with.insert(UNKNOWN_FIELD.to_owned(), true.into());
            all.push(with.into());
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                all.extend(changed(item).into_iter().map(|item| {
                    let mut items = items.clone();
                    items[index] = item;
                    items.into()
                }));
            }
        }
        _ => {}
    }
    all
}

/// The instance without what is omitted when it is written: fields unknown to the type, empty lists
/// and maps, and null in a field of arbitrary JSON.
pub(crate) fn as_written(instance: Value, written: &Value) -> Value {
    let left_out = |name: &str, field: &Value| {
        written.get(name).is_none()
            && (matches!(name, UNKNOWN_FIELD | "type")
                || *field == json!([])
                || *field == json!({})
                || field.is_null())
    };
    match instance {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, field)| !left_out(name, field))
            .map(|(name, field)| {
                let field = as_written(field, &written[&name]);
                (name, field)
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, item)| as_written(item, &written[index]))
            .collect(),
        // A float without a fraction, such as 7, is written as 7.0.
        number if number.is_number() && number.as_f64() == written.as_f64() => written.clone(),
        other => other,
    }
}
