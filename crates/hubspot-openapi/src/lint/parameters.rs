//! Parameters of operations.

use std::collections::{BTreeSet, HashSet};

use heck::ToSnakeCase;

use super::Finding;
use super::node::{Node, operations, parameters};
use crate::document::Document;

/// The generator makes an argument of each parameter: it needs a name, a place and a type. One in
/// the path is always there.
pub(super) fn declarations(document: &Document) -> Vec<Finding> {
    parameters(document)
        .into_iter()
        .filter(|parameter| !is_shared(parameter))
        .filter_map(|parameter| {
            let message = if parameter.text("name").is_none_or(str::is_empty) {
                "no name: give the parameter one"
            } else if !matches!(parameter.text("in"), Some("path" | "query" | "header")) {
                "`in` is none of path, query and header: say where it goes"
            } else if !parameter.value["schema"].is_object() {
                "no schema: give the parameter one"
            } else if parameter.text("in") == Some("path") && parameter.value["required"] != true {
                "a path parameter is always there: add `required: true`"
            } else {
                return None;
            };
            Some(parameter.finding(message))
        })
        .collect()
}

/// A name in braces that is not declared would be sent as it is; a declared one that is not in the
/// path would not be sent at all.
pub(super) fn of_paths(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (operation, node) in operations(document) {
        let in_path: BTreeSet<&str> = names_in_braces(operation.path).collect();
        let mut declared = BTreeSet::new();
        for (place, parameter) in resolved(document, &node) {
            if parameter.text("in") != Some("path") {
                continue;
            }
            let Some(name) = parameter.text("name") else { continue };
            declared.insert(name);
            if !in_path.contains(name) {
                findings.push(place.finding(format!("`{name}` is not in the path: remove it")));
            }
        }
        findings.extend(in_path.difference(&declared).map(|name| {
            node.finding(format!("`{{{name}}}` of the path is not declared: add the parameter"))
        }));
    }
    findings
}

/// Parameters are arguments of one Rust function.
pub(super) fn names(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, operation) in operations(document) {
        let mut seen = HashSet::new();
        for (place, parameter) in resolved(document, &operation) {
            let Some(name) = parameter.text("name") else { continue };
            let argument = name.to_snake_case();
            if !seen.insert(argument.clone()) {
                let message = format!("a second parameter `{argument}`: keep or rename one");
                findings.push(place.finding(message));
            }
        }
    }
    findings
}

fn is_shared(parameter: &Node<'_>) -> bool {
    parameter.value["$ref"].is_string()
}

/// The operation's parameters with the places where it names them.
fn resolved<'a>(document: &'a Document, operation: &Node<'a>) -> Vec<(Node<'a>, Node<'a>)> {
    let shared = Node::root(document).at("components").at("parameters");
    let places = operation.at("parameters").items().into_iter();
    places
        .map(|place| {
            let reference = place.text("$ref").unwrap_or_default();
            let parameter = match reference.strip_prefix("#/components/parameters/") {
                Some(name) => shared.at(name),
                None => place.clone(),
            };
            (place, parameter)
        })
        .collect()
}

fn names_in_braces(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{GET_INBOX, LIST_INBOXES, speaks, take};
    use super::*;

    fn add(document: &mut Value, operation: &str, parameter: Value) {
        let parameters = format!("{operation}/parameters");
        document.pointer_mut(&parameters).unwrap().as_array_mut().unwrap().push(parameter);
    }

    #[test]
    fn a_parameter_has_a_name_a_place_and_a_type() {
        for key in ["in", "schema"] {
            speaks(declarations, &["/components/parameters/limit"], |document| {
                take(document, &format!("/components/parameters/limit/{key}"));
            });
        }
        speaks(declarations, &["/components/parameters/limit"], |document| {
            document["components"]["parameters"]["limit"]["name"] = json!("");
        });
        speaks(declarations, &["/components/parameters/inboxIdPath"], |document| {
            document["components"]["parameters"]["inboxIdPath"]["required"] = json!(false);
        });
        speaks(declarations, &[&format!("{GET_INBOX}/parameters/2")], |document| {
            add(document, GET_INBOX, json!({ "name": "x", "in": "body", "description": "X." }));
        });
    }

    #[test]
    fn parameters_of_the_path_are_declared() {
        speaks(of_paths, &[GET_INBOX], |document| {
            let parameters = document.pointer_mut(&format!("{GET_INBOX}/parameters")).unwrap();
            parameters[0] = json!({
                "name": "inboxId", "in": "query", "description": "The inbox.",
                "schema": { "$ref": "#/components/schemas/InboxId" },
            });
            let list = document.pointer_mut(LIST_INBOXES).unwrap();
            let key = "/conversations/v3/conversations/boxes/{inboxId}";
            let mut moved = list.clone();
            moved["operationId"] = json!("list_boxes");
            moved["parameters"] = json!([{ "$ref": "#/components/parameters/inboxIdPath" }]);
            document["paths"][key] = json!({ "get": moved });
        });
    }

    #[test]
    fn declared_path_parameters_are_in_the_path() {
        speaks(of_paths, &[&format!("{LIST_INBOXES}/parameters/5")], |document| {
            let parameter = json!({ "$ref": "#/components/parameters/inboxIdPath" });
            add(document, LIST_INBOXES, parameter);
        });
    }

    #[test]
    fn parameters_of_an_operation_have_names_of_their_own() {
        speaks(names, &[&format!("{GET_INBOX}/parameters/2")], |document| {
            let schema = json!({ "type": "string" });
            let parameter =
                json!({ "name": "inbox_id", "in": "query", "description": "X.", "schema": schema });
            add(document, GET_INBOX, parameter);
        });
        speaks(names, &[&format!("{LIST_INBOXES}/parameters/5")], |document| {
            add(document, LIST_INBOXES, json!({ "$ref": "#/components/parameters/limit" }));
        });
    }
}
