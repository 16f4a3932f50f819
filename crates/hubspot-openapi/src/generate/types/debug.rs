//! `Debug`.

use syn::{Item, ItemStruct, Type, parse_quote};

use super::field::{argument, type_name};
use crate::document::Document;

/// A `Debug` that does not show what customers wrote and who they are.
///
/// Shown are ids, enums, times, whole numbers, booleans, and what contains them. Strings, maps and
/// fractions (coordinates) are not: a new field is hidden until it is known to be harmless.
pub(super) fn implementation(item: &ItemStruct, document: &Document) -> Item {
    let ident = &item.ident;
    let shown =
        item.fields.iter().filter(|field| is_shown(&field.ty, document)).map(|field| &field.ident);
    parse_quote! { crate::debug::debug_shows!(#ident: #(#shown),*); }
}

fn is_shown(ty: &Type, document: &Document) -> bool {
    match type_name(ty).as_str() {
        "Option" | "Vec" | "Box" => argument(ty).is_some_and(|inner| is_shown(inner, document)),
        "bool" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "DateTime" => true,
        name => document.schema(name).is_some(),
    }
}
