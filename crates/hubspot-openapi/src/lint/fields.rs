//! Fields of objects.

use std::collections::{HashMap, HashSet};

use heck::ToSnakeCase;

use super::Finding;
use super::node::schemas;
use crate::document::Document;

/// A required name that is no field is a misspelling that would make the field optional.
pub(super) fn required(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, schema) in schemas(document).into_iter().filter(|(_, schema)| schema.has("required")) {
        let required = schema.at("required");
        if !required.value.is_array() {
            findings.push(required.finding("a list of field names is needed"));
        }
        let mut seen = HashSet::new();
        for item in required.items() {
            match item.value.as_str() {
                Some(name) if !schema.at("properties").has(name) => {
                    findings
                        .push(item.finding(format!("no field is called `{name}`: fix or remove")));
                }
                Some(name) if !seen.insert(name) => {
                    findings.push(item.finding(format!("`{name}` is listed twice: keep one")));
                }
                Some(_) => {}
                None => findings.push(item.finding("not the name of a field: remove it")),
            }
        }
    }
    findings
}

/// A field is a field of a Rust struct, found again by its name in snake_case.
pub(super) fn names(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, schema) in schemas(document) {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (name, field) in schema.at("properties").entries() {
            let snake = name.to_snake_case();
            // A keyword can be a field: `r#type`.
            if syn::parse_str::<syn::Ident>(&format!("r#{snake}")).is_err() {
                findings.push(field.finding(format!("{name:?} makes no Rust field: rename it")));
            } else if let Some(other) = seen.insert(snake.clone(), name) {
                findings.push(field.finding(format!(
                    "`{other}` and `{name}` would both be `{snake}`: keep or rename one"
                )));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::speaks;
    use super::*;

    #[test]
    fn required_fields_exist_and_stand_once() {
        let of_inbox = "/components/schemas/Inbox/required";
        for (wrong, place) in [
            (json!(["id", "title"]), "/1"),
            (json!(["id", "name", "id"]), "/2"),
            (json!(["id", 1]), "/1"),
            (json!("id"), ""),
        ] {
            speaks(required, &[&format!("{of_inbox}{place}")], |document| {
                *document.pointer_mut(of_inbox).unwrap() = wrong;
            });
        }
    }

    #[test]
    fn fields_stay_apart_in_snake_case() {
        let fields = "/components/schemas/Inbox/properties";
        for wrong in ["created_at", "CreatedAt", "$", "1st"] {
            speaks(names, &[&format!("{fields}/{wrong}")], |document| {
                document.pointer_mut(fields).unwrap()[wrong] =
                    json!({ "description": "X.", "type": "string" });
            });
        }
    }
}
