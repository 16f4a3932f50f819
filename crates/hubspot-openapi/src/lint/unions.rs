//! Unions, their tags and their members.

use std::collections::{BTreeSet, HashSet};

use super::node::{Node, Position, named_schemas, schemas};
use super::{Finding, variants};
use crate::document::{Document, strings};

/// Only a named union with a tag stays open to members HubSpot adds; without either, the generator
/// tries one member after the other.
pub(super) fn places(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (position, schema) in schemas(document) {
        let tag = schema.at("discriminator");
        if schema.has("oneOf") && position != Position::Named {
            findings.push(schema.at("oneOf").finding("make it a named schema and refer to it"));
        } else if schema.has("oneOf") && tag.text("propertyName") != Some("type") {
            findings.push(schema.finding("a union's discriminator has the propertyName `type`"));
        } else if !schema.has("oneOf") && schema.has("discriminator") {
            findings.push(tag.finding("a discriminator belongs to a oneOf: add it or remove this"));
        }
    }
    findings
}

/// The mapping is what the union is generated from: a member it leaves out could not be read.
pub(super) fn mappings(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for union in unions(document) {
        let listed = union.at("oneOf");
        let mapping = union.at("discriminator").at("mapping");
        let names: BTreeSet<_> = listed.items().iter().filter_map(|m| m.text("$ref")).collect();
        if names.is_empty() || names.len() != listed.items().len() {
            findings.push(listed.finding("a union lists $refs, each once: write them so"));
            continue;
        }
        let mut mapped = BTreeSet::new();
        for (tag, target) in mapping.entries() {
            match target.value.as_str() {
                Some(name) if !names.contains(name) => {
                    findings.push(target.finding(format!("`{tag}` is no member: add it to oneOf")));
                }
                Some(name) if !mapped.insert(name) => {
                    findings.push(target.finding("a second tag for this member: keep one"));
                }
                Some(_) => {}
                None => findings.push(target.finding("the member's $ref is needed, as a string")),
            }
        }
        let place = if mapping.value.is_null() { &union } else { &mapping };
        findings.extend(
            names
                .difference(&mapped)
                .map(|name| place.finding(format!("{name} has no tag: map it"))),
        );
    }
    findings
}

/// Tags become variants beside `Unrecognized`. A member that did not require the very tag that is
/// mapped to it would promise something else than what is read and written.
pub(super) fn tags(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for union in unions(document) {
        let tags = union.at("discriminator").at("mapping").entries();
        findings.extend(variants::faults(&tags, &["Unrecognized"]));
    }
    for (tag, member) in members(document) {
        let own = member.at("properties").at("type");
        let values: Vec<_> = own.at("enum").items().iter().map(|item| item.value).collect();
        if own.value["type"] != "string" || values != [tag] {
            let place = if own.value.is_null() { &member } else { &own };
            let message = format!("a member's `type` is a string with the one value `{tag}`");
            findings.push(place.finding(message));
        }
        // If there is no such field, that is to be fixed first.
        if !own.value.is_null() && strings(&member.value["required"]).all(|name| name != "type") {
            findings.push(member.finding("a member of a union requires its `type`: add it"));
        }
    }
    findings
}

/// The pointers to the tags of whatever a union lists or maps.
pub(super) fn tag_fields(document: &Document) -> HashSet<String> {
    let listed = unions(document).into_iter().flat_map(|union| union.at("oneOf").items());
    let listed = listed.filter_map(|member| named(document, member.text("$ref")?));
    let mapped = members(document).into_iter().map(|(_, member)| member);
    listed.chain(mapped).map(|member| member.at("properties").at("type").pointer).collect()
}

/// The members of all unions with their tags.
fn members(document: &Document) -> Vec<(&str, Node<'_>)> {
    let tags = unions(document)
        .into_iter()
        .flat_map(|union| union.at("discriminator").at("mapping").entries());
    tags.filter_map(|(tag, target)| Some((tag, named(document, target.value.as_str()?)?))).collect()
}

fn named<'a>(document: &'a Document, reference: &str) -> Option<Node<'a>> {
    let name = reference.strip_prefix("#/components/schemas/")?;
    let schemas = Node::root(document).at("components").at("schemas");
    schemas.has(name).then(|| schemas.at(name))
}

