//! Values that are required, and set after a request was begun.

use serde::ser::Error;
use serde::{Serialize, Serializer};

/// Writes a value that must have been set.
///
/// # Errors
///
/// If it was not.
pub(crate) fn serialize<T: Serialize, S: Serializer>(
    name: &str,
    value: Option<&T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => value.serialize(serializer),
        None => Err(S::Error::custom(format_args!("`{name}` is required, and was not set"))),
    }
}
