//! Shapes the structs that typify makes: in the document's order, lenient where HubSpot is, and
//! silent about customers in `Debug`.

use std::collections::HashMap;

use heck::{ToLowerCamelCase, ToSnakeCase};
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{Field, Fields, GenericArgument, Item, ItemStruct, PathArguments, Type, parse_quote};

use crate::document::{Document, Schema};

pub(super) fn shape(document: &Document, items: Vec<Item>) -> String {
    let mut shaped = vec![
        parse_quote! { use schemars::JsonSchema; },
        parse_quote! { use serde::{Deserialize, Serialize}; },
        parse_quote! { pub use super::enums::*; },
        parse_quote! { pub use super::ids::*; },
        parse_quote! { pub use super::unions::*; },
    ];
    for item in items {
        match item {
            Item::Struct(mut item) => {
                let Some(schema) = document.schema(&item.ident.to_string()) else { continue };
                if is_empty(schema) {
                    item.fields = Fields::Named(parse_quote! { {} });
                    item.semi_token = None;
                }
                let debug = debug(&item, document);
                soften(&mut item, schema);
                reorder(&mut item, schema);
                let new = constructor(&item, schema);
                shaped.extend([Item::Struct(item), new, debug]);
            }
            // `Default`, which is derived; conversions of the newtype that typify makes of an object
            // without properties.
            Item::Impl(item) if implements_default(&item) || converts_empty(document, &item) => {}
            // The error of conversions that only rigid enums would need.
            Item::Mod(module) if module.ident == "error" => {}
            other => shaped.push(other),
        }
    }
    let mut shaped = shaped;
    shaped.iter_mut().for_each(|item| ShortPaths.visit_item_mut(item));
    let file = syn::File {
        shebang: None,
        attrs: vec![parse_quote! { #![doc = " The document's schemas."] }],
        items: shaped,
    };
    prettyplease::unparse(&file)
}

/// Whether nothing is known of the object but its tag.
fn is_empty(schema: Schema<'_>) -> bool {
    schema.value["type"] == "object"
        && schema.value["additionalProperties"].is_null()
        && schema.properties().all(|(name, _)| name == "type")
}

fn implements_default(item: &syn::ItemImpl) -> bool {
    let path = item.trait_.as_ref().map(|(_, path, _)| path);
    path.and_then(|path| path.segments.last()).is_some_and(|segment| segment.ident == "Default")
}

fn converts_empty(document: &Document, item: &syn::ItemImpl) -> bool {
    let trait_path = item.trait_.as_ref().map(|(_, path, _)| path.to_token_stream().to_string());
    let names = item.self_ty.to_token_stream().to_string() + " " + &trait_path.unwrap_or_default();
    let mut words = names.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| document.schema(word).is_some_and(is_empty))
}

/// Shortens paths into the standard library and into this module, to be read more easily.
struct ShortPaths;

impl VisitMut for ShortPaths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let prefix = match names[..] {
            ["std", _, "Option" | "Vec" | "String"] => 2,
            ["crate", "types", _] => 2,
            _ => 0,
        };
        if prefix > 0 {
            path.segments = path.segments.iter().skip(prefix).cloned().collect();
            path.leading_colon = None;
        }
    }
}

/// Puts the fields in the order of the document, where typify sorts them by name.
fn reorder(item: &mut ItemStruct, schema: Schema<'_>) {
    let places: HashMap<String, usize> = schema
        .properties()
        .enumerate()
        .map(|(place, (name, _))| (name.to_snake_case(), place))
        .collect();
    let Fields::Named(fields) = &mut item.fields else { return };
    let mut sorted: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
    sorted.sort_by_key(|field| places.get(&name(field)).copied());
    fields.named = sorted.into_iter().collect();
}

