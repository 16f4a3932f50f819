//! Names and shapes of schemas.

use heck::ToUpperCamelCase;
use serde_json::Value;

use super::Finding;
use super::node::{Node, Position, named_schemas, schemas};
use crate::document::{Document, Kind, Schema, entries, referenced};

/// Schema names are type names. HubSpot's `Public` and `Egg` say how its server is built and
/// nothing to a caller.
pub(super) fn names(document: &Document) -> Vec<Finding> {
    named_schemas(document)
        .into_iter()
        .filter_map(|(name, node)| {
            let after_public = name.strip_prefix("Public").map(|rest| rest.chars().next());
            if after_public.is_some_and(|next| next.is_none_or(char::is_uppercase)) {
                Some(node.finding("a name of ours has no `Public` before it: leave it out"))
            } else if name.ends_with("Egg") {
                Some(node.finding("a name of ours has no `Egg` after it: begin it with `New`"))
            } else if syn::parse_str::<syn::Ident>(&name.to_upper_camel_case()).is_err() {
                Some(node.finding("the name makes no Rust type: rename it"))
            } else if name != name.to_upper_camel_case() {
                let better = name.to_upper_camel_case();
                Some(node.finding(format!("not in UpperCamelCase: write `{better}`")))
            } else {
                None
            }
        })
        .collect()
}

/// An id becomes a type of its own that holds a string. Nothing else fits into it, and without a
/// name there is no type.
pub(super) fn ids(document: &Document) -> Vec<Finding> {
    schemas(document)
        .into_iter()
        .filter(|(_, node)| node.has("x-id"))
        .filter(|(position, node)| *position != Position::Named || !is_plain_id(node.value))
        .map(|(_, node)| {
            node.finding("an id is a named schema of type string with x-id true, and no more")
        })
        .collect()
}

fn is_plain_id(schema: &Value) -> bool {
    schema["x-id"] == true
        && schema["type"] == "string"
        && entries(schema)
            .all(|(key, _)| matches!(key, "type" | "description") || key.starts_with("x-"))
}

/// A list that does not have the shape of a page would come out as a struct of its own, without
/// streams and with one bad item costing the rest.
pub(super) fn pages(document: &Document) -> Vec<Finding> {
    named_schemas(document)
        .into_iter()
        .filter(|(_, node)| node.at("properties").has("results"))
        .filter(|(_, node)| node.at("properties").has("paging"))
        .filter(|(name, node)| !is_page(Schema { name, value: node.value }))
        .map(|(_, node)| {
            node.finding(
                "a page has `results`, an array of a named schema, and `paging`, a `Paging`; \
                 before them a `total` at most: give it that shape",
            )
        })
        .collect()
}

fn is_page(schema: Schema<'_>) -> bool {
    let fields = &schema.value["properties"];
    schema.kind() == Kind::Page
        && fields["results"]["type"] == "array"
        && referenced(&fields["results"]["items"]).is_some()
        && referenced(&fields["paging"]) == Some("Paging")
}

/// What can be missing is left out of `required`, and `null` is read as missing everywhere: a
/// second way to say the same would give a second type. Only what `PATCH` sends tells `null`, which
/// clears a field, from a field that is left out and stays.
pub(super) fn nullable(document: &Document) -> Vec<Finding> {
    let clearable = clearable_fields(document);
    nodes_with(document, "nullable")
        .filter(|node| !clearable.contains(&node.pointer))
        .map(|node| node.at("nullable").finding("leave it out: null is read as missing everywhere"))
        .collect()
}

/// The optional fields of what `PATCH` sends, by pointer.
fn clearable_fields(document: &Document) -> Vec<String> {
    let updates = document.operations().filter(|operation| operation.method == "patch");
    let bodies = updates.filter_map(|operation| {
        referenced(&operation.value["requestBody"]["content"]["application/json"]["schema"])
    });
    bodies
        .filter_map(|name| document.schema(name))
        .flat_map(|schema| {
            let optional = schema.properties().filter(move |(field, _)| !schema.requires(field));
            optional.map(move |(field, _)| {
                format!("/components/schemas/{}/properties/{field}", schema.name)
            })
        })
        .collect()
}

/// `anyOf` generates a struct of options that cannot be told apart.
pub(super) fn any_of(document: &Document) -> Vec<Finding> {
    nodes_with(document, "anyOf")
        .map(|node| {
            node.at("anyOf").finding("write a named union instead: oneOf with a discriminator")
        })
        .collect()
}

/// `allOf` is how OpenAPI 3.0 gives a field that refers to a schema a description of its own.
/// Inheritance by `allOf` has overflowed the generator's stack.
pub(super) fn all_of(document: &Document) -> Vec<Finding> {
    schemas(document)
        .into_iter()
        .filter(|(_, node)| node.has("allOf"))
        .filter(|(position, node)| *position != Position::Field || !only_describes(node))
        .map(|(_, node)| {
            node.at("allOf").finding(
                "allOf has one $ref, in a field, and beside it a description and a name only: \
                 write anything else out",
            )
        })
        .collect()
}

