//! Reading fields of generated structs.

use heck::ToSnakeCase;
use syn::{Field, GenericArgument, PathArguments, PathSegment, Type};

use crate::document::Schema;

/// The document's name of the field.
pub(super) fn property<'a>(field: &Field, schema: Schema<'a>) -> Option<&'a str> {
    let name = name(field);
    schema
        .properties()
        .map(|(property, _)| property)
        .find(|property| property.to_snake_case() == name)
}

/// The field's name without the marks of a raw identifier.
pub(super) fn name(field: &Field) -> String {
    let text = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    text.strip_prefix("r#").unwrap_or(&text).trim_end_matches('_').to_owned()
}

/// The last word of a path: `Vec` for `std::vec::Vec<T>`.
pub(super) fn type_name(ty: &Type) -> String {
    last_segment(ty).map(|segment| segment.ident.to_string()).unwrap_or_default()
}

/// The first type in angle brackets: `T` for `Vec<T>`.
pub(super) fn argument(ty: &Type) -> Option<&Type> {
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
