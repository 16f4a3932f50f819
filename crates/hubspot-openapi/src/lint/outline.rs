//! What the document may consist of.

use super::Finding;
use super::node::Node;
use crate::document::{Document, METHODS};

/// progenitor reads OpenAPI 3.0 and nothing newer, and one exact version keeps tools in agreement.
pub(super) fn version(document: &Document) -> Vec<Finding> {
    let version = Node::root(document).at("openapi");
    let wrong = version.value != "3.0.3";
    wrong
        .then(|| version.finding("write 3.0.3, the version the rules are for"))
        .into_iter()
        .collect()
}

/// The operation table is made of the methods we know: anything else in a path item would have no
/// row in it, and shared parameters would not show where the operation is read.
pub(super) fn path_items(document: &Document) -> Vec<Finding> {
    let items = Node::root(document).at("paths").entries();
    let entries = items.into_iter().flat_map(|(_, item)| item.entries());
    entries
        .filter(|(key, _)| !METHODS.contains(key))
        .map(|(key, node)| {
            let methods = METHODS.join(", ");
            node.finding(format!("a path has {methods} only: move `{key}` into its operations"))
        })
        .collect()
}

/// Bodies and responses stand in their operations, where they are read; what is shared is a
/// parameter, a schema or a security scheme.
pub(super) fn components(document: &Document) -> Vec<Finding> {
    let sections = Node::root(document).at("components").entries();
    sections
        .into_iter()
        .filter(|(name, _)| !matches!(*name, "parameters" | "schemas" | "securitySchemes"))
        .map(|(name, node)| {
            node.finding(format!("`{name}` are not shared: write them out in their operations"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{GET_INBOX, LIST_INBOXES, speaks};
    use super::*;

    #[test]
    fn version_is_3_0_3() {
        speaks(version, &["/openapi"], |document| document["openapi"] = json!("3.0.0"));
        speaks(version, &["/openapi"], |document| document["openapi"] = json!(3));
    }

    #[test]
    fn path_items_hold_operations_only() {
        let item = GET_INBOX.strip_suffix("/get").unwrap();
        speaks(path_items, &[&format!("{item}/parameters")], |document| {
            document.pointer_mut(item).unwrap()["parameters"] = json!([]);
        });
        let item = LIST_INBOXES.strip_suffix("/get").unwrap();
        speaks(path_items, &[&format!("{item}/head")], |document| {
            document.pointer_mut(item).unwrap()["head"] = json!({});
        });
    }

    #[test]
    fn components_hold_what_is_shared() {
        speaks(components, &["/components/responses"], |document| {
            document["components"]["responses"] = json!({});
        });
    }
}
