//! The tags that distinguish the members of unions.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::annotations::LONE_DEFAULT;
use super::json_path::JsonPath;
use super::links::reference;
use super::objects::BARE;
use super::references;
use super::report::Log;
use super::schema_types::any;
use super::walk;
use crate::document::{entries, referenced, strings};

/// A union's tag and whom each value of it stands for.
struct Tags {
    property: String,
    mapping: Vec<(String, String)>,
}

/// Declares what tells the members of a union apart: the discriminator it has, completed, or a field
/// of which every member has its own values, `type` before others. HubSpot mostly leaves it out, and
/// without it typify reads one member after the other until one fits.
pub(super) fn declared(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    let mut found = Vec::new();
    for (name, schema) in schemas.iter().filter(|(_, schema)| schema.get("oneOf").is_some()) {
        let told = of_named(schema, schemas).map(|tags| {
            let mapping: Map<_, _> = tags
                .mapping
                .into_iter()
                .map(|(tag, member)| (tag, references::to(&member)["$ref"].take()))
                .collect();
            (tags.property, mapping)
        });
        let stands = told.as_ref().is_some_and(|(property, mapping)| {
            let before = &schema["discriminator"];
            before["propertyName"] == property.as_str()
                && before["mapping"].as_object() == Some(mapping)
        });
        if !stands {
            found.push((name.clone(), told));
        }
    }
    for (name, told) in found {
        let Some(schema) = schemas[&name].as_object_mut() else { continue };
        if let Some((property, mapping)) = told {
            let tags = json!({ "propertyName": property, "mapping": mapping });
            schema.insert("discriminator".to_owned(), tags);
            log.fixed();
        } else if schema.shift_remove("discriminator").is_some() {
            log.fixed();
        }
    }
}

fn of_named(schema: &Value, schemas: &Map<String, Value>) -> Option<Tags> {
    let list = schema.get("oneOf")?.as_array()?;
    let names: Vec<&str> = list.iter().map(reference).collect::<Option<_>>()?;
    let members: Vec<(&str, &Value)> =
        names.into_iter().map(|name| Some((name, schemas.get(name)?))).collect::<Option<_>>()?;
    let is_object = |schema: &Value| schema["type"] == "object" && schema["properties"].is_object();
    if members.is_empty() || !members.iter().all(|(_, member)| is_object(member)) {
        return None;
    }
    let declared = schema["discriminator"]["propertyName"].as_str();
    if let Some(property) = declared
        && let Some(mapping) = mapped(property, &members, schema, schemas)
    {
        return Some(Tags { property: property.to_owned(), mapping });
    }
    let fields = entries(&members[0].1["properties"]).map(|(name, _)| name);
    let candidates = ["type"].into_iter().chain(fields.filter(|name| *name != "type"));
    candidates.into_iter().find_map(|property| {
        let mapping = told(&members, |_, member| values(member, property, schemas))?;
        Some(Tags { property: property.to_owned(), mapping })
    })
}

/// The mapping of a declared discriminator, completed by the members' own values, or by their names
/// as OpenAPI has it.
fn mapped(
    property: &str,
    members: &[(&str, &Value)],
    union: &Value,
    schemas: &Map<String, Value>,
) -> Option<Vec<(String, String)>> {
    let mut by_member: HashMap<&str, Vec<String>> = HashMap::new();
    for (tag, target) in entries(&union["discriminator"]["mapping"]) {
        if let Some(name) = target.as_str().and_then(references::name) {
            by_member.entry(name).or_default().push(tag.to_owned());
        }
    }
    told(members, |name, member| {
        let tags =
            by_member.get(name).cloned().unwrap_or_else(|| values(member, property, schemas));
        if tags.is_empty() { vec![name.to_owned()] } else { tags }
    })
}

/// The mapping, if each member has values that no other has.
fn told(
    members: &[(&str, &Value)],
    values: impl Fn(&str, &Value) -> Vec<String>,
) -> Option<Vec<(String, String)>> {
    let mut seen = HashSet::new();
    let mut mapping = Vec::new();
    for (name, member) in members {
        let values = values(name, member);
        if values.is_empty() {
            return None;
        }
        for value in values {
            if !seen.insert(value.clone()) {
                return None;
            }
            mapping.push((value, (*name).to_owned()));
        }
    }
    Some(mapping)
}

