//! What is said of operations.

use std::collections::{BTreeSet, HashSet};

use heck::ToSnakeCase;

use super::Finding;
use super::node::{Node, operations};
use super::variants;
use crate::document::Document;

/// The id is the client's method, a variant of `OperationId` and the name in logs: it is ours, not
/// one that HubSpot's tools made up from the path.
pub(super) fn ids(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut ids = Vec::new();
    for (_, operation) in operations(document) {
        let node = operation.at("operationId");
        match node.value.as_str() {
            None => findings.push(operation.finding("no operationId: give it one in snake_case")),
            Some(id) if id != id.to_snake_case() => {
                let better = id.to_snake_case();
                findings.push(node.finding(format!("not in snake_case: write `{better}`")));
            }
            Some(id) => ids.push((id, node)),
        }
    }
    findings.extend(variants::faults(&ids, &[]));
    findings
}

/// The tag says which resource of the client an operation belongs to: one, and one that is declared.
pub(super) fn tags(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut declared = HashSet::new();
    for tag in Node::root(document).at("tags").items() {
        match tag.text("name") {
            None => findings.push(tag.finding("no name: give the tag one")),
            Some(name) if !declared.insert(name) => {
                findings.push(tag.finding(format!("`{name}` is declared twice: remove one")));
            }
            Some(_) => {}
        }
    }
    for (_, operation) in operations(document) {
        let tags = operation.at("tags");
        match tags.strings().as_slice() {
            [(name, _)] if declared.contains(name) => {}
            [(name, tag)] => {
                findings.push(tag.finding(format!("`{name}` is not declared: add it to /tags")));
            }
            _ if tags.value.is_null() => findings.push(operation.finding("no tag: give it one")),
            _ => findings.push(tags.finding("one tag is needed, as a string: keep one")),
        }
    }
    findings
}

/// The scopes go into the operation table, from which programs learn what to ask for. The table has
/// room for one requirement.
pub(super) fn security(document: &Document) -> Vec<Finding> {
    let schemes = Node::root(document).at("components").at("securitySchemes");
    let mut findings = Vec::new();
    for (_, operation) in operations(document) {
        let security = operation.at("security");
        let requirements: Vec<_> = security.items().iter().map(Node::entries).collect();
        if security.value.is_null() {
            findings.push(operation.finding("no security: name the scheme and the scopes"));
            continue;
        }
        let name = requirements.first().and_then(|first| first.first()).map(|(name, _)| *name);
        let is_of_one = |it: &Vec<(&str, Node<'_>)>| it.len() == 1 && Some(it[0].0) == name;
        if requirements.is_empty() || !requirements.iter().all(is_of_one) {
            let needed = "requirements of one scheme are needed: one, or one for each alternative";
            findings.push(security.finding(needed));
            continue;
        }
        let mut known = HashSet::new();
        for (name, scopes) in requirements.iter().flatten() {
            findings.extend(requirement_faults(&schemes, name, scopes));
            let set: BTreeSet<_> = scopes.items().iter().map(|it| it.value.to_string()).collect();
            if !known.insert(set) {
                findings.push(scopes.finding("listed before: leave out one of the two"));
            }
        }
    }
    findings
}

fn requirement_faults(schemes: &Node<'_>, name: &str, scopes: &Node<'_>) -> Vec<Finding> {
    if !schemes.has(name) {
        let message = format!("`{name}` is not declared: add it to /components/securitySchemes");
        return vec![scopes.finding(message)];
    }
    let flows = schemes.at(name).at("flows").entries();
    let declared: HashSet<&str> = flows
        .iter()
        .flat_map(|(_, flow)| flow.at("scopes").entries())
        .map(|(scope, _)| scope)
        .collect();
    let named = scopes.items();
    if named.is_empty() && !declared.is_empty() {
        return vec![scopes.finding("no scope: name the scopes the operation needs")];
    }
    named
        .iter()
        .filter(|scope| !scope.value.as_str().is_some_and(|scope| declared.contains(scope)))
        .map(|scope| {
            scope.finding(format!("{} is not a scope that `{name}` declares", scope.value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{GET_INBOX, LIST_INBOXES, speaks, take};
    use super::*;

    #[test]
    fn an_operation_has_an_id_of_its_own_in_snake_case() {
        let id = format!("{GET_INBOX}/operationId");
        speaks(ids, &[GET_INBOX], |document| take(document, &id));
        for wrong in ["getInbox", "get-inbox", "1_inbox", "", "list_inboxes"] {
            speaks(ids, &[&id], |document| *document.pointer_mut(&id).unwrap() = json!(wrong));
        }
        speaks(ids, &[&id], |document| {
            let other = format!("{LIST_INBOXES}/operationId");
            *document.pointer_mut(&other).unwrap() = json!("inboxes_v3");
            *document.pointer_mut(&id).unwrap() = json!("inboxes_v_3");
        });
    }

    #[test]
    fn an_operation_has_one_declared_tag() {
        let of_operation = format!("{GET_INBOX}/tags");
        speaks(tags, &[GET_INBOX], |document| take(document, &of_operation));
        for wrong in [json!([]), json!(["inboxes", "threads"]), json!("inboxes"), json!([1])] {
            speaks(tags, &[&of_operation], |document| {
                *document.pointer_mut(&of_operation).unwrap() = wrong;
            });
        }
        speaks(tags, &[&format!("{of_operation}/0")], |document| {
            *document.pointer_mut(&of_operation).unwrap() = json!(["boxes"]);
        });
    }

    #[test]
    fn a_tag_is_declared_once_and_by_name() {
        speaks(tags, &["/tags/8"], |document| {
            let tag = json!({ "name": "inboxes", "description": "Again." });
            document["tags"].as_array_mut().unwrap().push(tag);
        });
        speaks(tags, &["/tags/8"], |document| {
            document["tags"].as_array_mut().unwrap().push(json!({ "description": "Nameless." }));
        });
    }

    #[test]
    fn an_operation_names_a_declared_scheme_and_declared_scopes() {
        let of_operation = format!("{GET_INBOX}/security");
        speaks(security, &[GET_INBOX], |document| take(document, &of_operation));
        let cases = [
            (json!([]), ""),
            (json!([{ "oauth2": ["conversations.read"] }, {}]), ""),
            (json!([{ "key": [] }]), "/0/key"),
            (json!([{ "oauth2": [] }]), "/0/oauth2"),
            (json!([{ "oauth2": ["conversations.look"] }]), "/0/oauth2/0"),
            (json!([{ "oauth2": ["conversations.read", 1] }]), "/0/oauth2/1"),
            (json!([{ "oauth2": ["conversations.read"] }, { "developer_key": [] }]), ""),
            (
                json!([{ "oauth2": ["conversations.read"] }, { "oauth2": ["conversations.look"] }]),
                "/1/oauth2/0",
            ),
            (
                json!([{ "oauth2": ["conversations.read"] }, { "oauth2": ["conversations.read"] }]),
                "/1/oauth2",
            ),
        ];
        for (wrong, place) in cases {
            speaks(security, &[&format!("{of_operation}{place}")], |document| {
                *document.pointer_mut(&of_operation).unwrap() = wrong;
            });
        }
    }
}
