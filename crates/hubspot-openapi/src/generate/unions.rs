//! Unions: one call of `tagged_union!` each, with readers for the fields all members share.

use anyhow::{Context, Result};
use serde_json::Value;

use super::forms::Form;
use super::layout::doc;
use super::members::Tags;
use super::names;
use super::recursion::Cycles;
use super::types::late::is_late_in_member;
use crate::document::{Document, Kind, Schema, referenced, strings};

pub(super) fn generate(document: &Document) -> Result<String> {
    let tags = Tags::of(document);
    let cycles = Cycles::of(document);
    let mut code = "use crate::tagged_union::tagged_union;\n".to_owned();
    for union in document.schemas_of(Kind::Union) {
        let form = match Form::of(union) {
            Form::Read => "read",
            Form::Sent => "sent",
        };
        let (variants, holds) = if tags.are_kept(union) {
            (kept_variants(union), "keeps")
        } else {
            (variants(union), "by")
        };
        let head = format!("{form} {} {holds} {:?}", union.name, union.tag());
        let docs = doc("    ", union.description());
        code += &format!("\ntagged_union! {{\n{docs}    {head} {{\n");
        for Variant { name, member, tags } in &variants {
            code += &format!("        {name}({member}) = {tags},\n");
        }
        code += "    }\n";
        let shared = shared_fields(document, union, &variants, &cycles, &tags)?;
        if !shared.is_empty() {
            code += &format!("    common {{\n{}    }}\n", shared.join("\n"));
        }
        code += "}\n";
        if form == "sent" {
            code += &by_id(document, union, &variants).unwrap_or_default();
        }
    }
    Ok(code)
}

/// Conversions from an id, if one member alone takes nothing else: such as a file to attach.
fn by_id(document: &Document, union: Schema<'_>, variants: &[Variant<'_>]) -> Option<String> {
    let mut taking_ids = variants.iter().filter_map(|variant| {
        let member = document.schema(variant.member)?;
        let mut required =
            member.properties().filter(|(name, _)| *name != union.tag() && member.requires(name));
        let (Some((_, only)), None) = (required.next(), required.next()) else { return None };
        let id = document.schema(referenced(only)?)?;
        (id.kind() == Kind::Id).then_some((variant.member, id.name))
    });
    let (Some((member, id)), None) = (taking_ids.next(), taking_ids.next()) else { return None };
    let id = format!("crate::types::{id}");
    let conversion = |from: &str| {
        format!(
            "impl From<{from}> for {0} {{\n    \
                 fn from(id: {from}) -> Self {{\n        \
                     crate::types::{member}::new(id).into()\n    \
                 }}\n\
             }}\n",
            union.name
        )
    };
    Some([id.as_str(), "&str", "String", "u64"].map(conversion).concat())
}

struct Variant<'a> {
    name: String,
    member: &'a str,
    /// Its tags as the macro takes them.
    tags: String,
}

