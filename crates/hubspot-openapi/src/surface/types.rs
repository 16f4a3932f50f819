//! Reads schemas. Without recursion: how deep a document nests is for its author to choose.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::parts::{self, Part, only_wraps};
use super::reference::{ANYTHING, References, escaped, schema_name};
use super::{Field, Member, Object, Scalar, Shape, Type, TypeId, Union, Use};
use crate::document::{entries, strings};

const LIMITS: [&str; 13] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// Collects the types that operations lead to.
pub(super) struct Reader<'a> {
    document: &'a References<'a>,
    known: HashMap<String, TypeId>,
    types: Vec<Option<Type>>,
    open: Vec<(TypeId, String)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(document: &'a References<'a>) -> Self {
        Self { document, known: HashMap::new(), types: Vec::new(), open: Vec::new() }
    }

    /// Every type that was used, and those that they use.
    pub(super) fn finish(mut self) -> Vec<Type> {
        while let Some((id, pointer)) = self.open.pop() {
            let read = self.read(&pointer);
            self.types[id.0] = Some(read);
        }
        self.types.into_iter().flatten().collect()
    }

    /// Notes that the schema at a place is used.
    pub(super) fn using(&mut self, place: &str) -> Use {
        let mut pointer = place.to_owned();
        let mut nullable = false;
        let mut seen = HashSet::new();
        loop {
            let value = self.document.at(&pointer);
            nullable |= value["nullable"] == true;
            let next = match value["$ref"].as_str() {
                Some(reference) => self.document.target(&pointer, reference),
                None if only_wraps(value) => Some(format!("{pointer}/allOf/0")),
                None => break,
            };
            let next = next.unwrap_or_else(|| ANYTHING.to_owned());
            if !seen.insert(std::mem::replace(&mut pointer, next)) {
                self.document.cycle(&pointer);
                ANYTHING.clone_into(&mut pointer);
            }
        }
        let next = TypeId(self.types.len());
        let id = *self.known.entry(pointer.clone()).or_insert(next);
        if id == next {
            self.types.push(None);
            self.open.push((id, pointer));
        }
        Use { id, nullable, pointer: place.to_owned() }
    }

    fn read(&mut self, pointer: &str) -> Type {
        let value = self.document.at(pointer);
        Type {
            name: schema_name(pointer),
            hubspot_name: value["x-hubspot-name"].as_str().map(str::to_owned),
            pointer: pointer.to_owned(),
            shape: self.shape(pointer),
        }
    }

    fn shape(&mut self, pointer: &str) -> Shape {
        let parts = parts::parts(self.document, pointer);
        if parts[0].value["x-id"] == true {
            return Shape::Id;
        }
        let members = self.members(&parts);
        if !members.is_empty() {
            let tag = first(&parts, |value| value["discriminator"]["propertyName"].as_str());
            let tag = tag.map(str::to_owned);
            return Shape::Union(Union { tag, members, shared: self.fields(&parts) });
        }
        if let Some(values) = first(&parts, |value| value["enum"].as_array()) {
            let base = kind(&parts).unwrap_or("string").to_owned();
            // Null among the values says that it can be null.
            let values = values.iter().filter(|value| !value.is_null()).map(text).collect();
            return Shape::Enum { base, values };
        }
        match kind(&parts) {
            Some("array") => match parts.iter().find(|part| part.value["items"].is_object()) {
                Some(part) => Shape::List(self.using(&format!("{}/items", part.pointer))),
                None => Shape::List(self.using(ANYTHING)),
            },
            Some("object") => self.object(&parts),
            Some(kind) => {
                let format = first(&parts, |value| value["format"].as_str()).map(str::to_owned);
                Shape::Scalar(Scalar { kind: kind.to_owned(), format, limits: limits(&parts) })
            }
            None => Shape::Any,
        }
    }

    fn object(&mut self, parts: &[Part<'_>]) -> Shape {
        let fields = self.fields(parts);
        let other = parts.iter().find(|part| match &part.value["additionalProperties"] {
            Value::Bool(allowed) => *allowed,
            other => other.is_object(),
        });
        let other = match other {
            // Whatever else there may be is allowed where nothing is said, too.
            Some(part) if part.value["additionalProperties"] == true && !fields.is_empty() => None,
            Some(part) => Some(self.using(&format!("{}/additionalProperties", part.pointer))),
            None => None,
        };
        match other {
            Some(value) if fields.is_empty() => Shape::Map(value),
            other => Shape::Object(Object { fields, other }),
        }
    }

    fn fields(&mut self, parts: &[Part<'_>]) -> Vec<Field> {
        let required: HashSet<&str> =
            parts.iter().flat_map(|part| strings(&part.value["required"])).collect();
        let mut fields: Vec<Field> = Vec::new();
        // What a schema says itself goes before what it inherits, and a later part before an
        // earlier one.
        let (own, inherited) = parts.split_at(1.min(parts.len()));
        for part in inherited.iter().chain(own) {
            for (name, value) in entries(&part.value["properties"]) {
                let pointer = format!("{}/properties/{}", part.pointer, escaped(name));
                let field = Field {
                    name: name.to_owned(),
                    required: required.contains(name),
                    deprecated: value["deprecated"] == true,
                    using: self.using(&pointer),
                };
                match fields.iter_mut().find(|known| known.name == name) {
                    Some(known) => *known = field,
                    None => fields.push(field),
                }
            }
        }
        fields
    }

    fn members(&mut self, parts: &[Part<'_>]) -> Vec<Member> {
        let mut members = Vec::new();
        for part in parts.iter().filter(|part| part.is_union) {
            for pointer in parts::members(self.document, &part.pointer) {
                let tags = self.mapped_tags(part.value, &pointer);
                members.push(Member { tags, using: self.using(&pointer) });
            }
        }
        members
    }

    /// The tags that a discriminator's mapping leads to a member with.
    fn mapped_tags(&self, union: &Value, member: &str) -> Vec<String> {
        let name = schema_name(member);
        entries(&union["discriminator"]["mapping"])
            .filter(|(_, target)| {
                let target = target.as_str().unwrap_or_default();
                target.strip_prefix('#') == Some(member) || Some(target) == name.as_deref()
            })
            .map(|(tag, _)| tag.to_owned())
            .collect()
    }
}

fn first<'a, T>(parts: &[Part<'a>], get: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
    parts.iter().find_map(|part| get(part.value))
}

/// The type, as written or as what else is written implies.
fn kind<'a>(parts: &[Part<'a>]) -> Option<&'a str> {
    let implied = |key: &str| parts.iter().any(|part| part.value[key].is_object());
    first(parts, |value| value["type"].as_str()).or_else(|| {
        if implied("properties") || implied("additionalProperties") {
            Some("object")
        } else if implied("items") {
            Some("array")
        } else {
            None
        }
    })
}

fn limits(parts: &[Part<'_>]) -> BTreeMap<String, Value> {
    let limits = parts.iter().flat_map(|part| entries(part.value));
    limits
        .filter(|(key, value)| LIMITS.contains(key) && !value.is_null())
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
