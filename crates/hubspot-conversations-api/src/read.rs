//! Lenient reading of JSON: a malformed value affects only its own field.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::decode::DecodeError;
use crate::left_out::{self, Mark, Reading};
use crate::repair::read_repaired;

/// A type that is read leniently from any JSON that HubSpot sends for it.
///
/// Each JSON type has a method. A value whose method the type does not implement is skipped and
/// noted. Reading fails only if the text is not JSON, because a stream cannot be read past such an
/// error.
pub(crate) trait Read: Sized {
    /// The expected JSON type in words, with its article.
    const EXPECTED: &'static str;

    /// Reads a boolean. An error is the type found, in the words of [`note`](left_out::note).
    fn from_bool(value: bool) -> Result<Self, Unfit> {
        let _ = value;
        Err(Unfit("a boolean"))
    }

    /// Reads a whole number.
    fn from_integer(value: i128) -> Result<Self, Unfit> {
        let _ = value;
        Err(Unfit(NUMBER))
    }

    /// Reads a number with a fraction, or one too large to be a whole number.
    fn from_float(value: f64) -> Result<Self, Unfit> {
        let _ = value;
        Err(Unfit(NUMBER))
    }

    fn from_text(value: &str) -> Result<Self, Unfit> {
        let _ = value;
        Err(Unfit(STRING))
    }

    fn from_array<'de, A: SeqAccess<'de>>(mut array: A) -> Result<Option<Self>, A::Error> {
        while array.next_element::<IgnoredAny>()?.is_some() {}
        left_out::note(Self::EXPECTED, "an array");
        Ok(None)
    }

    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        left_out::note(Self::EXPECTED, "an object");
        Ok(None)
    }

    /// The value, or `None` if it is `null` or was left out.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(AnyJson(PhantomData))
    }
}

/// A value from which a type cannot be read, as the JSON type found.
pub(crate) struct Unfit(pub(crate) &'static str);

pub(crate) const STRING: &str = "a string";
pub(crate) const NUMBER: &str = "a number";

/// Passes each JSON type to the corresponding method.
struct AnyJson<T>(PhantomData<T>);

impl<'de, T: Read> Visitor<'de> for AnyJson<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<T>, E> {
        Ok(noted(T::from_bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<T>, E> {
        Ok(noted(T::from_integer(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<T>, E> {
        Ok(noted(T::from_integer(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<T>, E> {
        Ok(noted(T::from_float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Option<T>, E> {
        Ok(noted(T::from_text(value)))
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Option<T>, A::Error> {
        T::from_array(array)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Option<T>, A::Error> {
        T::from_object(object)
    }
}

fn noted<T: Read>(read: Result<T, Unfit>) -> Option<T> {
    read.map_err(|Unfit(found)| left_out::note(T::EXPECTED, found)).ok()
}

/// Reads a part of a value: a field, an element, the value of a key.
pub(crate) struct Part<T>(PhantomData<T>);

impl<T> Part<T> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Read> DeserializeSeed<'de> for Part<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer)
    }
}

/// Reads a part whose text is available. Places left out are noted.
///
/// # Errors
///
/// If the text is not JSON.
pub(crate) fn read_part<T: Read>(json: &str) -> serde_json::Result<Option<T>> {
    read_repaired(json, |json| {
        let mut json = serde_json::Deserializer::from_str(json);
        let part = T::read(&mut json)?;
        json.end()?;
        Ok(part)
    })
}

/// Reads a whole value, for `Deserialize`.
///
/// # Errors
///
/// If nothing can be read. The error contains the place and the types.
pub(crate) fn whole<'de, T: Read, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let reading = Reading::begin();
    let value = T::read(deserializer)?;
    value.ok_or_else(|| match reading.reason() {
        Some(reason) => D::Error::custom(reason.into_message()),
        None => {
            let reason = format!("expected {}, found null", T::EXPECTED);
            D::Error::custom(DecodeError::new(String::new(), reason).into_message())
        }
    })
}

/// Reads an element of an array. `null` is noted too, because the list becomes shorter.
pub(crate) fn next_element<'de, T: Read, A: SeqAccess<'de>>(
    array: &mut A,
    since: Mark,
) -> Result<Option<Option<T>>, A::Error> {
    let before = Mark::here();
    let element = array.next_element_seed(Part::<T>::new())?;
    if matches!(element, Some(None)) && Mark::here() == before {
        left_out::note(T::EXPECTED, "null");
    }
    before.without_repetition(since);
    Ok(element)
}
