//! Scopes.

use serde_json::Value;

use super::report::Log;
use super::walk;

/// Writes the document's security into each operation that has none of its own: the operation table
/// reads the scopes there.
pub(super) fn shared(document: &mut Value, log: &mut Log<'_>) {
    let Some(shared) = document.as_object_mut().and_then(|root| root.shift_remove("security"))
    else {
        return;
    };
    walk::operations(document, &mut |_, operation| {
        operation.entry("security").or_insert_with(|| shared.clone());
    });
    log.fixed();
}
