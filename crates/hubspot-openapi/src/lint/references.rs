//! `$ref`s, and what they point to.

use std::collections::HashSet;

use super::Finding;
use super::node::{Node, parameters};
use crate::document::Document;

/// A reference that leads nowhere fails in progenitor with words that do not say where it stands.
pub(super) fn targets(document: &Document) -> Vec<Finding> {
    let of_parameters: HashSet<String> =
        parameters(document).into_iter().map(|parameter| parameter.pointer).collect();
    let references = references_in(Node::root(document)).into_iter();
    references
        .filter_map(|(holder, target)| {
            let is_parameter = of_parameters.contains(&holder.pointer);
            let section = if is_parameter { "parameters" } else { "schemas" };
            let name = target.strip_prefix(&format!("#/components/{section}/"));
            let found = name.is_some_and(|name| {
                !name.contains('/') && document.0["components"][section].get(name).is_some()
            });
            (!found).then(|| {
                holder.at("$ref").finding(format!("no such thing: name one of the {section}"))
            })
        })
        .collect()
}

/// OpenAPI 3.0 ignores whatever stands beside a `$ref`: what was written there would be lost.
pub(super) fn siblings(document: &Document) -> Vec<Finding> {
    let references = references_in(Node::root(document)).into_iter();
    references
        .filter(|(holder, _)| holder.value.as_object().is_some_and(|object| object.len() > 1))
        .map(|(holder, _)| {
            holder.finding("what stands beside a $ref is ignored: put the $ref into an allOf")
        })
        .collect()
}

/// A schema or parameter that no operation leads to is generated for nobody.
pub(super) fn unused(document: &Document) -> Vec<Finding> {
    let root = Node::root(document);
    let mut used = HashSet::new();
    let mut open = vec![root.at("paths")];
    while let Some(node) = open.pop() {
        for (_, target) in references_in(node) {
            let pointer = target.trim_start_matches('#');
            if used.insert(pointer)
                && let Some(value) = document.0.pointer(pointer)
            {
                open.push(Node { pointer: pointer.to_owned(), value });
            }
        }
    }
    let components = root.at("components");
    let declared = components.at("parameters").entries().into_iter();
    declared
        .chain(components.at("schemas").entries())
        .filter(|(_, node)| !used.contains(node.pointer.as_str()))
        .map(|(name, node)| node.finding(format!("no operation needs `{name}`: remove it")))
        .collect()
}

/// The objects that hold a `$ref`, with what it says.
fn references_in(node: Node<'_>) -> Vec<(Node<'_>, &str)> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let entries = node.entries().into_iter().map(|(_, value)| value);
        let parts: Vec<_> = entries.chain(node.items()).collect();
        open.extend(parts.into_iter().rev());
        if let Some(target) = node.text("$ref") {
            found.push((node, target));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{GET_INBOX, LIST_INBOXES, speaks};
    use super::*;

    #[test]
    fn references_lead_somewhere() {
        let reference = "/components/schemas/Thread/properties/status/allOf/0/$ref";
        for wrong in [
            "#/components/schemas/Missing",
            "#/components/schemas/Thread/properties",
            "#/components/parameters/limit",
            "other.json#/components/schemas/Thread",
            "ThreadStatus",
        ] {
            speaks(targets, &[reference], |document| {
                *document.pointer_mut(reference).unwrap() = json!(wrong);
            });
        }
        let reference = format!("{LIST_INBOXES}/parameters/0/$ref");
        speaks(targets, &[&reference], |document| {
            *document.pointer_mut(&reference).unwrap() = json!("#/components/schemas/Thread");
        });
    }

    #[test]
    fn references_stand_alone() {
        let holder = format!("{GET_INBOX}/responses/200/content/application~1json/schema");
        speaks(siblings, &[&holder], |document| {
            document.pointer_mut(&holder).unwrap()["description"] = json!("Lost.");
        });
    }

    #[test]
    fn schemas_and_parameters_are_used() {
        speaks(unused, &["/components/parameters/spare"], |document| {
            let parameter = document["components"]["parameters"]["limit"].clone();
            document["components"]["parameters"]["spare"] = parameter;
        });
        // Schemas that only need each other are needed by nobody.
        speaks(unused, &["/components/schemas/Left", "/components/schemas/Right"], |document| {
            for (name, other) in [("Left", "Right"), ("Right", "Left")] {
                document["components"]["schemas"][name] = json!({
                    "description": "X.",
                    "type": "array",
                    "items": { "$ref": format!("#/components/schemas/{other}") },
                });
            }
        });
    }
}
