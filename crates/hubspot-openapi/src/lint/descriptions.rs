//! Prose: whatever a reader of the generated crate meets is described.

use super::Finding;
use super::node::{Node, Position, operations, parameters, schemas};
use crate::document::Document;

/// Descriptions are the documentation of the generated crate, where an undocumented item does not
/// compile, and the help of the program.
pub(super) fn descriptions(document: &Document) -> Vec<Finding> {
    let root = Node::root(document);
    let operations: Vec<_> = operations(document).into_iter().map(|(_, node)| node).collect();
    let bodies = operations.iter().map(|node| node.at("requestBody"));
    let responses = operations.iter().flat_map(|node| values(&node.at("responses")));
    let parameters = parameters(document);
    let parameters = parameters.into_iter().filter(|parameter| !parameter.has("$ref"));
    let schemas = schemas(document).into_iter().filter(|(place, _)| *place != Position::Part);

    root.at("tags")
        .items()
        .into_iter()
        .chain(operations.iter().cloned())
        .chain(bodies.filter(|body| !body.value.is_null()))
        .chain(responses)
        .chain(parameters)
        .chain(schemas.map(|(_, schema)| schema))
        .chain(values(&root.at("components").at("securitySchemes")))
        .filter(|node| is_blank(&node.at("description")))
        .map(|node| {
            node.finding(if node.has("$ref") {
                "no description: put the $ref into an allOf beside one"
            } else {
                "no description: say what it is for"
            })
        })
        .collect()
}

/// Summaries name operations in the table, in help texts and in the documentation's lists.
pub(super) fn summaries(document: &Document) -> Vec<Finding> {
    let operations = operations(document).into_iter().map(|(_, operation)| operation);
    operations
        .filter(|operation| is_blank(&operation.at("summary")))
        .map(|operation| operation.finding("no summary: name it in a few words"))
        .collect()
}

/// Scopes are what a person grants, who must know what each one allows.
pub(super) fn scopes(document: &Document) -> Vec<Finding> {
    let schemes = values(&Node::root(document).at("components").at("securitySchemes"));
    let flows = schemes.iter().flat_map(|scheme| values(&scheme.at("flows")));
    let scopes = flows.flat_map(|flow| values(&flow.at("scopes")));
    scopes
        .filter(is_blank)
        .map(|scope| scope.finding("no description: say what the scope allows"))
        .collect()
}

fn values<'a>(node: &Node<'a>) -> Vec<Node<'a>> {
    node.entries().into_iter().map(|(_, value)| value).collect()
}

fn is_blank(text: &Node<'_>) -> bool {
    text.value.as_str().is_none_or(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{GET_INBOX, LIST_THREADS, UPDATE_THREAD, speaks, take};
    use super::*;

    #[test]
    fn everything_a_reader_meets_is_described() {
        for place in [
            "/tags/0",
            GET_INBOX,
            &format!("{GET_INBOX}/responses/200"),
            &format!("{UPDATE_THREAD}/requestBody"),
            &format!("{LIST_THREADS}/parameters/0"),
            "/components/parameters/after",
            "/components/schemas/Thread",
            "/components/schemas/Thread/properties/status",
            "/components/schemas/InboxType",
            "/components/schemas/Message",
            "/components/securitySchemes/oauth2",
        ] {
            let description = format!("{place}/description");
            speaks(descriptions, &[place], |document| take(document, &description));
        }
        for blank in [json!("  \n"), json!(null), json!(["text"])] {
            speaks(descriptions, &["/tags/0"], |document| {
                document["tags"][0]["description"] = blank;
            });
        }
    }

    #[test]
    fn a_field_that_is_a_bare_reference_is_not_described() {
        let field = "/components/schemas/Thread/properties/status";
        speaks(descriptions, &[field], |document| {
            *document.pointer_mut(field).unwrap() =
                json!({ "$ref": "#/components/schemas/ThreadStatus" });
        });
    }

    #[test]
    fn an_operation_has_a_summary() {
        speaks(summaries, &[GET_INBOX], |document| {
            take(document, &format!("{GET_INBOX}/summary"));
        });
    }

    #[test]
    fn a_scope_is_described() {
        let scope =
            "/components/securitySchemes/oauth2/flows/authorizationCode/scopes/conversations.read";
        speaks(scopes, &[scope], |document| *document.pointer_mut(scope).unwrap() = json!(""));
    }
}
