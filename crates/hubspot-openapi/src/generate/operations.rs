//! The operation table.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase;
use serde_json::Value;

use super::layout::doc;
use crate::document::{Document, Kind, Operation, entries, referenced, strings};

pub(super) fn generate(document: &Document) -> String {
    let operations: Vec<_> = document.operations().collect();
    let ids: String = operations
        .iter()
        .map(|operation| {
            format!("{}    {},\n", doc("    ", operation.text("summary")), operation.id())
        })
        .collect();
    let rows: String = operations.iter().map(|operation| operation.row(document)).collect();
    let roots = roots(document);
    let root_rows: String = roots.iter().map(Root::row).collect();
    format!(
        "use crate::{{Credential, Operation, Root}};\n\n\
         /// An operation of the API.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n\
         #[non_exhaustive]\n\
         pub enum OperationId {{\n{ids}}}\n\n\
         /// Every operation, in the order of [`OperationId`].\n\
         pub static OPERATIONS: &[Operation] = &[\n{rows}];\n\n\
         /// Where paths begin.\n\
         pub static ROOTS: &[Root] = &[\n{root_rows}];\n",
    )
}

/// Where paths begin, by the document's `x-roots`.
pub(super) struct Root<'a> {
    name: &'a str,
    description: &'a str,
    pub(super) paths: Vec<(&'a str, &'a str)>,
}

fn roots(document: &Document) -> Vec<Root<'_>> {
    entries(&document.0["x-roots"])
        .map(|(name, root)| Root {
            name,
            description: root["description"].as_str().unwrap_or_default(),
            paths: entries(&root["paths"])
                .filter_map(|(version, path)| Some((version, path.as_str()?)))
                .collect(),
        })
        .collect()
}

impl<'a> Root<'a> {
    /// The root that a path begins with: the longest, where one contains another.
    pub(super) fn of(document: &'a Document, path: &str) -> Option<Self> {
        let roots = roots(document).into_iter();
        let lengths = roots.filter_map(|root| Some((root.length_in(path)?, root)));
        lengths.max_by_key(|(length, _)| *length).map(|(_, root)| root)
    }

    fn row(&self) -> String {
        format!(
            "    Root {{\n        \
                 name: {:?},\n        \
                 summary: {:?},\n        \
                 paths: &{:?},\n    \
             }},\n",
            self.name, self.description, self.paths
        )
    }

    /// How much of the path it is, if the path begins with it.
    fn length_in(&self, path: &str) -> Option<usize> {
        let (_, root) = self.paths.first()?;
        let rest = path.strip_prefix(root)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(root.len())
    }
}

/// Whether a requirement is a key in the query.
fn takes_key(document: &Document, requirement: &Value) -> bool {
    let schemes = &document.0["components"]["securitySchemes"];
    entries(requirement).any(|(scheme, _)| schemes[scheme]["in"] == "query")
}

impl Operation<'_> {
    fn text(&self, key: &str) -> &str {
        self.value[key].as_str().unwrap_or_default()
    }

    fn id(&self) -> String {
        self.text("operationId").to_upper_camel_case()
    }

    fn row(&self, document: &Document) -> String {
        let scopes: Vec<_> = self.scopes(document).iter().map(|all| format!("&{all:?}")).collect();
        let scopes = scopes.join(", ");
        let tag = self.value["tags"][0].as_str().unwrap_or_default();
        format!(
            "    Operation {{\n        \
                 id: OperationId::{},\n        \
                 name: {:?},\n        \
                 summary: {:?},\n        \
                 method: reqwest::Method::{},\n        \
                 path: {:?},\n        \
                 tag: {tag:?},\n        \
                 credential: Credential::{},\n        \
                 scopes: &[{scopes}],\n        \
                 root: {},\n        \
                 idempotent: {},\n        \
                 paginated: {},\n    \
             }},\n",
            self.id(),
            self.text("operationId"),
            self.text("summary"),
            self.method.to_uppercase(),
            self.path,
            self.credential(document),
            self.root(document),
            self.is_idempotent(),
            self.is_paginated(document),
        )
    }

    /// The lists of scopes of which a token needs one, each once: one requirement of several that
    /// the document lists is enough, and all that it names. None, if a requirement names none.
    pub(super) fn scopes(&self, document: &Document) -> Vec<Vec<&str>> {
        let mut alternatives: Vec<Vec<&str>> = Vec::new();
        for requirement in self.requirements() {
            let all: Vec<_> =
                entries(requirement).flat_map(|(_, scopes)| strings(scopes)).collect();
            match all.is_empty() {
                // A key stands in place of a token, and has no scopes.
                true if takes_key(document, requirement) => continue,
                true => return Vec::new(),
                false => {}
            }
            let is_same = |other: &Vec<&str>| {
                let same: BTreeSet<_> = other.iter().collect();
                same == all.iter().collect()
            };
            if !alternatives.iter().any(is_same) {
                alternatives.push(all);
            }
        }
        alternatives
    }

    fn requirements(&self) -> &[Value] {
        self.value["security"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// A key, if nothing else will do.
    pub(super) fn credential(&self, document: &Document) -> &'static str {
        let requirements = self.requirements();
        if !requirements.is_empty() && requirements.iter().all(|it| takes_key(document, it)) {
            "DeveloperKey"
        } else {
            "AccessToken"
        }
    }

    /// The root its path begins with: the longest, where one contains another.
    fn root(&self, document: &Document) -> String {
        let roots = roots(document);
        let lengths = roots
            .iter()
            .enumerate()
            .filter_map(|(index, root)| Some((root.length_in(self.path)?, index)));
        match lengths.max() {
            Some((_, index)) => format!("Some(&ROOTS[{index}])"),
            None => "None".to_owned(),
        }
    }

    /// Whether it may be sent again: by its method, or because the document says so.
    fn is_idempotent(&self) -> bool {
        matches!(self.method, "get" | "put" | "delete") || self.value["x-idempotent"] == true
    }

    fn is_paginated(&self, document: &Document) -> bool {
        let responses: Vec<&Value> =
            entries(&self.value["responses"]).map(|(_, response)| response).collect();
        responses.iter().any(|response| {
            referenced(&response["content"]["application/json"]["schema"])
                .and_then(|name| document.schema(name))
                .is_some_and(|schema| schema.kind() == Kind::Page)
        })
    }
}
