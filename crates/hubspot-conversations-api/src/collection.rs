//! Readings of lists and maps, which lose no more than the elements that cannot be read.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess};
use serde_json::value::RawValue;

use crate::left_out::{self, Mark};
use crate::read::{Part, Read, next_element};

impl<T: Read> Read for Vec<T> {
    const EXPECTED: &'static str = "an array";

    fn from_array<'de, A: SeqAccess<'de>>(mut array: A) -> Result<Option<Self>, A::Error> {
        let begin = Mark::here();
        let mut elements = Vec::new();
        while let Some(element) = next_element(&mut array, begin)? {
            elements.extend(element);
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