/// The values that a field can have, if it says so.
fn values(member: &Value, property: &str, schemas: &Map<String, Value>) -> Vec<String> {
    let field = &member["properties"][property];
    let meant = referenced(field).and_then(|name| schemas.get(name)).unwrap_or(field);
    let listed: Vec<String> = strings(&meant["enum"]).map(str::to_owned).collect();
    match field[LONE_DEFAULT].as_str() {
        Some(tag) if listed.is_empty() => vec![tag.to_owned()],
        _ => listed,
    }
}

/// The tag of a union that has one.
pub(super) fn of(schema: &Value) -> Option<&str> {
    schema.get("oneOf")?;
    schema["discriminator"]["mapping"].as_object()?;
    schema["discriminator"]["propertyName"].as_str()
}

/// Takes a union whose members cannot be told apart as any JSON. typify would try one member after
/// the other, and the first that does not object would win.
pub(super) fn untold(document: &mut Value, log: &mut Log<'_>) {
    let root = JsonPath::Root;
    let components = root.key("components");
    let place = components.key("schemas");
    for (name, schema) in walk::named(document).into_iter().flatten() {
        let is_told = of(schema).is_some() && schema["discriminator"]["mapping"] != json!({});
        if schema.get("oneOf").is_some() && !is_told {
            log.reported(&place.key(name), "taken as any JSON, nothing tells its members apart");
            any(schema);
        }
    }
}

/// Declares the tag in each member as a required string with the values mapped to it, so that the
/// member alone says what the union reads.
pub(super) fn in_members(document: &mut Value, log: &mut Log<'_>) {
    let Some(schemas) = walk::named(document) else { return };
    let mut tags: HashMap<String, HashMap<String, Vec<String>>> = HashMap::new();
    let mut order = BTreeSet::new();
    for schema in schemas.values() {
        let Some(property) = of(schema) else { continue };
        for (tag, target) in entries(&schema["discriminator"]["mapping"]) {
            let Some(member) = target.as_str().and_then(references::name) else { continue };
            let values =
                tags.entry(member.to_owned()).or_default().entry(property.to_owned()).or_default();
            if !values.iter().any(|value| value == tag) {
                values.push(tag.to_owned());
            }
            order.insert((member.to_owned(), property.to_owned()));
        }
    }
    for (member, property) in order {
        let values = &tags[&member][&property];
        let Some(schema) = schemas.get_mut(&member) else { continue };
        let before = schema["properties"][&property].clone();
        let own: Vec<&str> = strings(&before["enum"]).collect();
        if !values.iter().all(|value| own.contains(&value.as_str())) {
            let mut field = json!({ "type": "string", "enum": values });
            for key in ["description", "x-rust-name"] {
                if let Some(said) = before.get(key) {
                    field[key] = said.clone();
                }
            }
            schema["properties"][&property] = field;
            log.fixed();
        }
        if !strings(&schema["required"]).any(|name| name == property) {
            match schema.get_mut("required").and_then(Value::as_array_mut) {
                Some(required) => required.push(json!(property)),
                None => schema["required"] = json!([property]),
            }
            log.fixed();
        }
    }
    // What was remembered for this has served.
    walk::schemas(document, &mut |_, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        object.shift_remove(LONE_DEFAULT);
        let has_fields =
            object.get("properties").and_then(Value::as_object).is_some_and(|all| !all.is_empty());
        if has_fields {
            object.shift_remove(BARE);
        }
    });
}

/// Drops discriminators that are left where there is no union: we would take it for one.
pub(super) fn stray(document: &mut Value, log: &mut Log<'_>) {
    walk::schemas(document, &mut |_, schema| {
        let Some(object) = schema.as_object_mut() else { return };
        if !object.contains_key("oneOf") && object.shift_remove("discriminator").is_some() {
            log.fixed();
        }
    });
}
