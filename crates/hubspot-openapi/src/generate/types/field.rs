//! Reading fields of generated structs.

use syn::{Field, GenericArgument, PathArguments, PathSegment, Type};

use super::super::names;
use crate::document::{Schema, referenced};

/// The document's name of the field.
pub(in crate::generate) fn property<'a>(field: &Field, schema: Schema<'a>) -> Option<&'a str> {
    let name = name(field);
    let mut properties = schema.properties();
    properties
        .find(|(property, value)| names::of_field(property, value) == name)
        .map(|(property, _)| property)
}

/// The name of the schema that a property refers to.
pub(in crate::generate) fn target<'a>(property: &str, schema: Schema<'a>) -> Option<&'a str> {
    schema.properties().find(|(name, _)| *name == property).and_then(|(_, it)| referenced(it))
}

/// The field's name without the marks of a raw identifier.
pub(in crate::generate) fn name(field: &Field) -> String {
    let text = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    text.strip_prefix("r#").unwrap_or(&text).trim_end_matches('_').to_owned()
}

/// The last word of a path: `Vec` for `std::vec::Vec<T>`.
pub(in crate::generate) fn type_name(ty: &Type) -> String {
    last_segment(ty).map(|segment| segment.ident.to_string()).unwrap_or_default()
}

/// The first type in angle brackets: `T` for `Vec<T>`.
pub(in crate::generate) fn argument(ty: &Type) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &last_segment(ty)?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}
