//! A parameter of an operation, as a field of its request.

use anyhow::{Context, Result};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{FnArg, Ident, Pat, Type, parse_quote};

use super::super::names;
use super::super::setters::{ident, single};
use super::super::types::field::{argument, type_name};
use crate::document::{Document, Kind};

/// Where a parameter goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Location {
    Path,
    Query,
    Body,
}

/// A parameter, in the order in which the client's method takes it.
pub(super) struct Parameter {
    pub(super) location: Location,
    /// The field and the setter.
    pub(super) field: Ident,
    /// The document's name.
    pub(super) name: String,
    pub(super) description: String,
    /// What the field holds, without the `Option` of one that need not be there.
    pub(super) ty: Type,
    pub(super) is_required: bool,
    /// Strings that are sent as one, separated by commas.
    is_comma_separated: bool,
    /// A cursor, which is sent decoded.
    is_cursor: bool,
    pub(super) is_secret: bool,
    /// A value for tests.
    pub(super) example: TokenStream,
}

impl Parameter {
    /// The parameter that an argument of the client's method stands for.
    pub(super) fn of(
        document: &Document,
        input: &FnArg,
        declared: &[&Value],
        paginated: bool,
    ) -> Result<Option<Self>> {
        let FnArg::Typed(input) = input else { return Ok(None) };
        let Pat::Ident(pattern) = &*input.pat else { anyhow::bail!("an argument has no name") };
        let argument_name = pattern.ident.to_string();
        let (ty, is_optional) = owned(&input.ty);
        if argument_name == "body" {
            return Ok(Some(Self {
                location: Location::Body,
                field: format_ident!("body"),
                name: argument_name,
                description: String::new(),
                ty,
                is_required: true,
                is_comma_separated: false,
                is_cursor: false,
                is_secret: false,
                example: TokenStream::new(),
            }));
        }
        let is_it = |parameter: &&&Value| {
            let name = parameter["name"].as_str().unwrap_or_default();
            let named = parameter["x-rust-name"].as_str().map(str::to_owned);
            named.unwrap_or_else(|| name.to_snake_case()) == argument_name
        };
        let parameter = declared
            .iter()
            .find(is_it)
            .with_context(|| format!("the document has no parameter {argument_name}"))?;
        let name = parameter["name"].as_str().unwrap_or_default();
        let example = example(document, &ty);
        Ok(Some(Self {
            location: if parameter["in"] == "path" { Location::Path } else { Location::Query },
            field: ident(&argument_name),
            name: name.to_owned(),
            description: parameter["description"].as_str().unwrap_or_default().to_owned(),
            ty,
            is_required: !is_optional,
            is_comma_separated: parameter["x-comma-separated"] == true,
            is_cursor: paginated && name == "after",
            is_secret: parameter["x-secret"] == true,
            example,
        }))
    }

