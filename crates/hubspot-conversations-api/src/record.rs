//! Structs that are read: whatever is wrong with a field costs that field.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use crate::left_out::{self, Mark};
use crate::read::{Part, Read};

/// Reads a struct leniently. Generated code calls it once per struct that HubSpot sends.
///
/// Before the `;` stand the fields without which it is no record: what identifies it.
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
                // Nothing is bound here: rustc refuses a binding that is named as one of the variants.
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

/// A field that need not be there.
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

/// Reads the value of a field of a record that began there. Of a field that is there twice, the last
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

/// A field that must be there. Where it is not, that is noted last, as the reason why there is no record.
pub(crate) fn required<T: Read>(field: Option<T>, begin: Mark, name: &str) -> Option<T> {
    if field.is_none() && !begin.ends_with(name) {
        let before = Mark::here();
        left_out::note(T::EXPECTED, "nothing");
        before.within(name);
    }
    field
}
