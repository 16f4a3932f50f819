//! Enums: one call of `open_enum!` each.

use heck::ToUpperCamelCase;

use super::layout::doc;
use crate::document::{Document, Kind, strings};

pub(super) fn generate(document: &Document) -> String {
    let mut code = "use crate::open_enum::open_enum;\n".to_owned();
    for schema in document.schemas_of(Kind::Enum) {
        code += &format!(
            "\nopen_enum! {{\n{}    {} {{\n",
            doc("    ", schema.description()),
            schema.name
        );
        for value in strings(&schema.value["enum"]) {
            code += &format!("        {} = {value:?},\n", value.to_upper_camel_case());
        }
        code += "    }\n}\n";
    }
    code
}