    /// The field of the struct.
    pub(super) fn declaration(&self) -> TokenStream {
        let Self { field, ty, .. } = self;
        if self.is_required {
            quote! { #field: #ty }
        } else {
            quote! { #field: Option<#ty> }
        }
    }

    /// The argument of the constructor, and what it makes of it.
    pub(super) fn input(&self) -> (TokenStream, TokenStream) {
        single(&self.field, &self.ty)
    }

    /// The argument as the client's method takes it.
    pub(super) fn passed(&self) -> TokenStream {
        let field = &self.field;
        let is_copied = matches!(
            type_name(&self.ty).as_str(),
            "bool" | "i32" | "i64" | "f64" | "f32" | "u32" | "u64"
        );
        match (self.is_required, type_name(&self.ty).as_str()) {
            (true, _) if is_copied => quote! { self.#field },
            (true, _) => quote! { &self.#field },
            (false, _) if is_copied => quote! { self.#field },
            (false, "String") => quote! { self.#field.as_deref() },
            (false, _) => quote! { self.#field.as_ref() },
        }
    }

    /// The setter of one that need not be there, and the one that can also unset it.
    pub(super) fn setters(&self) -> TokenStream {
        let Self { field, ty, .. } = self;
        let mut doc = vec![self.description.clone()];
        let (input, assign) = if self.is_cursor {
            let set = quote! { self.#field = Some(crate::list::decoded(#field.as_ref())); };
            doc.push(
                "HubSpot percent-encodes cursors in its responses. They are accepted as received, \
                 and decoded alike."
                    .to_owned(),
            );
            (quote! { #field: impl AsRef<str> }, set)
        } else if self.is_comma_separated {
            doc.push("Adds to what was set before.".to_owned());
            let set = quote! {
                crate::request::push_separated(&mut self.#field, #field.as_ref());
            };
            (quote! { #field: impl AsRef<str> }, set)
        } else if type_name(ty) == "Vec" {
            doc.push("Adds to what was set before.".to_owned());
            let (input, value) = single(field, argument(ty).unwrap_or(ty));
            (input, quote! { self.#field.get_or_insert_default().push(#value); })
        } else {
            let (input, value) = single(field, ty);
            (input, quote! { self.#field = Some(#value); })
        };
        let doc = paragraphs(&doc);
        let unset = self.unset();
        quote! {
            #doc
            pub fn #field(mut self, #input) -> Self {
                #assign
                self
            }

            #unset
        }
    }

    /// The setter that takes what there may be.
    fn unset(&self) -> TokenStream {
        let Self { field, ty, .. } = self;
        let maybe = format_ident!("maybe_{}", field.to_string().trim_start_matches("r#"));
        let (value, set): (&Type, TokenStream) = match type_name(ty).as_str() {
            "Vec" => {
                let item = argument(ty).unwrap_or(ty);
                (item, quote! { self.#field = #field.map(|value| vec![value]); })
            }
            _ if self.is_cursor => {
                (ty, quote! { self.#field = #field.map(|cursor| crate::list::decoded(&cursor)); })
            }
            _ => (ty, quote! { self.#field = #field; }),
        };
        let doc = format!(
            " [`{field}`](Self::{field}), in place of what was set before. `None` unsets it."
        );
        quote! {
            #[doc = #doc]
            pub fn #maybe(mut self, #field: Option<#value>) -> Self {
                #set
                self
            }
        }
    }
}

/// A value of a type, or of an item of a list.
fn example(document: &Document, ty: &Type) -> TokenStream {
    let name = type_name(ty);
    match name.as_str() {
        "Vec" => argument(ty).map_or_else(TokenStream::new, |item| example(document, item)),
        "bool" => quote! { true },
        "i32" | "i64" | "u32" | "u64" => quote! { 20 },
        "f32" | "f64" => quote! { 1.5 },
        "DateTime" => quote! { chrono::DateTime::UNIX_EPOCH },
        _ => {
            let schema = document.schema(&name).filter(|schema| schema.kind() == Kind::Enum);
            let variants = schema.map(names::of_values).unwrap_or_default();
            match variants.first() {
                Some((variant, _)) => {
                    let (ty, variant) = (format_ident!("{name}"), format_ident!("{variant}"));
                    quote! { types::#ty::#variant }
                }
                None => quote! { "176347007" },
            }
        }
    }
}

/// Paragraphs of documentation.
pub(super) fn paragraphs(paragraphs: &[String]) -> TokenStream {
    let lines =
        paragraphs.iter().filter(|text| !text.is_empty()).enumerate().flat_map(|(at, text)| {
            let gap = (at > 0).then(String::new);
            gap.into_iter().chain(text.lines().map(|line| format!(" {line}").trim_end().to_owned()))
        });
    quote! { #(#[doc = #lines])* }
}

/// What a request holds of an argument, and whether it need not be there.
fn owned(ty: &Type) -> (Type, bool) {
    match ty {
        Type::Reference(reference) => {
            let inner = &*reference.elem;
            let is_text = matches!(inner, Type::Path(path) if path.path.is_ident("str"));
            (if is_text { parse_quote!(String) } else { inner.clone() }, false)
        }
        other if type_name(other) == "Option" => {
            let inner = argument(other).map_or_else(|| other.clone(), |inner| owned(inner).0);
            (inner, true)
        }
        other => (other.clone(), false),
    }
}
