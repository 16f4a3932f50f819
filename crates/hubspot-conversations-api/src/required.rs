//! Required values that are set after a request was created.

use serde::ser::Error;
use serde::{Serialize, Serializer};

/// Serializes a value that must have been set.
///
/// # Errors
///
/// If it was not set.
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
