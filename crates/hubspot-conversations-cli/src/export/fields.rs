//! The fields of a record, each read by itself: one of an odd shape costs no other.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::known_id::KnownId;

/// An object. Derived readers accept an array of the values in its place.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// A field has another shape than an id or a list of objects has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Odd;

/// The fields of an object as received. `null` is absence.
pub(super) struct Fields<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    /// `None` if it is not an object.
    pub(super) fn of(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok().map(Self)
    }

    /// A field of any shape.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(|value| value.get()).filter(|value| *value != "null")
    }

    pub(super) fn id(&self, name: &str) -> Result<Option<KnownId<'a>>, Odd> {
        self.get(name).map(|value| KnownId::read(value).ok_or(Odd)).transpose()
    }

    /// The elements of an array that are not `null`, each as received.
    pub(super) fn elements(&self, name: &str) -> Result<impl Iterator<Item = &'a str>, Odd> {
        let elements: Vec<Option<&RawValue>> = match self.get(name) {
            Some(value) => serde_json::from_str(value).map_err(|_| Odd)?,
            None => Vec::new(),
        };
        Ok(elements.into_iter().flatten().map(RawValue::get))
    }
}

/// The id of a record.
pub(super) fn id_of<T: for<'id> From<&'id str>>(json: &str) -> Option<T> {
    let id = Fields::of(json)?.id("id").ok()??;
    Some(id.as_str()).filter(|id| !id.is_empty()).map(T::from)
}

#[cfg(test)]
mod tests {
    use super::{Fields, Odd};

    #[test]
    fn an_odd_field_costs_itself() {
        let json =
            r#"{"a":1e999,"b":"\ud83d","c":[null,1,{}],"d":{},"e":"A-1","e":"A-2","f":null}"#;
        let fields = Fields::of(json).unwrap();
        let id = |name| fields.id(name).map(|id| id.map(|id| id.as_str().to_owned()));
        for name in ["a", "b", "c", "d"] {
            assert_eq!(id(name), Err(Odd), "{name}");
        }
        assert_eq!(id("e"), Ok(Some("A-2".to_owned())));
        assert_eq!((id("f"), id("g")), (Ok(None), Ok(None)));
        let elements = |name| fields.elements(name).map(|elements| elements.collect::<Vec<_>>());
        assert_eq!(elements("c"), Ok(vec!["1", "{}"]));
        assert_eq!((elements("d"), elements("f")), (Err(Odd), Ok(vec![])));
        assert!(Fields::of(r#"["A-1"]"#).is_none());
    }
}
