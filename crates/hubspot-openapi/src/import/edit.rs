//! Makes one edit.

use serde_json::{Map, Value, json};

use super::operation;
use super::parameters::own;
use super::schemas::Writer;
use crate::diff::{Direction, Edit};
use crate::surface::Surface;

/// Edits our document as one of HubSpot's says. Gives what a person must look at.
pub(super) fn apply(document: &mut Value, theirs: &Surface, edit: &Edit) -> Vec<String> {
    let mut writer = Writer::new(document, theirs);
    match edit {
        Edit::AddOperation { operation } => operation::add(&mut writer, *operation),
        Edit::AddParameter { operation, parameter, pointer } => {
            operation::add_parameter(&mut writer, *operation, *parameter, pointer);
        }
        Edit::SetRequest { operation, pointer } => {
            operation::set_request(&mut writer, *operation, pointer);
        }
        Edit::SetSuccess { operation, pointer } => {
            operation::set_success(&mut writer, *operation, pointer);
        }
        Edit::SetScopes { operation, pointer } => {
            operation::set_scopes(&mut writer, *operation, pointer);
        }
        Edit::SetType { pointer, using, context, apart_from } => {
            writer.apart_from.clone_from(apart_from);
            own(writer.document, pointer);
            let written = writer.field(using, context);
            replace(writer.document, pointer, written);
        }
        Edit::AddField { pointer, field, using, required, context } => {
            let written = writer.field(using, context);
            set(writer.document, &format!("{pointer}/properties"), field, written);
            let demanded = *required && context.direction == Direction::Request;
            require(writer.document, pointer, field, demanded);
            if demanded {
                let holder = &context.holder;
                writer.note(format!("{holder}.{field} is required now: see whether it really is"));
            }
        }
        Edit::SetOther { pointer, using: Some(using), context } => {
            let written = writer.item(using, context);
            set(writer.document, pointer, "additionalProperties", written);
        }
        Edit::AddMember { pointer, tags, using, context } => {
            let written = writer.item(using, context);
            add_member(writer.document, pointer, tags, written);
        }
        plain => apply_plain(writer.document, plain),
    }
    writer.finish()
}

/// The edits that write no schema.
fn apply_plain(document: &mut Value, edit: &Edit) {
    match edit {
        Edit::RemoveOperation { pointer } => remove_operation(document, pointer),
        Edit::RemoveParameter { pointer, name, place } => {
            remove_parameter(document, pointer, name, place);
        }
        Edit::SetParameter { pointer, key, value, .. } => {
            own(document, pointer);
            set(document, pointer, key, value.clone());
        }
        Edit::RequireRequest { pointer } => {
            set(document, &format!("{pointer}/requestBody"), "required", json!(true));
        }
        Edit::RemoveRequest { pointer } => remove(document, pointer, "requestBody"),
        Edit::SetDeprecated { pointer, deprecated } => {
            if *deprecated {
                set(document, pointer, "deprecated", json!(true));
            } else {
                remove(document, pointer, "deprecated");
            }
        }
        Edit::SetNullable { pointer, nullable, .. } => set_nullable(document, pointer, *nullable),
        Edit::RemoveField { pointer, field } => {
            require(document, pointer, field, false);
            remove(document, &format!("{pointer}/properties"), field);
        }
        Edit::Require { pointer, field, required } => require(document, pointer, field, *required),
        Edit::SetOther { pointer, .. } => remove(document, pointer, "additionalProperties"),
        Edit::AddValue { pointer, value } => add_value(document, pointer, value),
        Edit::RemoveValue { pointer, value } => {
            retain(document, &format!("{pointer}/enum"), |item| text(item) != *value);
        }
        Edit::RemoveMember { pointer, tags, target } => {
            remove_member(document, pointer, tags, target);
        }
        _ => {}
    }
}

/// The object at a place.
pub(super) fn object<'a>(
    document: &'a mut Value,
    pointer: &str,
) -> Option<&'a mut Map<String, Value>> {
    document.pointer_mut(pointer)?.as_object_mut()
}

pub(super) fn set(document: &mut Value, pointer: &str, key: &str, value: Value) {
    if let Some(holder) = pointer.strip_suffix("/properties")
        && let Some(schema) = object(document, holder)
    {
        schema.entry("properties").or_insert_with(|| json!({}));
    }
    if let Some(object) = object(document, pointer) {
        object.insert(key.to_owned(), value);
    }
}

fn remove(document: &mut Value, pointer: &str, key: &str) {
    if let Some(object) = object(document, pointer) {
        object.shift_remove(key);
    }
}

fn retain(document: &mut Value, pointer: &str, keep: impl Fn(&Value) -> bool) {
    if let Some(items) = document.pointer_mut(pointer).and_then(Value::as_array_mut) {
        items.retain(|item| keep(item));
    }
}

