//! What is sent and required, and still no argument of the constructor.
//!
//! A constructor of seven arguments cannot be read where it is called. So it takes two values at
//! most; lists are empty until they are set, and the rest is set by setters. One that is missing is
//! an error when the request is sent.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Field, ItemStruct, parse_quote};

use super::super::forms::Form;
use super::super::members::Tags;
use super::field::{argument, property};
use crate::document::Schema;

/// How many values a constructor takes.
const MOST: usize = 2;

/// Whether the constructor takes the value of a property.
pub(super) fn takes(item: &ItemStruct, schema: Schema<'_>, name: &str) -> bool {
    taken(item, schema).contains(&name)
}

/// Whether the constructor takes any value.
pub(super) fn takes_any(item: &ItemStruct, schema: Schema<'_>) -> bool {
    !taken(item, schema).is_empty()
}

/// Whether the value of a property is set later, and missing until then.
pub(super) fn is_late(item: &ItemStruct, schema: Schema<'_>, name: &str) -> bool {
    can_be_late(schema, name) && !takes(item, schema, name)
}

/// Whether that is so of a member of a union, whose tag the union holds.
pub(in crate::generate) fn is_late_in_member(
    tags: &Tags<'_>,
    member: Schema<'_>,
    name: &str,
) -> bool {
    let held = tags.held(member.name);
    let properties = member.properties().map(|(name, _)| name);
    let taken = taken_of(member, properties.filter(|name| Some(*name) != held));
    can_be_late(member, name) && !taken.contains(&name)
}

fn can_be_late(schema: Schema<'_>, name: &str) -> bool {
    Form::of(schema) == Form::Sent
        && schema.requires(name)
        && schema.value["properties"][name]["nullable"] != true
        && !is_list(schema, name)
}

/// Lets the values that are set later be missing.
pub(super) fn postpone(item: &mut ItemStruct, schema: Schema<'_>) {
    let is_late: Vec<bool> = item
        .fields
        .iter()
        .map(|field| property(field, schema).is_some_and(|name| is_late(item, schema, name)))
        .collect();
    for (field, _) in item.fields.iter_mut().zip(is_late).filter(|(_, is_late)| *is_late) {
        let ty = &field.ty;
        field.ty = parse_quote! { ::std::option::Option<#ty> };
    }
}

/// What the constructor is said to do.
pub(super) fn documentation(item: &ItemStruct, schema: Schema<'_>) -> String {
    let late: Vec<String> = late(item, schema)
        .filter_map(|(field, _)| Some(format!("[`{0}`](Self::{0})", field.ident.as_ref()?)))
        .collect();
    match &late[..] {
        [] => " With what is required, and nothing else.".to_owned(),
        late => format!(" With nothing else set. {} must be set, too.", late.join(", ")),
    }
}

/// The functions that write the values that are set later.
pub(super) fn functions(item: &ItemStruct, schema: Schema<'_>) -> Vec<TokenStream> {
    late(item, schema)
        .filter_map(|(field, name)| {
            let function = writes(field)?;
            let ty = &field.ty;
            Some(quote! {
                fn #function<S: serde::Serializer>(
                    value: &#ty,
                    serializer: S,
                ) -> Result<S::Ok, S::Error> {
                    crate::required::serialize(#name, value.as_ref(), serializer)
                }
            })
        })
        .collect()
}

/// How a value that is set later is written, and what its JSON Schema is.
pub(super) fn attributes(item: &str, field: &Field) -> Option<[syn::Attribute; 2]> {
    let path = format!("{item}::{}", writes(field)?);
    let ty = argument(&field.ty)?;
    let ty = quote! { #ty }.to_string();
    Some([
        parse_quote! { #[serde(serialize_with = #path)] },
        parse_quote! { #[cfg_attr(feature = "schemars", schemars(required, with = #ty))] },
    ])
}

fn writes(field: &Field) -> Option<syn::Ident> {
    let name = field.ident.as_ref()?.to_string();
    Some(format_ident!("write_{}", name.trim_start_matches("r#")))
}

fn late<'a>(
    item: &'a ItemStruct,
    schema: Schema<'a>,
) -> impl Iterator<Item = (&'a Field, &'a str)> {
    let named = item.fields.iter().filter_map(move |field| Some((field, property(field, schema)?)));
    named.filter(move |(_, name)| is_late(item, schema, name))
}

/// The properties whose values the constructor takes: the first ones that are no lists, or the only
/// list.
fn taken<'a>(item: &ItemStruct, schema: Schema<'a>) -> Vec<&'a str> {
    taken_of(schema, item.fields.iter().filter_map(|field| property(field, schema)))
}

fn taken_of<'a>(schema: Schema<'_>, properties: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let required: Vec<&str> = properties.filter(|name| schema.requires(name)).collect();
    let values: Vec<&str> =
        required.iter().copied().filter(|name| !is_list(schema, name)).take(MOST).collect();
    match (&values[..], &required[..]) {
        ([], [list]) => vec![*list],
        _ => values,
    }
}

fn is_list(schema: Schema<'_>, name: &str) -> bool {
    let property = &schema.value["properties"][name];
    property["type"] == "array" || !property["additionalProperties"].is_null()
}
