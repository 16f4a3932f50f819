//! Valid instances with one malformed place, and what may be left of it.

use serde_json::{Map, Value, json};

use super::instances::{alternatives, example, resolved};

/// An instance with one malformed place.
pub(crate) struct Flawed {
    pub(crate) whole: Value,
    pub(crate) broken: Value,
    /// Path of the place: names and indices.
    pub(crate) place: Vec<Step>,
    /// Path of the place as left-out places report it: without indices and keys of maps.
    pub(crate) path: String,
    /// The malformed value. `None` if the place is removed.
    pub(crate) flaw: Option<Value>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Name(String),
    Index(usize),
}

/// Every place of the named schema's instances, malformed in every way.
pub(crate) fn of(document: &Value, name: &str) -> Vec<Flawed> {
    let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut all = Vec::new();
    for schema in alternatives(document, &reference) {
        let whole = example(document, &schema, false);
        let mut places = Vec::new();
        walk(document, &schema, &whole, &mut Vec::new(), "", &mut places);
        for (place, path) in places {
            for flaw in flaws() {
                let broken = broken(&whole, &place, flaw.as_ref());
                all.push(Flawed {
                    whole: whole.clone(),
                    broken,
                    place: place.clone(),
                    path: path.clone(),
                    flaw,
                });
            }
        }
    }
    all
}

fn flaws() -> Vec<Option<Value>> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let flaws = [
        json!(null),
        json!(true),
        json!("true"),
        json!(1.5),
        json!(12.0),
        json!(1e300),
        json!(-1),
        json!(18_446_744_073_709_551_615_u64),
        json!(""),
        json!("a value of tomorrow"),
        json!([]),
        json!([null]),
        json!(["text", {}, 7]),
        json!({}),
        json!({ "id": {}, "type": [], "name": null, "value": [[1]] }),
        deep,
    ];
    flaws.into_iter().map(Some).chain([None]).collect()
}

fn walk(
    document: &Value,
    schema: &Value,
    value: &Value,
    place: &mut Vec<Step>,
    path: &str,
    places: &mut Vec<(Vec<Step>, String)>,
) {
    let schema = resolved(document, schema);
    // The example of a union is its first member.
    let schema = match schema["oneOf"].as_array() {
        Some(members) => resolved(document, &members[0]),
        None => schema,
    };
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let known = &schema["properties"][name];
                let is_tag =
                    name == "type" && known["enum"].as_array().is_some_and(|e| e.len() == 1);
                let (inner, inner_path) = match (path, known.is_object()) {
                    (_, true) if path.is_empty() => (known, name.clone()),
                    (_, true) => (known, format!("{path}.{name}")),
                    _ => (&schema["additionalProperties"], path.to_owned()),
                };
                if !inner.is_object() || is_tag {
                    continue;
                }
                place.push(Step::Name(name.clone()));
                places.push((place.clone(), inner_path.clone()));
                // The items of `results` are not decoded with the page.
                if name != "results" {
                    walk(document, inner, field, place, &inner_path, places);
                }
                place.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                place.push(Step::Index(index));
                places.push((place.clone(), path.to_owned()));
                walk(document, &schema["items"], item, place, path, places);
                place.pop();
            }
        }
        _ => {}
    }
}

fn broken(whole: &Value, place: &[Step], flaw: Option<&Value>) -> Value {
    let mut broken = whole.clone();
    match flaw {
        Some(flaw) => *at(&mut broken, place).unwrap() = flaw.clone(),
        None => remove(&mut broken, place),
    }
    broken
}

/// The value at a place.
pub(crate) fn at<'a>(value: &'a mut Value, place: &[Step]) -> Option<&'a mut Value> {
    place.iter().try_fold(value, |value, step| match step {
        Step::Name(name) => value.get_mut(name),
        Step::Index(index) => value.get_mut(index),
    })
}

/// Removes a place.
pub(crate) fn remove(value: &mut Value, place: &[Step]) {
    let Some((last, outer)) = place.split_last() else { return };
    match (at(value, outer), last) {
        (Some(Value::Object(fields)), Step::Name(name)) => drop(fields.remove(name)),
        (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
            items.remove(*index);
        }
        _ => {}
    }
}

/// The value without empty parts: what remains if all of a list or an object is left out.
pub(crate) fn essence(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, field)| (name, essence(field)))
            .filter(|(_, field)| !says_nothing(field))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => {
            items.into_iter().map(essence).filter(|item| !says_nothing(item)).collect()
        }
        other => other,
    }
}

pub(crate) fn says_nothing(value: &Value) -> bool {
    *value == json!(null) || *value == json!({}) || *value == json!([])
}
