//! The OpenAPI document, as the generator and the linter read it.

use std::path::Path;

use anyhow::Result;
use serde_json::{Map, Value};

use crate::reading;

/// An OpenAPI document as JSON, in the order it was written.
#[derive(Clone)]
pub struct Document(pub(crate) Value);

/// A named schema.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a Value,
}

/// What a named schema becomes in Rust.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A string that identifies something: a type of its own.
    Id,
    /// A string with named values: an enum that stays open.
    Enum,
    /// `oneOf` with a discriminator: an enum of structs that stays open.
    Union,
    /// `results` and `paging`: the generic `Page`.
    Page,
    /// Anything else: what progenitor makes of it.
    Other,
}

/// An operation with its place.
pub(crate) struct Operation<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) value: &'a Value,
}

pub(crate) const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is not OpenAPI 3.0 as JSON. The error names the file, and what it is instead.
    pub fn read(path: &Path) -> Result<Self> {
        reading::file(path).map(Self)
    }

    /// Reads a document from memory.
    ///
    /// # Errors
    ///
    /// The bytes are not OpenAPI 3.0 as JSON. The error says what they are instead.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        reading::parse(bytes).map(Self)
    }

    pub(crate) fn schemas(&self) -> impl Iterator<Item = Schema<'_>> {
        entries(&self.0["components"]["schemas"]).map(|(name, value)| Schema { name, value })
    }

    pub(crate) fn schemas_of(&self, kind: Kind) -> impl Iterator<Item = Schema<'_>> {
        self.schemas().filter(move |schema| schema.kind() == kind)
    }

    pub(crate) fn schema(&self, name: &str) -> Option<Schema<'_>> {
        let schemas = self.0["components"]["schemas"].as_object()?;
        schemas.get_key_value(name).map(|(name, value)| Schema { name, value })
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        entries(&self.0["paths"]).flat_map(|(path, item)| {
            entries(item)
                .filter(|(method, _)| METHODS.contains(method))
                .map(move |(method, value)| Operation { path, method, value })
        })
    }
}

impl<'a> Schema<'a> {
    pub(crate) fn kind(self) -> Kind {
        if self.value["x-id"] == true {
            Kind::Id
        } else if self.value["enum"].is_array() {
            Kind::Enum
        } else if self.value["discriminator"].is_object() {
            Kind::Union
        } else if self.is_page() {
            Kind::Page
        } else {
            Kind::Other
        }
    }

    fn is_page(self) -> bool {
        let fields: Vec<_> = self.properties().map(|(name, _)| name).collect();
        let known = |name: &&str| ["total", "results", "paging"].contains(name);
        fields.iter().all(known)
            && fields.contains(&"results")
            && fields.contains(&"paging")
            && self.page_item().is_some()
            && self.value["x-page"] != false
    }

    /// The name of what a page lists.
    pub(crate) fn page_item(self) -> Option<&'a str> {
        referenced(&self.value["properties"]["results"]["items"])
    }

    pub(crate) fn description(self) -> &'a str {
        self.value["description"].as_str().unwrap_or_default()
    }

    pub(crate) fn properties(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        entries(&self.value["properties"])
    }

    pub(crate) fn requires(self, property: &str) -> bool {
        strings(&self.value["required"]).any(|required| required == property)
    }

    /// The field that distinguishes the members of a union.
    pub(crate) fn tag(self) -> &'a str {
        self.value["discriminator"]["propertyName"].as_str().unwrap_or_default()
    }

    /// The members of a union with their tags.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        entries(&self.value["discriminator"]["mapping"])
            .filter_map(|(tag, target)| Some((tag, reference_name(target.as_str()?)?)))
    }
}

/// The name of the schema that a property, array item or parameter refers to, through an `allOf`
/// that only adds a description.
pub(crate) fn referenced(schema: &Value) -> Option<&str> {
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => reference_name(only["$ref"].as_str()?),
        _ => reference_name(schema["$ref"].as_str()?),
    }
}

fn reference_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

pub(crate) fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

pub(crate) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}
