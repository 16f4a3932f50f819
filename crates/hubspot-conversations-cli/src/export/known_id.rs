//! Ids as JSON has them, without a copy.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// An id, which HubSpot sends as a string or as a number.
pub(super) struct KnownId<'a>(Cow<'a, str>);

impl<'a> KnownId<'a> {
    /// Reads an id, also a number with more digits than integers have.
    pub(super) fn read(json: &'a str) -> Option<Self> {
        if json.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self(Cow::Borrowed(json)));
        }
        serde_json::from_str(json).ok()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for KnownId<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor).map(Self)
    }
}

struct IdVisitor;

impl<'de> Visitor<'de> for IdVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a whole number")
    }

    fn visit_borrowed_str<E: Error>(self, id: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(id))
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(id.to_owned()))
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(id.to_string()))
    }

    fn visit_i64<E: Error>(self, id: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(id.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::KnownId;

    #[test]
    fn an_id_is_a_string_or_a_number() {
        for (json, expected) in
            [(r#""A-1""#, "A-1"), ("17", "17"), ("-1", "-1"), (r#""\u0041""#, "A")]
        {
            let id: KnownId = serde_json::from_str(json).unwrap();
            assert_eq!(id.as_str(), expected);
        }
        let id: KnownId = serde_json::from_str(r#""A-1""#).unwrap();
        assert!(matches!(id.0, Cow::Borrowed(_)), "it is not copied");
        for json in ["null", "1.5", "true", "{}", "[]"] {
            assert!(serde_json::from_str::<KnownId>(json).is_err(), "{json}");
            assert!(KnownId::read(json).is_none(), "{json}");
        }
        let long = "123456789012345678901234567890";
        assert_eq!(KnownId::read(long).unwrap().as_str(), long);
    }
}
