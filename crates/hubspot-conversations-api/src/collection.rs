//! Readings of lists and maps, which lose no more than the elements that cannot be read.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;

use crate::left_out::{self, Mark};
use crate::read::{Part, Read, next_element};

/// The most elements of a list and values of a map. One of 3 bytes can take hundreds in memory.
const MAX_ELEMENTS: usize = 10_000;

/// The longest JSON that is read as any JSON, in bytes. It takes many times as much in memory.
const MAX_VALUE: usize = 1024 * 1024;

const AT_MOST: &str = "at most 10000 elements";
const MORE: &str = "more";

impl<T: Read> Read for Vec<T> {
    const EXPECTED: &'static str = "an array";

    fn from_array<'de, A: SeqAccess<'de>>(mut array: A) -> Result<Option<Self>, A::Error> {
        let begin = Mark::here();
        let mut elements = Vec::new();
        while elements.len() < MAX_ELEMENTS {
            let Some(element) = next_element(&mut array, begin)? else { return Ok(Some(elements)) };
            elements.extend(element);
        }
        if array.next_element::<IgnoredAny>()?.is_some() {
            while array.next_element::<IgnoredAny>()?.is_some() {}
            left_out::note(AT_MOST, MORE);
        }
        Ok(Some(elements))
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    const EXPECTED: &'static str = "an object";

    /// A key without a value, which is `null`, is as good as none.
    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        let begin = Mark::here();
        let mut values = Self::new();
        while let Some(key) = object.next_key()? {
            if values.len() == MAX_ELEMENTS {
                object.next_value::<IgnoredAny>()?;
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                left_out::note(AT_MOST, MORE);
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

/// An element or a value that may be `null`.
impl<T: Read> Read for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::read(deserializer).map(Some)
    }
}

/// Any JSON there is, as long as it is nested no deeper than serde_json reads.
impl Read for serde_json::Value {
    const EXPECTED: &'static str = "JSON that is not nested too deeply";

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        if json.get().len() > MAX_VALUE {
            left_out::note("at most 1 MiB of JSON", MORE);
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
            let before = Mark::here();
            let value = object.next_value_seed(Part::<serde_json::Value>::new())?;
            before.without_repetition(begin);
            values.insert(key, value.unwrap_or_default());
        }
        Ok(Some(values))
    }
}
