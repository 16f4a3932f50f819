//! Bodies of requests and responses.

use super::Finding;
use super::node::{Node, operations};
use crate::document::{Document, referenced};

/// The client sends JSON of a type that has a name; anything else generates code nobody would want
/// to call, or none.
pub(super) fn requests(document: &Document) -> Vec<Finding> {
    let operations = operations(document).into_iter();
    let bodies = operations.map(|(_, operation)| operation.at("requestBody"));
    bodies.filter(|body| !body.value.is_null()).filter_map(|body| content_fault(&body)).collect()
}

/// HubSpot's errors do not fit its own schema for them, so failures are not described and reach us
/// raw. Several successes of different types would make an enum of bodies that nobody wants; where
/// HubSpot has several, `2XX` stands for them.
pub(super) fn responses(document: &Document) -> Vec<Finding> {
    operations(document).into_iter().flat_map(|(_, operation)| responses_of(&operation)).collect()
}

fn responses_of(operation: &Node<'_>) -> Vec<Finding> {
    let responses = operation.at("responses");
    let (successes, failures): (Vec<_>, Vec<_>) =
        responses.entries().into_iter().partition(|(status, _)| is_success(status));
    let mut findings: Vec<_> = failures
        .iter()
        .map(|(status, node)| {
            node.finding(format!("`{status}` is not a success: remove it, failures are read raw"))
        })
        .collect();
    match successes.as_slice() {
        [] if responses.value.is_null() => {
            findings.push(operation.finding("no responses: describe the success"));
        }
        [] => findings.push(responses.finding("no success: describe it")),
        [(_, response)] if response.has("content") => findings.extend(content_fault(response)),
        [_] => {}
        _ => findings.push(responses.finding("several successes: make them one, `2XX`")),
    }
    findings
}

fn is_success(status: &str) -> bool {
    match status.strip_prefix('2') {
        Some("XX") => true,
        Some(rest) => rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit()),
        None => false,
    }
}

/// What keeps a body from being JSON with a named schema.
fn content_fault(body: &Node<'_>) -> Option<Finding> {
    const ADVICE: &str =
        "the content is application/json with a $ref to a schema, and nothing else";
    let content = body.at("content");
    match content.entries().as_slice() {
        [("application/json", json)] => {
            let schema = json.at("schema");
            let is_named = schema.has("$ref") && referenced(schema.value).is_some();
            (!is_named).then(|| {
                if schema.value.is_null() { json.finding(ADVICE) } else { schema.finding(ADVICE) }
            })
        }
        [(_, other)] => Some(other.finding(ADVICE)),
        _ if content.value.is_null() => Some(body.finding(ADVICE)),
        _ => Some(content.finding(ADVICE)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{GET_INBOX, UPDATE_THREAD, speaks, take};
    use super::*;

    fn rename(document: &mut Value, object: &str, from: &str, to: &str) {
        let object = document.pointer_mut(object).unwrap().as_object_mut().unwrap();
        let value = object.shift_remove(from).unwrap();
        object.insert(to.to_owned(), value);
    }

    #[test]
    fn a_request_is_json_with_a_named_schema() {
        let body = format!("{UPDATE_THREAD}/requestBody");
        let content = format!("{body}/content");
        let json = format!("{content}/application~1json");
        // The schema is used elsewhere, or it would be unused without this body.
        let keep = |document: &mut Value| {
            document["components"]["schemas"]["Thread"]["properties"]["update"] = json!({
                "description": "X.", "allOf": [{ "$ref": "#/components/schemas/ThreadUpdate" }],
            });
        };
        speaks(requests, &[&body], |document| {
            keep(document);
            take(document, &content);
        });
        speaks(requests, &[&json], |document| {
            keep(document);
            take(document, &format!("{json}/schema"));
        });
        speaks(requests, &[&format!("{json}/schema")], |document| {
            keep(document);
            *document.pointer_mut(&format!("{json}/schema")).unwrap() = json!({ "type": "object" });
        });
        speaks(requests, &[&format!("{content}/*~1*")], |document| {
            rename(document, &content, "application/json", "*/*");
        });
        speaks(requests, &[&content], |document| {
            let schema = document.pointer(&json).unwrap().clone();
            document.pointer_mut(&content).unwrap()["text/plain"] = schema;
        });
    }

    #[test]
    fn a_response_is_json_with_a_named_schema() {
        let content = format!("{GET_INBOX}/responses/200/content");
        let schema = format!("{content}/application~1json/schema");
        speaks(responses, &[&schema], |document| {
            *document.pointer_mut(&schema).unwrap() = json!({ "type": "string" });
        });
        speaks(responses, &[&format!("{content}/*~1*")], |document| {
            rename(document, &content, "application/json", "*/*");
        });
    }

    #[test]
    fn one_success_is_described_and_no_failure() {
        let of_operation = format!("{GET_INBOX}/responses");
        for failure in ["default", "404", "2xx", "20"] {
            speaks(responses, &[&format!("{of_operation}/{failure}")], |document| {
                document.pointer_mut(&of_operation).unwrap()[failure] =
                    json!({ "description": "It failed." });
            });
        }
        speaks(responses, &[&of_operation], |document| {
            document.pointer_mut(&of_operation).unwrap()["207"] = json!({ "description": "Some." });
        });
        speaks(responses, &[&of_operation], |document| {
            *document.pointer_mut(&of_operation).unwrap() = json!({});
        });
        speaks(responses, &[GET_INBOX], |document| take(document, &of_operation));
    }

    #[test]
    fn every_success_may_stand_for_the_others() {
        speaks(responses, &[], |document| {
            rename(document, &format!("{GET_INBOX}/responses"), "200", "2XX");
        });
    }
}
