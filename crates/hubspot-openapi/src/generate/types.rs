//! Shapes the structs that typify makes: in the document's order, lenient where HubSpot is, and
//! silent about customers in `Debug`.

mod attributes;
mod debug;
pub(super) mod field;
pub(super) mod late;
pub(super) mod paths;
mod reading;

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{Field, Fields, Item, ItemImpl, ItemStruct, parse_quote};

use super::forms::Form;
use super::members::Tags;
use super::multipart;
use super::recursion::Cycles;
use super::setters::{self, Setter};
use crate::document::{Document, Kind, Schema};

pub(super) fn shape(document: &Document, tags: &Tags<'_>, items: Vec<Item>) -> Result<String> {
    let cycles = Cycles::of(document);
    let mut shaped = vec![
        parse_quote! { use serde::Serialize; },
        parse_quote! { pub use super::enums::*; },
        parse_quote! { pub use super::ids::*; },
        parse_quote! { pub use super::unions::*; },
    ];
    for item in items {
        match item {
            Item::Struct(item) => {
                if let Some(schema) = document.schema(&item.ident.to_string()) {
                    shaped.extend(shape_struct(document, tags, &cycles, schema, item));
                }
            }
            // `Default`, which is derived; conversions of the newtype that typify makes of an object
            // without properties.
            Item::Impl(item)
                if implements_default(&item) || converts_empty(document, tags, &item) => {}
            // The error of conversions that only rigid enums would need.
            Item::Mod(module) if module.ident == "error" => {}
            Item::Enum(mut item) => {
                item.attrs.push(attributes::json_schema());
                shaped.push(Item::Enum(item));
            }
            other => shaped.push(other),
        }
    }
    shaped.extend(syn::parse_file(&multipart::types(document))?.items);
    shaped.iter_mut().for_each(|item| paths::ShortPaths.visit_item_mut(item));
    let file = syn::File {
        shebang: None,
        attrs: vec![parse_quote! { #![doc = " The document's schemas."] }],
        items: shaped,
    };
    Ok(prettyplease::unparse(&file))
}

/// The struct, its constructor, how it is read, and its `Debug`.
fn shape_struct(
    document: &Document,
    tags: &Tags<'_>,
    cycles: &Cycles,
    schema: Schema<'_>,
    mut item: ItemStruct,
) -> [Item; 4] {
    if is_empty(schema, tags) {
        item.fields = Fields::Named(parse_quote! { {} });
        item.semi_token = None;
    }
    reorder(&mut item, schema);
    item.fields.iter_mut().for_each(box_inside);
    late::postpone(&mut item, schema);
    let debug = debug::implementation(&item, document);
    attributes::annotate(&mut item, schema, tags);
    boxed(&mut item, document, cycles, schema);
    let constructor = constructor(&item, schema);
    let reading = reading::implementation(&item, schema);
    [Item::Struct(item), constructor, reading, debug]
}

/// Whether nothing is known of the object but its tag.
fn is_empty(schema: Schema<'_>, tags: &Tags<'_>) -> bool {
    schema.value["type"] == "object"
        && schema.value["additionalProperties"].is_null()
        && schema.properties().all(|(name, _)| Some(name) == tags.held(schema.name))
}

fn implements_default(item: &ItemImpl) -> bool {
    let path = item.trait_.as_ref().map(|(_, path, _)| path);
    path.and_then(|path| path.segments.last()).is_some_and(|segment| segment.ident == "Default")
}

fn converts_empty(document: &Document, tags: &Tags<'_>, item: &ItemImpl) -> bool {
    let trait_path = item.trait_.as_ref().map(|(_, path, _)| path.to_token_stream().to_string());
    let names = item.self_ty.to_token_stream().to_string() + " " + &trait_path.unwrap_or_default();
    let mut words = names.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| document.schema(word).is_some_and(|schema| is_empty(schema, tags)))
}

/// Makes `Option<Box<T>>` of the `Box<Option<T>>` that typify writes for what leads back through an `allOf`.
fn box_inside(field: &mut Field) {
    if field::type_name(&field.ty) == "Box"
        && let Some(option) = field::argument(&field.ty)
        && field::type_name(option) == "Option"
        && let Some(ty) = field::argument(option)
    {
        field.ty = parse_quote! { ::std::option::Option<::std::boxed::Box<#ty>> };
    }
}

/// Boxes the fields that lead back here through a union, which typify cannot see.
fn boxed(item: &mut ItemStruct, document: &Document, cycles: &Cycles, schema: Schema<'_>) {
    for field in &mut item.fields {
        let Some(property) = field::property(field, schema) else { continue };
        let target = field::target(property, schema).and_then(|name| document.schema(name));
        if cycles.contain(schema.name, property)
            && target.is_some_and(|target| target.kind() == Kind::Union)
        {
            let ty = field::argument(&field.ty).unwrap_or(&field.ty).clone();
            field.ty = match field::type_name(&field.ty).as_str() {
                "Option" => parse_quote! { ::std::option::Option<::std::boxed::Box<#ty>> },
                _ => parse_quote! { ::std::boxed::Box<#ty> },
            };
        }
    }
}

/// Puts the fields in the order of the document, where typify sorts them by name.
fn reorder(item: &mut ItemStruct, schema: Schema<'_>) {
    let Fields::Named(fields) = &mut item.fields else { return };
    let mut sorted: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
    sorted.sort_by_key(|field| {
        let property = field::property(field, schema);
        schema.properties().position(|(name, _)| Some(name) == property)
    });
    fields.named = sorted.into_iter().collect();
}

/// A constructor of what the document requires, since the struct can grow fields: of what is read,
/// that need not have come, and of what is sent, two values at most.
fn constructor(item: &ItemStruct, schema: Schema<'_>) -> Item {
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    let is_sent = Form::of(schema) == Form::Sent;
    for field in &item.fields {
        let (ident, ty) = (&field.ident, &field.ty);
        let is_taken = field::property(field, schema).is_some_and(|property| match is_sent {
            true => late::takes(item, schema, property),
            false => schema.requires(property),
        });
        let Some(name) = ident.as_ref().filter(|_| is_taken) else {
            values.push(quote! { #ident: Default::default() });
            continue;
        };
        if is_sent {
            let (input, value) = setters::whole(name, ty);
            parameters.push(input);
            values.push(quote! { #name: #value });
            continue;
        }
        match field::argument(ty).filter(|_| field::type_name(ty) == "Option") {
            Some(ty) => {
                parameters.push(quote! { #ident: #ty });
                values.push(quote! { #ident: Some(#ident) });
            }
            None => {
                parameters.push(quote! { #ident: #ty });
                values.push(quote! { #ident });
            }
        }
    }
    let ident = &item.ident;
    let documentation = late::documentation(item, schema);
    let setters = setters(item, schema);
    let late = late::functions(item, schema);
    parse_quote! {
        impl #ident {
            #[doc = #documentation]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }

            #(#setters)*
            #(#late)*
        }
    }
}

/// The fields of what is sent, as setters.
fn setters(item: &ItemStruct, schema: Schema<'_>) -> Vec<TokenStream> {
    if Form::of(schema) == Form::Read {
        return Vec::new();
    }
    let setter = |field: &Field| {
        let name = field.ident.as_ref()?;
        if name == "new" {
            return None;
        }
        let Setter { inputs, assign, .. } = Setter::of(name, &field.ty, &quote! { self.#name });
        let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
        Some(quote! {
            #(#docs)*
            #[must_use]
            pub fn #name(mut self, #inputs) -> Self {
                #assign
                self
            }
        })
    };
    item.fields.iter().filter_map(setter).collect()
}
