//! Writes operations.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::edit::{object, set};
use super::schemas::Writer;
use super::{names, parameters};
use crate::diff::{Context, Direction};
use crate::document::{METHODS, entries};
use crate::surface::{Operation, Route, Shape, Success, Use, escaped};

/// Adds an operation under the name and the tag that it would have among ours.
pub(super) fn add(writer: &mut Writer<'_>, number: usize) {
    let theirs = writer.theirs;
    let operation = &theirs.operations[number];
    let path = our_path(writer.document, operation);
    let taken = ids(writer.document);
    let is_page = operation.successes.iter().any(|success| {
        success.using.as_ref().is_some_and(|using| match &theirs.of(using).shape {
            Shape::Object(body) => {
                body.field("results").is_some() && body.field("paging").is_some()
            }
            Shape::List(_) => true,
            _ => false,
        })
    });
    let id = names::operation(operation, is_page, |id| taken.contains(id));
    let tag = tag(writer.document, operation);

    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|parameter| parameters::parameter(writer, operation, parameter, &path, &id))
        .collect();
    let mut written = json!({ "operationId": id, "tags": [tag] });
    if operation.deprecated {
        written["deprecated"] = json!(true);
    }
    if !parameters.is_empty() {
        written["parameters"] = json!(parameters);
    }
    if let Some(body) = request(writer, operation, &id) {
        written["requestBody"] = body;
    }
    written["responses"] = successes(writer, operation, &id);
    written["security"] = security(writer, operation, &id);
    if operation.method == "post" && is_reading(operation) {
        writer.note(format!("{id}: if it can be sent twice without harm, mark it x-idempotent"));
    }

    let paths = writer
        .document
        .as_object_mut()
        .map(|document| document.entry("paths").or_insert_with(|| json!({})));
    let item = paths
        .and_then(Value::as_object_mut)
        .map(|paths| paths.entry(path).or_insert_with(|| json!({})));
    if let Some(item) = item.and_then(Value::as_object_mut) {
        item.insert(operation.method.clone(), written);
    }
}

fn is_reading(operation: &Operation) -> bool {
    operation.route.rest().last().is_some_and(|word| word == "read" || word == "search")
}

/// The path under which we have the route already, or else theirs.
fn our_path(document: &Value, operation: &Operation) -> String {
    let mut paths = entries(&document["paths"]).map(|(path, _)| path);
    let known = paths.find(|path| Route::of(path) == operation.route);
    known.unwrap_or(&operation.path).to_owned()
}

fn ids(document: &Value) -> BTreeSet<String> {
    let items = entries(&document["paths"]).map(|(_, item)| item);
    let operations = items.flat_map(|item| METHODS.map(|method| &item[method]));
    operations
        .filter_map(|operation| operation["operationId"].as_str())
        .map(str::to_owned)
        .collect()
}

