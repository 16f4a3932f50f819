//! Enums: one call of `open_enum!` each.

use super::layout::doc;
use super::names;
use crate::document::{Document, Kind};

pub(super) fn generate(document: &Document) -> String {
    let mut code = "use crate::open_enum::open_enum;\n".to_owned();
    for schema in document.schemas_of(Kind::Enum) {
        code += &format!(
            "\nopen_enum! {{\n{}    {} {{\n",
            doc("    ", schema.description()),
            schema.name
        );
        for (variant, value) in names::of_values(schema) {
            code += &format!("        {variant} = {value:?},\n");
        }
        code += "    }\n}\n";
    }
    code
}
