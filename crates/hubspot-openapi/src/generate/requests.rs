//! The request layer of the crate people depend on: a struct for each operation, with its
//! parameters as setters.

mod documentation;
mod operation;
mod parameter;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{ImplItem, ImplItemFn, Item, ItemStruct};

use super::client::Code;
use super::types::paths::ShortPaths;
use super::{Files, layout};
use crate::document::Document;

/// What is known of the generated client and its types.
struct Api {
    methods: BTreeMap<String, ImplItemFn>,
    structs: BTreeMap<String, ItemStruct>,
}

/// The files of the folder of requests: one for each tag of the document.
pub(super) fn generate(document: &Document, code: &Code, source: &str) -> Result<Files> {
    let api = Api::read(code)?;
    let mut modules: BTreeMap<String, (String, Vec<TokenStream>)> = BTreeMap::new();
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in document.operations() {
        let name = operation.value["operationId"].as_str().context("an operation has no name")?;
        let request = operation::Request::of(document, &api, &operation)
            .with_context(|| format!("no request can be made of {name}"))?;
        let tag = operation.value["tags"][0].as_str().unwrap_or("others");
        let module = modules.entry(tag.to_snake_case()).or_insert_with(|| {
            let description = documentation::of_tag(document, tag);
            (description, Vec::new())
        });
        module.1.push(request.code());
        names.entry(tag.to_snake_case()).or_default().push(request.name());
    }

    let mut files = Files::new();
    for (module, (description, requests)) in &modules {
        let mut file: syn::File = syn::parse2(quote! {
            use hubspot_conversations_api::{self as api, OperationId, Page, Received};

            use crate::request::{CallOptions, ListRequest, Query, Request, Sealed, Sent, list_request, request};
            use crate::Client;
            use crate::types::*;
            #(#requests)*
        })?;
        ShortPaths.visit_file_mut(&mut file);
        let text = format!("//! {description}\n\n{}", prettyplease::unparse(&file));
        files.insert(format!("{module}.rs"), layout::file(&text, source));
    }
    files.insert("mod.rs".to_owned(), layout::file(&root(&names), source));
    Ok(files)
}

/// The module that holds the others, and gives their requests as its own.
fn root(names: &BTreeMap<String, Vec<String>>) -> String {
    let mut code = "//! A request for each operation of the API, with its parameters.\n//!\n\
                    //! They come from the methods of the resources, such as\n\
                    //! [`Client::threads`](crate::Client::threads), or from their own `new`.\n\n"
        .to_owned();
    for module in names.keys() {
        code += &format!("mod {module};\n");
    }
    code.push('\n');
    for (module, names) in names {
        code += &format!("pub use {module}::{{{}}};\n", names.join(", "));
    }
    code
}

impl Api {
    fn read(code: &Code) -> Result<Self> {
        let mut methods = BTreeMap::new();
        for item in syn::parse_file(&code.client)?.items {
            let Item::Impl(item) = item else { continue };
            for item in item.items {
                if let ImplItem::Fn(method) = item
                    && method.sig.asyncness.is_some()
                {
                    methods.insert(method.sig.ident.to_string(), method);
                }
            }
        }
        let mut structs = BTreeMap::new();
        for item in syn::parse_file(&code.types)?.items {
            if let Item::Struct(item) = item {
                structs.insert(item.ident.to_string(), item);
            }
        }
        Ok(Self { methods, structs })
    }
}
