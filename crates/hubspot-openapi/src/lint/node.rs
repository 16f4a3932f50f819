//! Values of the document with their places.

use serde_json::Value;

use super::Finding;
use crate::document::{Document, Operation, entries};

/// A value and the JSON pointer to it.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// In `components`, under a name.
    Named,
    /// As a field of an object.
    Field,
    /// Anywhere else: in an array, a map, a parameter, a body, a union.
    Part,
}

impl<'a> Node<'a> {
    pub(super) fn root(document: &'a Document) -> Self {
        Self { pointer: String::new(), value: &document.0 }
    }

    /// The value of a key; null if there is none.
    pub(super) fn at(&self, key: &str) -> Self {
        self.child(key, &self.value[key])
    }

    /// The values of an object, with their keys.
    pub(super) fn entries(&self) -> Vec<(&'a str, Self)> {
        entries(self.value).map(|(key, value)| (key, self.child(key, value))).collect()
    }

    /// The items of an array.
    pub(super) fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(place, value)| self.child(&place.to_string(), value)).collect()
    }

    /// The items of an array that are strings.
    pub(super) fn strings(&self) -> Vec<(&'a str, Self)> {
        let items = self.items().into_iter();
        items.filter_map(|item| Some((item.value.as_str()?, item))).collect()
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value[key].as_str()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    pub(super) fn finding(&self, message: impl Into<String>) -> Finding {
        Finding { pointer: self.pointer.clone(), message: message.into() }
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self { pointer: format!("{}/{key}", self.pointer), value }
    }
}

pub(super) fn operations(document: &Document) -> Vec<(Operation<'_>, Node<'_>)> {
    let paths = Node::root(document).at("paths");
    document
        .operations()
        .map(|operation| {
            let node = paths.at(operation.path).at(operation.method);
            (operation, node)
        })
        .collect()
}

/// The shared parameters and those of operations, references among them.
pub(super) fn parameters(document: &Document) -> Vec<Node<'_>> {
    let shared = Node::root(document).at("components").at("parameters").entries();
    let own = operations(document).into_iter().flat_map(|(_, node)| node.at("parameters").items());
    shared.into_iter().map(|(_, parameter)| parameter).chain(own).collect()
}

pub(super) fn named_schemas(document: &Document) -> Vec<(&str, Node<'_>)> {
    Node::root(document).at("components").at("schemas").entries()
}

/// Every schema, however deep, each before its parts.
pub(super) fn schemas(document: &Document) -> Vec<(Position, Node<'_>)> {
    let named = named_schemas(document).into_iter().map(|(_, schema)| (Position::Named, schema));
    let parameters = parameters(document).into_iter().map(|parameter| parameter.at("schema"));
    let bodies = operations(document).into_iter().flat_map(|(_, operation)| {
        let responses = operation.at("responses").entries();
        let bodies =
            responses.into_iter().map(|(_, body)| body).chain([operation.at("requestBody")]);
        let contents: Vec<_> = bodies.flat_map(|body| body.at("content").entries()).collect();
        contents.into_iter().map(|(_, content)| content.at("schema"))
    });
    let parts = parameters.chain(bodies).map(|schema| (Position::Part, schema));

    let mut found = Vec::new();
    let mut open: Vec<_> = named.chain(parts).collect();
    open.reverse();
    while let Some((position, schema)) = open.pop() {
        if schema.value.is_object() {
            open.extend(parts_of(&schema).into_iter().rev());
            found.push((position, schema));
        }
    }
    found
}

fn parts_of<'a>(schema: &Node<'a>) -> Vec<(Position, Node<'a>)> {
    let fields = schema.at("properties").entries();
    let fields = fields.into_iter().map(|(_, field)| (Position::Field, field));
    let single = ["items", "additionalProperties", "not"].map(|key| schema.at(key));
    let listed = ["allOf", "oneOf", "anyOf"].map(|key| schema.at(key).items());
    let parts = single.into_iter().chain(listed.into_iter().flatten());
    fields.chain(parts.map(|part| (Position::Part, part))).collect()
}
