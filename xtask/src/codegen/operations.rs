//! The operation table.

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
    format!(
        "use crate::Operation;\n\n\
         /// An operation of the API.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n\
         pub enum OperationId {{\n{ids}}}\n\n\
         /// Every operation, in the order of [`OperationId`].\n\
         pub static OPERATIONS: [Operation; {}] = [\n{rows}];\n",
        operations.len(),
    )
}

impl Operation<'_> {
    fn text(&self, key: &str) -> &str {
        self.value[key].as_str().unwrap_or_default()
    }

    fn id(&self) -> String {
        self.text("operationId").to_upper_camel_case()
    }

    fn row(&self, document: &Document) -> String {
        let scopes: Vec<_> =
            entries(&self.value["security"][0]).flat_map(|(_, scopes)| strings(scopes)).collect();
        let tag = self.value["tags"][0].as_str().unwrap_or_default();
        format!(
            "    Operation {{\n        \
                 id: OperationId::{},\n        \
                 name: {:?},\n        \
                 summary: {:?},\n        \
                 method: reqwest::Method::{},\n        \
                 path: {:?},\n        \
                 tag: {tag:?},\n        \
                 scopes: &{scopes:?},\n        \
                 idempotent: {},\n        \
                 paginated: {},\n    \
             }},\n",
            self.id(),
            self.text("operationId"),
            self.text("summary"),
            self.method.to_uppercase(),
            self.path,
            self.is_idempotent(),
            self.is_paginated(document),
        )
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
