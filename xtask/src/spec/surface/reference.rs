//! `$ref`s and JSON pointers.

use std::collections::HashSet;

use anyhow::{Result, bail};
use serde_json::Value;

/// The pointer to what a reference names.
pub(super) fn target(document: &Value, holder: &str, reference: &str) -> Result<String> {
    match reference.strip_prefix('#') {
        Some(pointer) if document.pointer(pointer).is_some() => Ok(pointer.to_owned()),
        _ => bail!("the $ref {reference:?} at {holder} leads nowhere"),
    }
}

/// Follows `$ref`s from a place to something that is none.
pub(super) fn follow(document: &Value, pointer: &str) -> Result<String> {
    let mut seen = HashSet::new();
    let mut pointer = pointer.to_owned();
    while let Some(reference) = at(document, &pointer)["$ref"].as_str() {
        if !seen.insert(pointer.clone()) {
            bail!("the $ref at {pointer} leads back to itself");
        }
        pointer = target(document, &pointer, reference)?;
    }
    Ok(pointer)
}

/// What is at a place; null if nothing is.
pub(super) fn at<'a>(document: &'a Value, pointer: &str) -> &'a Value {
    document.pointer(pointer).unwrap_or(&Value::Null)
}

/// A key as it stands in a pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The name of the schema a pointer names, if it names a schema.
pub(super) fn schema_name(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}
