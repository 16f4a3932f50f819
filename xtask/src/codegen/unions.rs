//! Unions: one call of `tagged_union!` each, with readers for the fields all members share.

use anyhow::{Context, Result};
use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;

use super::layout::doc;
use crate::document::{Document, Kind, Schema, referenced};

pub(super) fn generate(document: &Document) -> Result<String> {
    let mut code = "use crate::tagged_union::tagged_union;\n".to_owned();
    for union in document.schemas_of(Kind::Union) {
        code += &format!(
            "\ntagged_union! {{\n{}    {} {{\n",
            doc("    ", union.description()),
            union.name
        );
        for (tag, member) in union.members() {
            code += &format!("        {}({member}) = {tag:?},\n", variant(tag));
        }
        code += "    }\n";
        let shared = shared_fields(document, union)?;
        if !shared.is_empty() {
            code += &format!("    common {{\n{}    }}\n", shared.join("\n"));
        }
        code += "}\n";
    }
    Ok(code)
}

fn variant(tag: &str) -> String {
    tag.to_upper_camel_case()
}

fn shared_fields(document: &Document, union: Schema<'_>) -> Result<Vec<String>> {
    let members = union
        .members()
        .map(|(tag, name)| {
            Ok((variant(tag), document.schema(name).with_context(|| format!("no schema {name}"))?))
        })
        .collect::<Result<Vec<_>>>()?;
    let [(_, first), others @ ..] = members.as_slice() else { return Ok(Vec::new()) };

    let shared = first.properties().filter(|(name, schema)| {
        *name != "type"
            && others.iter().all(|(_, other)| {
                other.value["properties"][*name] == **schema
                    && other.requires(name) == first.requires(name)
            })
    });
    Ok(shared
        .filter_map(|(name, schema)| {
            let field = name.to_snake_case();
            let (returned, found, missing) = reader(schema, first.requires(name), &field)?;
            let arms: String = members
                .iter()
                .map(|(variant, _)| format!("                Self::{variant}(member) => {found},\n"))
                .collect();
            Some(format!(
                "{docs}        pub fn {field}(&self) -> {returned} {{\n            match self {{\n{arms}                Self::Unrecognized(_) => {missing},\n            }}\n        }}\n",
                docs = doc("        ", schema["description"].as_str().unwrap_or_default()),
            ))
        })
        .collect())
}

/// The type a reader returns, what it returns for a known member, and for an unknown one.
fn reader(schema: &Value, required: bool, field: &str) -> Option<(String, String, &'static str)> {
    let item = &schema["items"];
    let (borrowed, list) = if let Some(name) = referenced(schema) {
        (format!("crate::types::{name}"), false)
    } else if let Some(name) = referenced(item) {
        (format!("crate::types::{name}"), true)
    } else {
        match (schema["type"].as_str()?, schema["format"].as_str()) {
            ("boolean", _) if !required => {
                return Some(("Option<bool>".to_owned(), format!("member.{field}"), "None"));
            }
            ("string", Some("date-time")) if !required => {
                let returned = "Option<chrono::DateTime<chrono::Utc>>".to_owned();
                return Some((returned, format!("member.{field}"), "None"));
            }
            ("string", None) => ("str".to_owned(), false),
            _ => return None,
        }
    };
    Some(match (list, required, borrowed.as_str()) {
        (true, _, _) => (format!("&[{borrowed}]"), format!("&member.{field}"), "&[]"),
        (false, true, _) => {
            (format!("Option<&{borrowed}>"), format!("Some(&member.{field})"), "None")
        }
        (false, false, "str") => {
            ("Option<&str>".to_owned(), format!("member.{field}.as_deref()"), "None")
        }
        (false, false, _) => {
            (format!("Option<&{borrowed}>"), format!("member.{field}.as_ref()"), "None")
        }
    })
}
