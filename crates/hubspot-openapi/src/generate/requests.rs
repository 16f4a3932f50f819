//! The request layer of the crate people depend on: a struct for each operation, with its
//! parameters as setters.

mod documentation;
mod every_request;
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

/// The request layer of a document.
pub struct RequestLayer {
    /// The folder of the requests: a file for each tag of the document.
    pub requests: Files,
    /// The folder of a test module: a request of each operation, with every parameter set.
    pub every_request: Files,
}

pub(super) fn generate(document: &Document, code: &Code, source: &str) -> Result<RequestLayer> {
    let api = Api::read(code)?;
    let mut all = Vec::new();
    let mut modules: BTreeMap<String, Vec<(String, TokenStream)>> = BTreeMap::new();
    let mut files = Files::new();
    for operation in document.operations() {
        let name = operation.value["operationId"].as_str().context("an operation has no name")?;
        let request = operation::Request::of(document, &api, &operation)
            .with_context(|| format!("no request can be made of {name}"))?;
        let tag = operation.value["tags"][0].as_str().unwrap_or("others");
        let module = modules.entry(tag.to_owned()).or_default();
        module.push((request.name.to_string(), request.code()));
        all.push(request);
    }
    let mut names = BTreeMap::new();
    for (tag, requests) in modules {
        let module = tag.to_snake_case();
        let description = documentation::of_tag(document, &tag);
        let (of_module, code): (Vec<_>, Vec<_>) = requests.into_iter().unzip();
        let mut file: syn::File = syn::parse2(quote! {
            use hubspot_conversations_api::{self as api, OperationId, Page, Received};

            use crate::request::{CallOptions, ListRequest, Query, Request, Sealed, Sent, list_request, request};
            use crate::Client;
            use crate::types::*;
            #(#code)*
        })?;
        ShortPaths.visit_file_mut(&mut file);
        let text = format!("//! {description}\n\n{}", prettyplease::unparse(&file));
        files.insert(format!("{module}.rs"), layout::file(&text, source));
        names.insert(module, of_module);
    }
    files.insert("mod.rs".to_owned(), layout::file(&root(&names), source));
    let every_request = layout::file(&every_request::module(&all)?, source);
    let every_request = Files::from([("mod.rs".to_owned(), every_request)]);
    Ok(RequestLayer { requests: files, every_request })
}

/// The parent module, which re-exports all requests.
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
