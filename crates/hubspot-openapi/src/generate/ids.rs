//! Ids: one call of `id_type!` each.

use super::layout::doc;
use crate::document::{Document, Kind};

pub(super) fn generate(document: &Document) -> String {
    let mut code = "use crate::id::id_type;\n".to_owned();
    for schema in document.schemas_of(Kind::Id) {
        code += &format!(
            "\nid_type! {{\n{}    {}\n}}\n",
            doc("    ", schema.description()),
            schema.name
        );
    }
    code
}
