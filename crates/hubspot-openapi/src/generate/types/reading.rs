//! How structs are read.

use quote::quote;
use syn::{Field, Item, ItemStruct, parse_quote};

use super::super::forms::Form;
use super::field::{property, type_name};
use super::late;
use crate::document::Schema;

/// A call of `record!` for what HubSpot sends, of `strict!` for what it is sent.
pub(super) fn implementation(item: &ItemStruct, schema: Schema<'_>) -> Item {
    let ident = &item.ident;
    let fields = |is_wanted: &dyn Fn(&Field, &str) -> bool| {
        let fields = item.fields.iter().filter_map(|field| Some((field, property(field, schema)?)));
        let wanted = fields.filter(|(field, property)| is_wanted(field, property));
        let named = wanted.map(|(field, property)| {
            let ident = &field.ident;
            quote! { #ident = #property }
        });
        named.collect::<Vec<_>>()
    };
    let is_needed = |_: &Field, property: &str| Form::needs(schema, property);
    let needed = fields(&is_needed);
    match Form::of(schema) {
        Form::Read => {
            let others = fields(&|field, property| !is_needed(field, property));
            parse_quote! { crate::record::record!(#ident: #(#needed),*; #(#others),*); }
        }
        Form::Sent => {
            let is_late = |_: &Field, property: &str| late::is_late(item, schema, property);
            let late = fields(&is_late);
            let needed =
                fields(&|field, property| is_needed(field, property) && !is_late(field, property));
            let is_list =
                |field: &Field| matches!(type_name(&field.ty).as_str(), "Vec" | "BTreeMap" | "Map");
            let others = fields(&|field, property| !is_needed(field, property) && !is_list(field));
            let lists = fields(&|field, property| !is_needed(field, property) && is_list(field));
            parse_quote! {
                crate::strict::strict!(
                    #ident: required { #(#needed),* } late { #(#late),* } optional { #(#others),* } lists { #(#lists),* }
                );
            }
        }
    }
}
