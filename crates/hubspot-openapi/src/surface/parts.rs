//! What an `allOf` puts together.

use std::collections::HashSet;

use serde_json::Value;

use super::reference::{ANYTHING, References};

/// One of the schemas that together make a type.
pub(super) struct Part<'a> {
    pub(super) pointer: String,
    pub(super) value: &'a Value,
    /// Whether its `oneOf` says something of the type. That of a parent that lists its own child
    /// does not: the child would be its own member.
    pub(super) is_union: bool,
}

/// The schema at a place and whatever its `allOf`s lead to, each once.
pub(super) fn parts<'a>(document: &References<'a>, root: &str) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![root.to_owned()];
    while let Some(pointer) = open.pop() {
        let pointer = document.follow(&pointer).unwrap_or_else(|| ANYTHING.to_owned());
        if !seen.insert(pointer.clone()) {
            continue;
        }
        let value = document.at(&pointer);
        let count = value["allOf"].as_array().map_or(0, Vec::len);
        open.extend((0..count).rev().map(|place| format!("{pointer}/allOf/{place}")));
        parts.push(Part { pointer, value, is_union: true });
    }
    for part in parts.iter_mut().skip(1) {
        let members = members(document, &part.pointer);
        part.is_union = !members.iter().any(|member| member == root);
    }
    parts
}

/// The members of the `oneOf` or `anyOf` at a place, those of a member that is itself a union in
/// its stead.
pub(super) fn members(document: &References<'_>, union: &str) -> Vec<String> {
    let mut members = Vec::new();
    let mut seen = HashSet::from([union.to_owned()]);
    let mut open = listed(document, union);
    open.reverse();
    while let Some(pointer) = open.pop() {
        let mut target = document.follow(&pointer).unwrap_or_else(|| ANYTHING.to_owned());
        let mut wraps = HashSet::new();
        while only_wraps(document.at(&target)) && wraps.insert(target.clone()) {
            let part = format!("{target}/allOf/0");
            target = document.follow(&part).unwrap_or_else(|| ANYTHING.to_owned());
        }
        let inner = listed(document, &target);
        let is_only_union = !inner.is_empty() && document.at(&target)["properties"].is_null();
        if !seen.insert(target.clone()) {
            continue;
        }
        if is_only_union {
            open.extend(inner.into_iter().rev());
        } else {
            members.push(target);
        }
    }
    members
}

fn listed(document: &References<'_>, pointer: &str) -> Vec<String> {
    let value = document.at(pointer);
    ["oneOf", "anyOf"]
        .into_iter()
        .flat_map(|key| {
            let count = value[key].as_array().map_or(0, Vec::len);
            (0..count).map(move |place| format!("{pointer}/{key}/{place}"))
        })
        .collect()
}

/// Whether a schema is an `allOf` of one that adds nothing but prose.
pub(super) fn only_wraps(schema: &Value) -> bool {
    const STRUCTURE: [&str; 8] = [
        "properties",
        "items",
        "enum",
        "oneOf",
        "anyOf",
        "additionalProperties",
        "required",
        "format",
    ];
    schema["allOf"].as_array().is_some_and(|parts| parts.len() == 1)
        && STRUCTURE.iter().all(|key| schema[*key].is_null())
}