/// The tag we have for what the path is about, or one for its family.
fn tag(document: &mut Value, operation: &Operation) -> String {
    let declared: Vec<String> = document["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|tag| tag["name"].as_str().map(str::to_owned))
        .collect();
    let family = operation.route.family().last().map(String::as_str).unwrap_or_default();
    let rest = operation.route.rest().iter().map(String::as_str).filter(|word| *word != "{}");
    let candidates: Vec<&str> =
        if family == "conversations" { rest.clone().collect() } else { vec![family] };
    if let Some(known) =
        candidates.iter().rev().find(|word| declared.iter().any(|tag| tag == **word))
    {
        return (*known).to_owned();
    }
    let tag = candidates.first().copied().unwrap_or(family);
    if let Some(document) = document.as_object_mut()
        && let Some(tags) = document.entry("tags").or_insert_with(|| json!([])).as_array_mut()
    {
        tags.push(json!({ "name": tag }));
    }
    tag.to_owned()
}

/// Adds a parameter to an operation of ours.
pub(super) fn add_parameter(
    writer: &mut Writer<'_>,
    operation: usize,
    parameter: usize,
    pointer: &str,
) {
    let theirs = writer.theirs;
    let operation = &theirs.operations[operation];
    let id = id_at(writer.document, pointer);
    let path = our_path(writer.document, operation);
    let parameter = &operation.parameters[parameter];
    let written = parameters::parameter(writer, operation, parameter, &path, &id);
    if let Some(ours) = object(writer.document, pointer) {
        if !ours.get("parameters").is_some_and(Value::is_array) {
            ours.shift_remove("parameters");
            let place = ours.keys().position(|key| key == "requestBody" || key == "responses");
            let place = place.unwrap_or(ours.len());
            ours.shift_insert(place, "parameters".to_owned(), json!([]));
        }
        if let Some(list) = ours.get_mut("parameters").and_then(Value::as_array_mut) {
            list.push(written);
        }
    }
}

fn id_at(document: &Value, operation: &str) -> String {
    let id = document.pointer(operation).and_then(|operation| operation["operationId"].as_str());
    id.unwrap_or("operation").to_owned()
}

pub(super) fn set_request(writer: &mut Writer<'_>, operation: usize, pointer: &str) {
    let theirs = writer.theirs;
    let id = id_at(writer.document, pointer);
    let Some(mut body) = request(writer, &theirs.operations[operation], &id) else { return };
    let known = writer.document.pointer(&format!("{pointer}/requestBody/description")).cloned();
    if let Some(description) = known {
        body["description"] = description;
    }
    if let Some(ours) = object(writer.document, pointer) {
        let place = ours.keys().position(|key| key == "responses").unwrap_or(ours.len());
        match ours.get_mut("requestBody") {
            Some(known) => *known = body,
            None => {
                ours.shift_insert(place, "requestBody".to_owned(), body);
            }
        }
    }
}

pub(super) fn set_success(writer: &mut Writer<'_>, operation: usize, pointer: &str) {
    let theirs = writer.theirs;
    let id = id_at(writer.document, pointer);
    let mut written = successes(writer, &theirs.operations[operation], &id);
    let known = writer.document.pointer(&format!("{pointer}/responses"));
    let said = entries(known.unwrap_or(&Value::Null)).find_map(|(_, response)| {
        response["description"].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    });
    if let (Some(said), Some(written)) = (said, written.as_object_mut()) {
        for (_, response) in written.iter_mut() {
            response["description"] = json!(said);
        }
    }
    set(writer.document, pointer, "responses", written);
}

pub(super) fn set_scopes(writer: &mut Writer<'_>, operation: usize, pointer: &str) {
    let theirs = writer.theirs;
    let id = id_at(writer.document, pointer);
    let security = security(writer, &theirs.operations[operation], &id);
    set(writer.document, pointer, "security", security);
}

fn request(writer: &mut Writer<'_>, operation: &Operation, id: &str) -> Option<Value> {
    let request = operation.request.as_ref()?;
    let mut body = Map::new();
    body.insert("required".to_owned(), json!(request.required));
    let content = content(
        writer,
        &request.media,
        request.using.as_ref(),
        &Context {
            holder: id.to_owned(),
            name: "request".to_owned(),
            direction: Direction::Request,
            parameter_of: None,
            tag: None,
        },
    );
    body.insert("content".to_owned(), content.unwrap_or_else(|| json!({})));
    Some(Value::Object(body))
}

/// Several successes are one, `2XX`: nobody wants an enum of bodies.
fn successes(writer: &mut Writer<'_>, operation: &Operation, id: &str) -> Value {
    let context = Context {
        holder: id.to_owned(),
        name: "response".to_owned(),
        direction: Direction::Response,
        parameter_of: None,
        tag: None,
    };
    let with_body: Vec<&Success> =
        operation.successes.iter().filter(|success| success.using.is_some()).collect();
    let status = match operation.successes.as_slice() {
        [] => return json!({}),
        [only] => only.status.clone(),
        _ => "2XX".to_owned(),
    };
    let uses: Vec<&Use> = with_body.iter().filter_map(|success| success.using.as_ref()).collect();
    let distinct: BTreeSet<_> = uses.iter().map(|using| using.id).collect();
    let media = with_body.first().map_or("", |success| success.media.as_str());
    let content = if distinct.len() > 1 && writer.are_objects(&uses) {
        Some(json!({ media: { "schema": writer.merged(&uses, &context) } }))
    } else {
        content(writer, media, uses.first().copied(), &context)
    };
    let mut response = json!({ "description": "" });
    if let Some(content) = content {
        response["content"] = content;
    }
    json!({ status: response })
}

fn content(
    writer: &mut Writer<'_>,
    media: &str,
    using: Option<&Use>,
    context: &Context,
) -> Option<Value> {
    let schema = writer.item(using?, context);
    Some(json!({ media: { "schema": schema } }))
}

/// One requirement for each list of scopes, of which one is enough.
fn security(writer: &mut Writer<'_>, operation: &Operation, id: &str) -> Value {
    let scopes = &operation.scopes;
    if scopes.is_empty() {
        writer.note(format!("{id}: HubSpot names no scope: say how it is authorised"));
        return json!([]);
    }
    for scope in scopes.iter().flatten() {
        declare(writer.document, scope);
    }
    scopes.iter().map(|scopes| json!({ "oauth2": scopes })).collect()
}

/// Adds a scope to those that can be asked for.
fn declare(document: &mut Value, scope: &str) {
    let flows = "/components/securitySchemes/oauth2/flows";
    let names: Vec<String> = document
        .pointer(flows)
        .map(|flows| entries(flows).map(|(name, _)| escaped(name)).collect())
        .unwrap_or_default();
    for name in names {
        if let Some(scopes) = object(document, &format!("{flows}/{name}/scopes")) {
            scopes.entry(scope).or_insert_with(|| json!(""));
        }
    }
}