/// Another type, with our words for what it is for.
fn replace(document: &mut Value, pointer: &str, mut written: Value) {
    let Some(place) = document.pointer_mut(pointer) else { return };
    if let (Some(description), Some(written)) = (place.get("description"), written.as_object_mut())
    {
        written.shift_insert(0, "description".to_owned(), description.clone());
    } else if let Some(reference) = alone(&written) {
        // Where nothing was said beside it, a `$ref` needs no wrap.
        written = reference;
    }
    *place = written;
}

fn alone(schema: &Value) -> Option<Value> {
    let schema = schema.as_object().filter(|schema| schema.len() == 1)?;
    schema.get("allOf")?.as_array()?.first().cloned()
}

fn set_nullable(document: &mut Value, pointer: &str, nullable: bool) {
    own(document, pointer);
    let Some(place) = document.pointer_mut(pointer) else { return };
    if place.get("$ref").is_some() {
        *place = json!({ "allOf": [place.clone()] });
    }
    set(document, pointer, "nullable", json!(nullable));
    if !nullable {
        remove(document, pointer, "nullable");
    }
}

/// Puts a field into the list of required ones, or takes it out.
fn require(document: &mut Value, pointer: &str, field: &str, required: bool) {
    retain(document, &format!("{pointer}/required"), |item| item != field);
    let Some(schema) = object(document, pointer) else { return };
    if required {
        if !schema.get("required").is_some_and(Value::is_array) {
            schema.shift_remove("required");
            let place = schema.keys().position(|key| key == "properties").unwrap_or(schema.len());
            schema.shift_insert(place, "required".to_owned(), json!([]));
        }
        if let Some(list) = schema.get_mut("required").and_then(Value::as_array_mut) {
            list.push(json!(field));
        }
    } else if schema.get("required").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        schema.shift_remove("required");
    }
}

fn add_value(document: &mut Value, pointer: &str, value: &str) {
    let Some(schema) = object(document, pointer) else { return };
    let is_string = schema.get("type").is_none_or(|kind| kind == "string");
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(json_value(value, is_string));
    }
}

/// A value of an enum as it stands in a document.
pub(super) fn json_value(value: &str, is_string: bool) -> Value {
    if is_string {
        return json!(value);
    }
    serde_json::from_str(value).unwrap_or_else(|_| json!(value))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn add_member(document: &mut Value, pointer: &str, tags: &[String], written: Value) {
    let reference = written["$ref"].as_str().map(str::to_owned);
    let Some(union) = object(document, pointer) else { return };
    let list = if union.contains_key("oneOf") { "oneOf" } else { "anyOf" };
    let listed = union.get(list).and_then(Value::as_array);
    let is_listed = listed.is_some_and(|listed| listed.contains(&written));
    if !is_listed && let Some(listed) = union.get_mut(list).and_then(Value::as_array_mut) {
        listed.push(written);
    }
    let mapping = union.get_mut("discriminator").and_then(|tag| tag.get_mut("mapping"));
    if let (Some(mapping), Some(reference)) = (mapping.and_then(Value::as_object_mut), reference) {
        for tag in tags {
            mapping.insert(tag.clone(), json!(reference));
        }
    }
}

fn remove_member(document: &mut Value, pointer: &str, tags: &[String], target: &str) {
    let reference = json!(format!("#{target}"));
    // A member that is written where it is listed has its place for a target.
    let inline = document.pointer(target).cloned();
    for list in ["oneOf", "anyOf"] {
        retain(document, &format!("{pointer}/{list}"), |item| {
            item["$ref"] != reference && (item["$ref"].is_string() || Some(item) != inline.as_ref())
        });
    }
    if let Some(mapping) = object(document, &format!("{pointer}/discriminator/mapping")) {
        mapping.retain(|tag, _| !tags.contains(tag));
    }
}

fn remove_operation(document: &mut Value, pointer: &str) {
    let Some((path, method)) = pointer.rsplit_once('/') else { return };
    remove(document, path, method);
    let is_left = |key: &String| crate::document::METHODS.contains(&key.as_str());
    if object(document, path).is_some_and(|item| !item.keys().any(is_left))
        && let Some(key) = path.strip_prefix("/paths/")
    {
        remove(document, "/paths", &key.replace("~1", "/").replace("~0", "~"));
    }
}

fn remove_parameter(document: &mut Value, operation: &str, name: &str, place: &str) {
    let whole = document.clone();
    retain(document, &format!("{operation}/parameters"), |item| {
        let parameter = item["$ref"].as_str().and_then(|to| whole.pointer(to.strip_prefix('#')?));
        let parameter = parameter.unwrap_or(item);
        parameter["name"] != name || parameter["in"] != place
    });
    if document.pointer(&format!("{operation}/parameters")) == Some(&json!([])) {
        remove(document, operation, "parameters");
    }
}
