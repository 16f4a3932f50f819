//! Schemas that hold themselves.

use std::collections::HashSet;

use crate::document::{Document, Kind, referenced};
use crate::graph::Graph;

/// The fields that lead back to the schema they are in, without a list or a map between.
///
/// Rust needs a `Box` there. typify adds it where it can see the way, but not through unions, which
/// we write.
pub(super) struct Cycles(HashSet<(String, String)>);

impl Cycles {
    pub(super) fn of(document: &Document) -> Self {
        let Some(schemas) = document.0["components"]["schemas"].as_object() else {
            return Self(HashSet::new());
        };
        let graph = Graph::new(schemas, |name, _| {
            let Some(schema) = document.schema(name) else { return Vec::new() };
            match schema.kind() {
                Kind::Union => schema.members().map(|(_, member)| member).collect(),
                Kind::Other => schema.properties().filter_map(|(_, it)| referenced(it)).collect(),
                Kind::Id | Kind::Enum | Kind::Page => Vec::new(),
            }
        });
        let fields = document.schemas().flat_map(|schema| {
            let fields = schema.properties().filter(|(_, property)| {
                referenced(property).is_some_and(|target| graph.in_cycle(schema.name, target))
            });
            fields.map(move |(name, _)| (schema.name.to_owned(), name.to_owned()))
        });
        Self(fields.collect())
    }

    pub(super) fn contain(&self, schema: &str, property: &str) -> bool {
        self.0.contains(&(schema.to_owned(), property.to_owned()))
    }
}