/// A `Debug` that does not show what customers wrote and who they are.
///
/// Shown are ids, enums, times, whole numbers, booleans, and what contains them. Strings, maps and
/// fractions (coordinates) are not: a new field is hidden until it is known to be harmless.
fn debug(item: &ItemStruct, document: &Document) -> Item {
    let ident = &item.ident;
    let shown =
        item.fields.iter().filter(|field| is_shown(&field.ty, document)).map(|field| &field.ident);
    parse_quote! { crate::debug::debug_shows!(#ident: #(#shown),*); }
}

fn is_shown(ty: &Type, document: &Document) -> bool {
    let Some(segment) = last_segment(ty) else { return false };
    match segment.ident.to_string().as_str() {
        "Option" | "Vec" => argument(ty).is_some_and(|inner| is_shown(inner, document)),
        "bool" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "DateTime" => true,
        name => document.schema(name).is_some(),
    }
}

/// A constructor of what the document requires, since the struct can grow fields.
fn constructor(item: &ItemStruct, schema: Schema<'_>) -> Item {
    let fields: Vec<_> =
        item.fields.iter().filter_map(|field| Some((field, field.ident.as_ref()?))).collect();
    let required = |field: &Field| {
        schema.properties().any(|(property, _)| {
            property.to_snake_case() == name(field) && schema.requires(property)
        })
    };
    let parameters = fields.iter().filter(|(field, _)| required(field)).map(|(field, ident)| {
        let ty = &field.ty;
        quote! { #ident: #ty }
    });
    let values = fields.iter().map(|(field, ident)| {
        if required(field) {
            quote! { #ident }
        } else {
            quote! { #ident: Default::default() }
        }
    });
    let ident = &item.ident;
    parse_quote! {
        impl #ident {
            #[doc = " With what is required, and nothing else."]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }
        }
    }
}

/// Makes the fields read what HubSpot sends beside what it documents, and keeps the derived JSON
/// Schema to what it documents.
fn soften(item: &mut ItemStruct, schema: Schema<'_>) {
    let has_required =
        schema.properties().any(|(property, _)| property != "type" && schema.requires(property));
    let default = (!has_required).then(|| quote! { Default, });
    item.attrs.retain(|attribute| attribute.path().is_ident("doc"));
    item.attrs.push(
        parse_quote! { #[derive(Clone, #default PartialEq, Serialize, Deserialize, JsonSchema)] },
    );
    item.attrs.push(parse_quote! { #[serde(rename_all = "camelCase")] });
    item.attrs.push(parse_quote! { #[non_exhaustive] });
    for field in &mut item.fields {
        let Some((property, _)) =
            schema.properties().find(|(property, _)| property.to_snake_case() == name(field))
        else {
            continue;
        };
        let required = schema.requires(property);
        let holds =
            last_segment(&field.ty).map(|segment| segment.ident.to_string()).unwrap_or_default();
        let mut serde: Vec<syn::Meta> = Vec::new();
        let mut schemars: Vec<proc_macro2::TokenStream> = Vec::new();
        if name(field).to_lower_camel_case() != property {
            serde.push(parse_quote! { rename = #property });
        }
        match holds.as_str() {
            "Option" => {
                serde.push(parse_quote! { default });
                serde.push(parse_quote! { skip_serializing_if = "Option::is_none" });
                // A default and no null: the field may be absent, and is not documented as null.
                schemars.push(quote! { required });
                if argument(&field.ty).is_some_and(is_integer) {
                    serde.push(parse_quote! { deserialize_with = "crate::lenient::integer" });
                }
            }
            "Vec" | "BTreeMap" => {
                serde.push(parse_quote! { default });
                serde.push(parse_quote! { deserialize_with = "crate::lenient::null_as_empty" });
                if required {
                    schemars.push(quote! { !default });
                } else {
                    let is_empty = if holds == "Vec" {
                        "Vec::is_empty"
                    } else {
                        "::std::collections::BTreeMap::is_empty"
                    };
                    serde.push(parse_quote! { skip_serializing_if = #is_empty });
                }
                if property == "results" {
                    itemize(&mut field.ty);
                }
            }
            _ => {}
        }
        field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
        if !serde.is_empty() {
            field.attrs.push(parse_quote! { #[serde(#(#serde),*)] });
        }
        if !schemars.is_empty() {
            field.attrs.push(parse_quote! { #[schemars(#(#schemars),*)] });
        }
    }
}

fn is_integer(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| {
        matches!(segment.ident.to_string().as_str(), "i32" | "i64" | "u32" | "u64")
    })
}

/// Decodes a list item by item, so that one that cannot be read does not cost the others.
fn itemize(ty: &mut Type) {
    if let Some(inner) = argument(ty).cloned() {
        *ty = parse_quote! { ::std::vec::Vec<crate::Item<#inner>> };
    }
}

/// The field's name without the marks of a raw identifier.
fn name(field: &Field) -> String {
    let ident = field.ident.clone().unwrap_or_else(|| format_ident!("_"));
    let text = ident.to_string();
    text.strip_prefix("r#").unwrap_or(&text).trim_end_matches('_').to_owned()
}

fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn argument(ty: &Type) -> Option<&Type> {
    match &last_segment(ty)?.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    }
}