/// `nullable` is reported by its own rule.
fn only_describes(field: &Node<'_>) -> bool {
    let parts = field.at("allOf").items();
    let keys = entries(field.value);
    parts.len() == 1
        && parts[0].text("$ref").is_some()
        && keys
            .into_iter()
            .all(|(key, _)| matches!(key, "allOf" | "description" | "nullable" | "x-rust-name"))
}

fn nodes_with<'a>(document: &'a Document, key: &'static str) -> impl Iterator<Item = Node<'a>> {
    let schemas = schemas(document).into_iter().map(|(_, node)| node);
    schemas.filter(move |node| node.has(key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{GET_INBOX, speaks};
    use super::*;

    /// Renames the schema of `GET_INBOX`'s answer, in its declaration and in that answer.
    fn renamed(document: &mut Value, name: &str) {
        let schemas = document["components"]["schemas"].as_object_mut().unwrap();
        let schema = schemas.get("Inbox").unwrap().clone();
        schemas.insert(name.to_owned(), schema);
        let answer = format!("{GET_INBOX}/responses/200/content/application~1json/schema/$ref");
        *document.pointer_mut(&answer).unwrap() = json!(format!("#/components/schemas/{name}"));
    }

    #[test]
    fn names_are_ours() {
        for wrong in ["PublicBox", "Public", "BoxEgg", "inbox", "In_box", "INBOX", "Self", "2Boxes"]
        {
            let place = format!("/components/schemas/{wrong}");
            speaks(names, &[&place], |document| renamed(document, wrong));
        }
        speaks(names, &[], |document| renamed(document, "Publication"));
    }

    #[test]
    fn ids_are_plain_strings() {
        let id = "/components/schemas/ThreadId";
        for (key, wrong) in [
            ("type", json!("integer")),
            ("format", json!("uuid")),
            ("pattern", json!("[0-9]+")),
            ("x-id", json!("yes")),
        ] {
            speaks(ids, &[id], |document| document.pointer_mut(id).unwrap()[key] = wrong);
        }
        let field = "/components/schemas/Channel/properties/name";
        speaks(ids, &[field], |document| {
            document.pointer_mut(field).unwrap()["x-id"] = json!(true);
        });
    }

    #[test]
    fn lists_have_the_shape_of_pages() {
        let page = "/components/schemas/ThreadPage";
        speaks(pages, &[page], |document| {
            document.pointer_mut(page).unwrap()["properties"]["count"] =
                json!({ "description": "X.", "type": "integer" });
        });
        speaks(pages, &[page], |document| {
            document.pointer_mut(page).unwrap()["properties"]["paging"] =
                json!({ "description": "X.", "type": "string" });
        });
        speaks(pages, &[page], |document| {
            let results = &mut document.pointer_mut(page).unwrap()["properties"]["results"];
            results["items"] = json!({ "type": "string" });
        });
    }

    #[test]
    fn nothing_is_nullable_but_what_an_update_can_clear() {
        for field in ["name", "type"] {
            let field = format!("/components/schemas/Inbox/properties/{field}");
            speaks(nullable, &[&format!("{field}/nullable")], |document| {
                document.pointer_mut(&field).unwrap()["nullable"] = json!(true);
            });
        }
    }

    #[test]
    fn nothing_is_any_of() {
        let field = "/components/schemas/BatchError/properties/subCategory";
        speaks(any_of, &[&format!("{field}/anyOf")], |document| {
            document.pointer_mut(field).unwrap()["anyOf"] =
                json!([{ "type": "string" }, { "type": "object" }]);
        });
    }

    #[test]
    fn all_of_only_describes_a_reference() {
        let field = "/components/schemas/Inbox/properties/type";
        let inbox_type = json!({ "$ref": "#/components/schemas/InboxType" });
        for wrong in [
            json!({ "description": "X.", "allOf": [inbox_type, { "type": "object" }] }),
            json!({ "description": "X.", "allOf": [inbox_type], "type": "string" }),
            json!({ "description": "X.", "allOf": [{ "type": "string" }, inbox_type] }),
        ] {
            speaks(all_of, &[&format!("{field}/allOf")], |document| {
                *document.pointer_mut(field).unwrap() = wrong;
            });
        }
        let items = "/components/schemas/InboxPage/properties/total";
        speaks(all_of, &[&format!("{items}/items/allOf")], |document| {
            *document.pointer_mut(items).unwrap() =
                json!({ "description": "X.", "type": "array", "items": { "allOf": [inbox_type] } });
        });
        speaks(all_of, &["/components/schemas/Thread/allOf"], |document| {
            document["components"]["schemas"]["Thread"]["allOf"] =
                json!([{ "$ref": "#/components/schemas/ThreadAssociations" }]);
        });
    }
}