fn unions(document: &Document) -> Vec<Node<'_>> {
    let named = named_schemas(document).into_iter().map(|(_, schema)| schema);
    named.filter(|schema| schema.has("oneOf")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{speaks, take};
    use super::*;

    const ACTOR: &str = "/components/schemas/Actor";
    const AGENT: &str = "/components/schemas/AgentActor";

    /// Gives the agent another tag, in the union and in the member.
    fn retagged(document: &mut Value, tag: &str) {
        let mapping = document.pointer_mut(&format!("{ACTOR}/discriminator/mapping")).unwrap();
        let mapping = mapping.as_object_mut().unwrap();
        let member = mapping.shift_remove("AGENT").unwrap();
        mapping.insert(tag.to_owned(), member);
        document.pointer_mut(AGENT).unwrap()["properties"]["type"]["enum"] = json!([tag]);
    }

    #[test]
    fn unions_are_named() {
        let field = "/components/schemas/BatchError/properties/subCategory";
        speaks(places, &[&format!("{field}/oneOf")], |document| {
            document.pointer_mut(field).unwrap()["oneOf"] = json!([{ "type": "string" }]);
        });
    }

    #[test]
    fn unions_have_type_for_a_tag() {
        let property = format!("{ACTOR}/discriminator/propertyName");
        speaks(places, &[ACTOR], |document| {
            *document.pointer_mut(&property).unwrap() = json!("kind");
        });
        speaks(places, &[ACTOR], |document| take(document, &property));
        speaks(places, &["/components/schemas/Inbox/discriminator"], |document| {
            document["components"]["schemas"]["Inbox"]["discriminator"] =
                json!({ "propertyName": "type" });
        });
    }

    #[test]
    fn the_mapping_covers_exactly_the_members() {
        let mapping = format!("{ACTOR}/discriminator/mapping");
        speaks(mappings, &[&mapping], |document| take(document, &format!("{mapping}/AGENT")));
        speaks(mappings, &[&format!("{mapping}/LLM")], |document| {
            let members = document.pointer_mut(&format!("{ACTOR}/oneOf")).unwrap();
            members.as_array_mut().unwrap().pop();
            // Without the union nobody would need the member.
            document["components"]["schemas"]["Thread"]["properties"]["by"] = json!({
                "description": "X.", "allOf": [{ "$ref": "#/components/schemas/LlmActor" }],
            });
        });
        speaks(mappings, &[&format!("{mapping}/AGENT")], |document| {
            document.pointer_mut(&mapping).unwrap()["AGENT"] = json!(1);
            let mapping = document.pointer_mut(&mapping).unwrap().as_object_mut().unwrap();
            mapping.insert("AGENT_AGAIN".to_owned(), json!("#/components/schemas/AgentActor"));
            document.pointer_mut(AGENT).unwrap()["properties"]["type"]["enum"] =
                json!(["AGENT_AGAIN"]);
        });
    }

    #[test]
    fn members_are_references_each_once() {
        let listed = format!("{ACTOR}/oneOf");
        for wrong in [json!({ "type": "object" }), json!({ "$ref": AGENT.replace("/c", "#/c") })] {
            speaks(mappings, &[&listed], |document| {
                let members = document.pointer_mut(&listed).unwrap().as_array_mut().unwrap();
                members.push(wrong);
            });
        }
    }

    #[test]
    fn tags_become_variants() {
        for wrong in ["bot", "UNRECOGNIZED", "", "3RD_PARTY"] {
            speaks(tags, &[&format!("{ACTOR}/discriminator/mapping/{wrong}")], |document| {
                retagged(document, wrong);
            });
        }
        speaks(tags, &[], |document| retagged(document, "HUMAN"));
    }

    #[test]
    fn members_require_their_tag() {
        let field = format!("{AGENT}/properties/type");
        for wrong in [json!(["BOT"]), json!(["AGENT", "BOT"]), json!([]), json!(null)] {
            speaks(tags, &[&field], |document| {
                document.pointer_mut(&field).unwrap()["enum"] = wrong;
            });
        }
        speaks(tags, &[&field], |document| {
            document.pointer_mut(&field).unwrap()["type"] = json!("integer");
        });
        speaks(tags, &[AGENT], |document| {
            document.pointer_mut(AGENT).unwrap()["required"] = json!(["id"]);
        });
        speaks(tags, &[AGENT], |document| {
            take(document, &field);
            document.pointer_mut(AGENT).unwrap()["required"] = json!(["id"]);
        });
    }
}
