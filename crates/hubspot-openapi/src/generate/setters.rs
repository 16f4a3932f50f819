//! Setters: how a value is given to a field of a type, in a chain.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use super::types::field::{argument, type_name};

/// What a setter of a field takes, and what it does with it.
pub(super) struct Setter {
    /// The arguments with their types.
    pub(super) inputs: TokenStream,
    /// The arguments as they are passed on.
    pub(super) arguments: TokenStream,
    /// Puts them in their place.
    pub(super) assign: TokenStream,
}

impl Setter {
    /// The setter of a field. `place` is the field as an expression.
    pub(super) fn of(name: &Ident, ty: &Type, place: &TokenStream) -> Self {
        match type_name(ty).as_str() {
            "Option" => Self::optional(name, argument(ty).unwrap_or(ty), place),
            "Vec" => {
                let (inputs, value) = items(name, argument(ty).unwrap_or(ty));
                Self::new(name, inputs, quote! { #place = #value; })
            }
            "BTreeMap" | "Map" => Self::entry(ty, place),
            _ => {
                let (inputs, value) = single(name, ty);
                Self::new(name, inputs, quote! { #place = #value; })
            }
        }
    }

    /// The setter of an `Option` of a type.
    fn optional(name: &Ident, ty: &Type, place: &TokenStream) -> Self {
        match type_name(ty).as_str() {
            "Vec" => {
                let (inputs, value) = items(name, argument(ty).unwrap_or(ty));
                Self::new(name, inputs, quote! { #place = Some(#value); })
            }
            "BTreeMap" | "Map" => {
                Self::entry(ty, &quote! { #place.get_or_insert_with(Default::default) })
            }
            _ => {
                let (inputs, value) = single(name, ty);
                Self::new(name, inputs, quote! { #place = Some(#value); })
            }
        }
    }

    /// The setter of an entry of a map.
    fn entry(ty: &Type, map: &TokenStream) -> Self {
        let value: TokenStream = match (type_name(ty).as_str(), second_argument(ty)) {
            ("BTreeMap", Some(value)) => quote! { #value },
            _ => quote! { ::serde_json::Value },
        };
        Self {
            inputs: quote! { name: impl Into<String>, value: impl Into<#value> },
            arguments: quote! { name, value },
            assign: quote! { #map.insert(name.into(), value.into()); },
        }
    }

    fn new(name: &Ident, inputs: TokenStream, assign: TokenStream) -> Self {
        Self { inputs, arguments: quote! { #name }, assign }
    }
}

/// An argument for a single value, and the value.
pub(super) fn single(name: &Ident, ty: &Type) -> (TokenStream, TokenStream) {
    match type_name(ty).as_str() {
        // Nothing else turns into these.
        "bool" | "DateTime" => (quote! { #name: #ty }, quote! { #name }),
        "Box" => {
            let inner = argument(ty);
            (quote! { #name: impl Into<#inner> }, quote! { Box::new(#name.into()) })
        }
        _ => (quote! { #name: impl Into<#ty> }, quote! { #name.into() }),
    }
}

/// An argument for all of a value, and the value.
pub(super) fn whole(name: &Ident, ty: &Type) -> (TokenStream, TokenStream) {
    match type_name(ty).as_str() {
        "Vec" => items(name, argument(ty).unwrap_or(ty)),
        _ => single(name, ty),
    }
}

/// An argument for several values, and the list of them.
fn items(name: &Ident, item: &Type) -> (TokenStream, TokenStream) {
    (
        quote! { #name: impl IntoIterator<Item = impl Into<#item>> },
        quote! { #name.into_iter().map(Into::into).collect() },
    )
}

fn second_argument(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments
    else {
        return None;
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    types.last()
}

/// A name as an identifier, raw where it is a keyword.
pub(super) fn ident(name: &str) -> Ident {
    syn::parse_str(name).unwrap_or_else(|_| format_ident!("{name}_"))
}
