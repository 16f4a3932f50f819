//! Enums.

use super::Finding;
use super::node::{Position, named_schemas, schemas};
use super::{unions, variants};
use crate::document::Document;

/// Only a named enum stays open to values HubSpot adds; one without a name would come out rigid.
/// The tag of a union's member is no enum to anybody: the union owns it.
pub(super) fn places(document: &Document) -> Vec<Finding> {
    let tags = unions::tag_fields(document);
    schemas(document)
        .into_iter()
        .filter(|(position, schema)| *position != Position::Named && schema.has("enum"))
        .filter(|(_, schema)| !tags.contains(&schema.pointer))
        .map(|(_, schema)| schema.at("enum").finding("make it a named schema and refer to it"))
        .collect()
}

/// Values become variants beside `Unrecognized`, which keeps what the document does not name.
pub(super) fn values(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, schema) in named_schemas(document) {
        let values = schema.at("enum");
        if !schema.has("enum") {
            continue;
        }
        if schema.value["type"] != "string" {
            findings.push(schema.finding("an enum is of type string: say so"));
        }
        let strings = values.strings();
        if strings.is_empty() || strings.len() != values.items().len() {
            findings.push(values.finding("an enum lists strings, one at least: list them"));
        }
        findings.extend(variants::faults(&strings, &["Unrecognized"]));
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::speaks;
    use super::*;

    #[test]
    fn enums_are_named() {
        for place in [
            "/components/schemas/Inbox/properties/name",
            "/components/schemas/BatchErrorDetail/properties/context/additionalProperties/items",
            "/components/parameters/property/schema",
        ] {
            speaks(places, &[&format!("{place}/enum")], |document| {
                document.pointer_mut(place).unwrap()["enum"] = json!(["NAME"]);
            });
        }
    }

    #[test]
    fn a_type_outside_a_union_is_no_tag() {
        let field = "/components/schemas/Inbox/properties/type";
        speaks(places, &[&format!("{field}/enum")], |document| {
            // InboxType must still be used.
            let copy = document.pointer(field).unwrap().clone();
            document["components"]["schemas"]["Inbox"]["properties"]["kind"] = copy;
            *document.pointer_mut(field).unwrap() =
                json!({ "description": "X.", "type": "string", "enum": ["INBOX"] });
        });
    }

    #[test]
    fn values_become_variants() {
        let of_status = "/components/schemas/ThreadStatus/enum";
        for (wrong, place) in [
            (json!([]), ""),
            (json!("OPEN"), ""),
            (json!(["OPEN", 1]), ""),
            (json!(["OPEN", "OPEN"]), "/1"),
            (json!(["OPEN", "open"]), "/1"),
            (json!(["RE_OPEN", "ReOpen"]), "/1"),
            (json!(["OPEN", ""]), "/1"),
            (json!(["OPEN", "_"]), "/1"),
            (json!(["OPEN", "24_HOURS"]), "/1"),
            (json!(["SELF"]), "/0"),
            (json!(["OPEN", "UNRECOGNIZED"]), "/1"),
        ] {
            speaks(values, &[&format!("{of_status}{place}")], |document| {
                *document.pointer_mut(of_status).unwrap() = wrong;
            });
        }
        speaks(values, &["/components/schemas/ThreadStatus"], |document| {
            document["components"]["schemas"]["ThreadStatus"]["type"] = json!("integer");
        });
    }
}
