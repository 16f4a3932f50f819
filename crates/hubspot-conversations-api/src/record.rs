//! Received structs: a malformed value affects only its own field.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use crate::left_out::{self, Mark};
use crate::read::{Part, Read};

/// Reads a struct leniently. Called by generated code, once per struct that HubSpot sends.
///
/// The fields before the `;` are required: they identify the record.
macro_rules! record {
    ($name:ident: $($id:ident = $id_property:literal),* $(,)?; $($field:ident = $property:literal),* $(,)?) => {
        impl $crate::read::Read for $name {
            const EXPECTED: &'static str = "an object";

            fn from_object<'de, A: serde::de::MapAccess<'de>>(
                mut object: A,
            ) -> Result<Option<Self>, A::Error> {
                #[allow(non_camel_case_types, reason = "they are the fields' own names")]
                enum Field {
                    $($id,)*
                    $($field,)*
                    Other,
                }

                let named = |name: &str| match name {
                    $($id_property => Field::$id,)*
                    $($property => Field::$field,)*
                    _ => Field::Other,
                };
                #[allow(unused_variables, reason = "not every record has fields")]
                let begin = $crate::left_out::Mark::here();
                $(let mut $id = None;)*
                $(let mut $field = None;)*
                // Nothing is bound here: rustc rejects a binding with the name of a variant.
                loop {
                    match object.next_key_seed($crate::record::Name(named))? {
                        $(Some(Field::$id) => $crate::record::fill(&mut $id, &mut object, $id_property, begin)?,)*
                        $(Some(Field::$field) => $crate::record::fill(&mut $field, &mut object, $property, begin)?,)*
                        Some(Field::Other) => drop(object.next_value::<serde::de::IgnoredAny>()?),
                        None => break,
                    }
                }
                $(
                    let Some($id) = $crate::record::required($id, begin, $id_property) else {
                        return Ok(None);
                    };
                )*
                Ok(Some(Self { $($id,)* $($field: $crate::record::Optional::of($field),)* }))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read::whole(deserializer)
            }
        }
    };
}
pub(crate) use record;

/// An optional field.
pub(crate) trait Optional {
    /// What is read.
    type Value: Read;

    fn of(value: Option<Self::Value>) -> Self;
}

impl<T: Read> Optional for Option<T> {
    type Value = T;

    fn of(value: Self) -> Self {
        value
    }
}

macro_rules! empty_without_value {
    ($(<$($parameter:ident)?> $ty:ty),+) => {$(
        impl$(<$parameter: Read>)? Optional for $ty {
            type Value = Self;

            fn of(value: Option<Self>) -> Self {
                value.unwrap_or_default()
            }
        }
    )+};
}

empty_without_value! { <T> Vec<T>, <T> BTreeMap<String, T>, <> serde_json::Map<String, serde_json::Value> }

/// Reads a field's name.
pub(crate) struct Name<F>(pub(crate) F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for Name<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for Name<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<T, E> {
        Ok((self.0)(name))
    }
}

/// Reads the value of a field of a record that began at `start`. Of duplicate fields the last
/// counts, as in most readers.
pub(crate) fn fill<'de, T: Read, A: MapAccess<'de>>(
    field: &mut Option<T>,
    object: &mut A,
    name: &str,
    begin: Mark,
) -> Result<(), A::Error> {
    let before = Mark::here();
    let value = object.next_value_seed(Part::new())?;
    if field.is_some() {
        left_out::note("one value", "several");
    }
    *field = value;
    before.within(name);
    before.without_repetition(begin);
    Ok(())
}

/// A required field. If it is absent, that is noted last, as the reason why there is no record.
pub(crate) fn required<T: Read>(field: Option<T>, begin: Mark, name: &str) -> Option<T> {
    if field.is_none() && !begin.ends_with(name) {
        let before = Mark::here();
        left_out::note(T::EXPECTED, "nothing");
        before.within(name);
    }
    field
}
