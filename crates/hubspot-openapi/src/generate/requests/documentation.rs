//! What the page of a request says.

use super::super::operations::Root;
use crate::document::{Document, Operation};

/// The description of a tag, as a sentence.
pub(super) fn of_tag(document: &Document, tag: &str) -> String {
    let tags = document.0["tags"].as_array();
    let found = tags.into_iter().flatten().find(|it| it["name"] == *tag);
    let description = found.and_then(|it| it["description"].as_str());
    description.map_or_else(|| format!("Requests of `{tag}`."), str::to_owned)
}

/// The summary, the description, the scopes and the versions of an operation.
pub(super) fn of_operation(document: &Document, operation: &Operation<'_>) -> Vec<String> {
    let text = |key: &str| operation.value[key].as_str().unwrap_or_default();
    let mut paragraphs = vec![format!("{}.", text("summary").trim_end_matches('.'))];
    paragraphs.push(text("description").to_owned());
    let scopes = operation.scopes(document);
    let scopes: Vec<String> = scopes
        .iter()
        .map(|all| all.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(" and "))
        .collect();
    match &scopes[..] {
        [] if operation.credential(document) == "DeveloperKey" => {
            paragraphs.push("It takes a developer key instead of an access token.".to_owned());
        }
        [] => {}
        [only] => paragraphs.push(format!("Scope: {only}.")),
        several => paragraphs.push(format!("Scope: {}.", several.join(" or "))),
    }
    let versions = versions(document, operation);
    if !versions.is_empty() {
        paragraphs.push(format!("API versions: {}.", versions.join(", ")));
    }
    paragraphs.push(format!("HTTP: `{} {}`.", operation.method.to_uppercase(), operation.path));
    paragraphs
}

fn versions(document: &Document, operation: &Operation<'_>) -> Vec<String> {
    let root = Root::of(document, operation.path);
    let paths = root.map(|root| root.paths).unwrap_or_default();
    paths.iter().map(|(version, _)| format!("`{version}`")).collect()
}
