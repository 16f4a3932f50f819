//! Attributes: how structs and fields are written, and what their JSON Schema is.

use quote::quote;
use syn::{Attribute, Field, ItemStruct, Meta, Type, parse_quote};

use super::super::forms::Form;
use super::super::members::Tags;
use super::field::{argument, name, property, type_name};
use super::late;
use crate::document::Schema;

/// Has fields written as HubSpot names them, or left out, and keeps the derived JSON Schema to what it
/// documents.
pub(super) fn annotate(item: &mut ItemStruct, schema: Schema<'_>, tags: &Tags<'_>) {
    let held = tags.held(schema.name);
    let has_required = match Form::of(schema) {
        Form::Read => {
            schema.properties().any(|(name, _)| Some(name) != held && schema.requires(name))
        }
        Form::Sent => late::takes_any(item, schema),
    };
    let default = (!has_required).then(|| quote! { Default, });
    item.attrs.retain(|attribute| attribute.path().is_ident("doc"));
    item.attrs.push(parse_quote! { #[derive(Clone, #default PartialEq, Serialize)] });
    item.attrs.push(json_schema());
    item.attrs.push(parse_quote! { #[serde(rename_all = "camelCase")] });
    item.attrs.push(parse_quote! { #[non_exhaustive] });
    let is_sent = Form::of(schema) == Form::Sent;
    let ident = item.ident.to_string();
    let properties = schema.properties().map(|(name, _)| name);
    let late: Vec<&str> = properties.filter(|name| late::is_late(item, schema, name)).collect();
    for field in &mut item.fields {
        if let Some(property) = property(field, schema) {
            let required = schema.requires(property);
            let is_nullable = is_sent && schema.value["properties"][property]["nullable"] == true;
            let is_update = is_sent && schema.value["x-update"] == true;
            let is_collection = matches!(type_name(&field.ty).as_str(), "Vec" | "BTreeMap" | "Map");
            if is_nullable && !required {
                tell_null_from_absent(field);
            } else if is_collection && (is_nullable || is_update && !required) {
                tell_empty_from_absent(field);
            }
            if late.contains(&property) {
                let renamed = camel(&name(field)) != property;
                field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
                if renamed {
                    field.attrs.push(parse_quote! { #[serde(rename = #property)] });
                }
                field.attrs.extend(late::attributes(&ident, field).into_iter().flatten());
                continue;
            }
            // What must be there is written, also as null.
            annotate_field(field, property, required, required && is_nullable);
        }
    }
}

/// Derives the JSON Schema, with the feature of that name.
pub(super) fn json_schema() -> Attribute {
    parse_quote! { #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))] }
}

fn annotate_field(field: &mut Field, property: &str, required: bool, writes_null: bool) {
    let mut serde = serde(field, property, required);
    if writes_null {
        serde.retain(|argument| !argument.path().is_ident("skip_serializing_if"));
    }
    field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    if !serde.is_empty() {
        field.attrs.push(parse_quote! { #[serde(#(#serde),*)] });
    }
    if type_name(&field.ty) == "Option" {
        // To schemars it means that the field is documented without null, present or not.
        field.attrs.push(parse_quote! { #[cfg_attr(feature = "schemars", schemars(required))] });
    }
    if property == "results" && type_name(&field.ty) == "Vec" {
        itemize(&mut field.ty);
    }
}

/// Gives the field of an update a type that can leave out, clear and set.
fn tell_null_from_absent(field: &mut Field) {
    let ty = match type_name(&field.ty).as_str() {
        "Option" => argument(&field.ty).cloned(),
        _ => Some(field.ty.clone()),
    };
    if let Some(inner) = ty {
        field.ty = parse_quote! { crate::Change<#inner> };
    }
}

/// Gives a collection of an update a type that can leave it out, and empty it.
fn tell_empty_from_absent(field: &mut Field) {
    let ty = &field.ty;
    field.ty = parse_quote! { ::std::option::Option<#ty> };
}

fn serde(field: &Field, property: &str, required: bool) -> Vec<Meta> {
    let mut serde = Vec::new();
    if camel(&name(field)) != property {
        serde.push(parse_quote! { rename = #property });
    }
    match type_name(&field.ty).as_str() {
        "Option" => {
            if !required {
                serde.push(parse_quote! { default });
            }
            serde.push(parse_quote! { skip_serializing_if = "Option::is_none" });
        }
        "Change" => {
            serde.push(parse_quote! { default });
            serde.push(parse_quote! { skip_serializing_if = "crate::Change::is_keep" });
        }
        holder @ ("Vec" | "BTreeMap" | "Map") if !required => {
            let is_empty = match holder {
                "Vec" => "Vec::is_empty",
                "Map" => "::serde_json::Map::is_empty",
                _ => "::std::collections::BTreeMap::is_empty",
            };
            serde.push(parse_quote! { default });
            serde.push(parse_quote! { skip_serializing_if = #is_empty });
        }
        _ => {}
    }
    serde
}

/// What serde's `camelCase` makes of a field's name.
fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    for (at, word) in name.split('_').enumerate() {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        camel += &if at == 0 { first.to_owned() } else { first.to_uppercase() };
        camel += rest;
    }
    camel
}

/// Decodes a list item by item, so that one that cannot be read does not cost the others.
fn itemize(ty: &mut Type) {
    if let Some(inner) = argument(ty).cloned() {
        *ty = parse_quote! { ::std::vec::Vec<crate::Item<#inner>> };
    }
}
