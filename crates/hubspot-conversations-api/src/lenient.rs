//! Readings that accept what HubSpot is known to send beside what it documents.

use serde::{Deserialize, Deserializer, de};

/// Reads `null` for an array or a map as an empty one.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a whole number, also one that is written as a string.
///
/// The type of some numbers changed between revisions of HubSpot's documents, and clients that
/// held on to one of them broke.
pub(crate) fn integer<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + std::str::FromStr,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written<T> {
        Number(T),
        String(String),
    }

    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Written::Number(number)) => Ok(Some(number)),
        Some(Written::String(digits)) => match digits.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => {
                Err(de::Error::invalid_value(de::Unexpected::Other("text"), &"a whole number"))
            }
        },
    }
}

/// Reads a whole number that must be there, also one that is written as a string.
#[allow(dead_code, reason = "a document need not have a field of this kind")]
pub(crate) fn required_integer<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + std::str::FromStr,
{
    integer(deserializer)?
        .ok_or_else(|| de::Error::invalid_type(de::Unexpected::Other("null"), &"a whole number"))
}
