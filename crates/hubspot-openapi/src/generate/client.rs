//! The client and the structs, by progenitor.

use anyhow::{Context, Result};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use serde_json::Value;
use syn::{ImplItem, Item};

mod arguments;
mod calls;

use super::forms::Form;
use super::members::Tags;
use super::{multipart, names, types};
use crate::document::{Document, Kind};

/// progenitor's output, as two modules.
pub(super) struct Code {
    pub(super) client: String,
    pub(super) types: String,
}

pub(super) fn generate(document: &Document, source: &str) -> Result<Code> {
    let tags = Tags::of(document);
    let spec: openapiv3::OpenAPI = serde_json::from_value(prepared(document, &tags).0)
        .with_context(|| format!("{source} is not OpenAPI 3.0"))?;
    let tokens = Generator::new(&settings(document))
        .generate_tokens(&spec)
        .with_context(|| format!("progenitor cannot generate code from {source}"))?;
    let file: syn::File = syn::parse2(tokens)?;

    let mut client: syn::File = syn::parse_quote! {
        use super::types;
        #[allow(unused_imports)]
        use progenitor_client::{ByteStream, ClientInfo, RequestBuilderExt, encode_path};
    };
    let mut structs = Vec::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                structs = module.content.map(|(_, items)| items).unwrap_or_default();
            }
            Item::Mod(module) if module.ident == "prelude" => {}
            Item::Impl(mut item) => {
                // `Client::new` would choose the HTTP client, and panic if it cannot be made.
                item.items.retain(
                    |item| !matches!(item, ImplItem::Fn(method) if method.sig.ident == "new"),
                );
                calls::shape(document, &mut item)?;
                multipart::shape(document, &mut item);
                arguments::restore(document, &mut item);
                client.items.push(Item::Impl(item));
            }
            // What progenitor's methods would answer with, and its hooks: `crate::receive` and
            // `crate::RequestHook` replace them.
            Item::Use(_) | Item::Const(_) => {}
            other => client.items.push(other),
        }
    }
    Ok(Code {
        client: prettyplease::unparse(&client),
        types: types::shape(document, &tags, structs)?,
    })
}

fn settings(document: &Document) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { std::sync::Arc<dyn crate::RequestHook> })
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for schema in document.schemas() {
        let replacement = match schema.kind() {
            Kind::Id | Kind::Enum | Kind::Union => format!("crate::types::{}", schema.name),
            Kind::Page => format!("crate::Page<types::{}>", schema.page_item().unwrap_or("Value")),
            Kind::Other => continue,
        };
        let impls = [TypeImpl::Display, TypeImpl::FromStr];
        settings.with_replacement(schema.name, replacement, impls.into_iter());
    }
    settings
}

/// The document as progenitor is to see it.
fn prepared(document: &Document, tags: &Tags<'_>) -> Document {
    let mut prepared = document.clone();
    accept_every_success(&mut prepared);
    multipart::hide(document, &mut prepared);
    arguments::rename(&mut prepared);
    forget_null(&mut prepared);
    relax(document, &mut prepared);
    drop_tags(document, tags, &mut prepared);
    if let Some(schemas) = prepared.0["components"]["schemas"].as_object_mut() {
        schemas.values_mut().for_each(names::rename_properties);
    }
    prepared
}

/// Makes each operation accept every 2xx status.
///
/// HubSpot has answered 200 where it documents 201. To call that a failure would invite the caller
/// to send a message again that was sent.
fn accept_every_success(document: &mut Document) {
    let Some(paths) = document.0["paths"].as_object_mut() else { return };
    let operations =
        paths.values_mut().filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    for operation in operations {
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
            continue;
        };
        let success = std::mem::take(responses).into_iter().next();
        responses.extend(success.map(|(_, response)| ("2XX".to_owned(), response)));
    }
}

/// Makes fields that can be null ones that can be left out: we give them their types.
fn forget_null(prepared: &mut Document) {
    let schemas = prepared.0["components"]["schemas"].as_object_mut();
    for schema in schemas.into_iter().flat_map(|schemas| schemas.values_mut()) {
        let mut nullable = Vec::new();
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            let property = property.as_object_mut();
            if property.and_then(|it| it.shift_remove("nullable")).is_some_and(|it| it == true) {
                nullable.push(name.clone());
            }
        }
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| !nullable.iter().any(|nullable| name == nullable));
        }
    }
}

/// Requires only what there is no value without.
fn relax(document: &Document, prepared: &mut Document) {
    let Some(schemas) = prepared.0["components"]["schemas"].as_object_mut() else { return };
    for (name, value) in schemas {
        let Some(schema) = document.schema(name) else { continue };
        if let Some(required) = value.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| name.as_str().is_some_and(|name| Form::needs(schema, name)));
        }
    }
}

/// Takes the tag out of the members of unions where the union reads and writes it. Where they keep
/// it, it is a string: an enum would only say what the member is.
fn drop_tags(document: &Document, tags: &Tags<'_>, prepared: &mut Document) {
    for union in document.schemas_of(Kind::Union) {
        for (_, member) in union.members() {
            let schema = &mut prepared.0["components"]["schemas"][member];
            let Some(properties) = schema["properties"].as_object_mut() else { continue };
            if tags.held(member).is_none() {
                if let Some(tag) = properties.get_mut(union.tag()).and_then(Value::as_object_mut) {
                    tag.shift_remove("enum");
                }
                continue;
            }
            properties.shift_remove(union.tag());
            if let Some(required) = schema["required"].as_array_mut() {
                required.retain(|name| name != union.tag());
            }
        }
    }
}
