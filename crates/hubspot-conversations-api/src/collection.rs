//! Lenient readers of lists and maps: only unreadable elements are left out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;

use crate::budget;
use crate::left_out::{self, Mark};
use crate::read::{Part, Read, next_element};

/// Maximum number of elements of a list or a map.
const MAX_ELEMENTS: usize = 10_000;

const MORE: &str = "more";

/// Checks whether a list or map with this many elements may have another one.
///
/// # Errors
///
/// The limit that is reached.
fn make_room(elements: usize) -> Result<(), &'static str> {
    if elements >= MAX_ELEMENTS {
        Err("at most 10000 elements")
    } else if !budget::take_element() {
        Err("at most 100000 elements in all lists together")
    } else {
        Ok(())
    }
}

impl<T: Read> Read for Vec<T> {
    const EXPECTED: &'static str = "an array";

    fn from_array<'de, A: SeqAccess<'de>>(mut array: A) -> Result<Option<Self>, A::Error> {
        let begin = Mark::here();
        let mut elements = Vec::new();
        loop {
            let before = budget::left();
            if let Err(at_most) = make_room(elements.len()) {
                if array.next_element::<IgnoredAny>()?.is_some() {
                    left_out::note(at_most, MORE);
                    while array.next_element::<IgnoredAny>()?.is_some() {}
                }
                break;
            }
            match next_element(&mut array, begin)? {
                Some(Some(element)) => elements.push(element),
                Some(None) => budget::restore(before),
                None => {
                    budget::restore(before);
                    break;
                }
            }
        }
        Ok(Some(elements))
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    const EXPECTED: &'static str = "an object";

    /// A key whose value is `null` is omitted.
    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        let begin = Mark::here();
        let mut values = Self::new();
        while let Some(key) = object.next_key()? {
            if let Err(at_most) = make_room(values.len()) {
                left_out::note(at_most, MORE);
                object.next_value::<IgnoredAny>()?;
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                break;
            }
            let before = Mark::here();
            let value = object.next_value_seed(Part::new())?;
            before.without_repetition(begin);
            values.extend(value.map(|value| (key, value)));
        }
        Ok(Some(values))
    }
}

impl<T: Read> Read for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(T::read(deserializer)?.map(Self::new))
    }
}

/// An element or value that may be `null`.
impl<T: Read> Read for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::read(deserializer).map(Some)
    }
}

/// Arbitrary JSON, nested no deeper than serde_json's limit.
impl Read for serde_json::Value {
    const EXPECTED: &'static str = "JSON that is not nested too deeply";

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        if !budget::take_value(json.get().len()) {
            left_out::note("at most 1 MiB of JSON in all such fields together", MORE);
            return Ok(None);
        }
        match serde_json::from_str(json.get()) {
            Ok(Self::Null) => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(_) => {
                left_out::note(Self::EXPECTED, "JSON that is");
                Ok(None)
            }
        }
    }
}

impl Read for serde_json::Map<String, serde_json::Value> {
    const EXPECTED: &'static str = "an object";

    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        let begin = Mark::here();
        let mut values = Self::new();
        while let Some(key) = object.next_key()? {
            if let Err(at_most) = make_room(values.len()) {
                left_out::note(at_most, MORE);
                object.next_value::<IgnoredAny>()?;
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                break;
            }
            let before = Mark::here();
            let value = object.next_value_seed(Part::<serde_json::Value>::new())?;
            before.without_repetition(begin);
            values.insert(key, value.unwrap_or_default());
        }
        Ok(Some(values))
    }
}