fn variants(union: Schema<'_>) -> Vec<Variant<'_>> {
    let names = names::of_tags(union).into_iter();
    names
        .zip(union.members())
        .map(|((name, tag), (_, member))| Variant { name, member, tags: format!("{tag:?}") })
        .collect()
}

/// A variant for each member, however many tags it has.
fn kept_variants(union: Schema<'_>) -> Vec<Variant<'_>> {
    let mut merged: Vec<Variant<'_>> = Vec::new();
    for variant in variants(union) {
        match merged.iter_mut().find(|other| other.member == variant.member) {
            Some(other) => other.tags += &format!(" | {}", variant.tags),
            None => merged.push(variant),
        }
    }
    merged
}

fn shared_fields(
    document: &Document,
    union: Schema<'_>,
    variants: &[Variant<'_>],
    cycles: &Cycles,
    tags: &Tags<'_>,
) -> Result<Vec<String>> {
    let members = variants
        .iter()
        .map(|Variant { name, member, .. }| {
            let schema = document.schema(member).with_context(|| format!("no schema {member}"))?;
            Ok((name, schema))
        })
        .collect::<Result<Vec<_>>>()?;
    let [(_, first), others @ ..] = members.as_slice() else { return Ok(Vec::new()) };

    let is_readable = |name: &str, schema: &Value| {
        name != union.tag()
            && members.iter().all(|(_, member)| !cycles.contain(member.name, name))
            // A page has no name of its own, and `tag` reads the tag.
            && referenced(schema)
                .and_then(|target| document.schema(target))
                .is_none_or(|target| target.kind() != Kind::Page)
            && names::of_field(name, schema) != "tag"
            && name != "results"
    };
    let shared = first.properties().filter(|(name, schema)| {
        is_readable(name, schema)
            && others.iter().all(|(_, other)| {
                other.value["properties"][*name] == **schema
                    && Form::needs(*other, name) == Form::needs(*first, name)
            })
    });
    let shared: Vec<_> = shared.collect();
    let named: Vec<_> = strings(&union.value["x-readers"])
        .filter(|name| shared.iter().all(|(shared, _)| shared != name))
        .filter_map(|name| {
            let of_members = members.iter().map(|(_, member)| &member.value["properties"][name]);
            let mut having = of_members.filter(|schema| !schema.is_null());
            let schema = having.next().filter(|schema| is_readable(name, schema))?;
            having.all(|other| is_alike(other, schema)).then_some((name, schema))
        })
        .collect();
    let reader_of = |name: &str, schema: &Value| {
        let field = names::identifier(&names::of_field(name, schema));
        let having: Vec<_> = members
            .iter()
            .filter(|(_, member)| !member.value["properties"][name].is_null())
            .collect();
        let (_, holder) = having.first()?;
        let (returned, found, missing) = reader(schema, Form::needs(*holder, name), &field)?;
        let is_id = referenced(schema)
            .and_then(|target| document.schema(target))
            .is_some_and(|target| target.kind() == Kind::Id);
        let of_unknown = unrecognized(name, &returned, is_id);
        let (_, found_if_set, _) = reader(schema, false, &field)?;
        let mut arms: String = having
            .iter()
            .map(|(variant, member)| {
                let is_late = is_late_in_member(tags, *member, name);
                let found = if is_late { &found_if_set } else { &found };
                format!("                Self::{variant}(member) => {found},\n")
            })
            .collect();
        let lacking = having.len() < members.len();
        match of_unknown {
            Some(reader) => {
                arms += &format!("                Self::Unrecognized(other) => {reader},\n");
            }
            None if lacking => {}
            None => arms += &format!("                Self::Unrecognized(_) => {missing},\n"),
        }
        if lacking {
            arms += &format!("                _ => {missing},\n");
        }
        let docs = doc("        ", schema["description"].as_str().unwrap_or_default());
        Some(format!(
            "{docs}        pub fn {field}(&self) -> {returned} {{\n            match self {{\n{arms}            }}\n        }}\n",
        ))
    };
    Ok(shared
        .into_iter()
        .chain(named)
        .filter_map(|(name, schema)| reader_of(name, schema))
        .collect())
}

/// Whether two fields have one type, whatever is said of them.
fn is_alike(one: &Value, other: &Value) -> bool {
    let of_type = |schema: &Value| {
        let mut schema = schema.clone();
        if let Some(schema) = schema.as_object_mut() {
            schema.shift_remove("description");
        }
        schema
    };
    of_type(one) == of_type(other)
}

/// What an unknown member is known to have.
fn unrecognized(property: &str, returned: &str, is_id: bool) -> Option<&'static str> {
    match (property, is_id) {
        ("id", true) => Some("other.typed_id()"),
        ("createdBy", true) => Some("other.typed_created_by()"),
        ("id", false) if returned == "Option<&str>" => Some("other.id()"),
        ("createdBy", false) if returned == "Option<&str>" => Some("other.created_by()"),
        ("text", false) if returned == "Option<&str>" => Some("other.text()"),
        ("createdAt", false) if returned.starts_with("Option<chrono") => Some("other.created_at()"),
        _ => None,
    }
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
