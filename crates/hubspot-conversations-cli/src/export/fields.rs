//! The fields of a record, each read by itself: one of an odd shape costs no other.

use std::borrow::Cow;

use super::members::{elements, members, text};

/// A field has another shape than an id or a list of objects has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Odd;

/// The fields of an object as received. `null` is absence; of several fields of a name, the last counts.
pub(super) struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    /// `None` if it is not an object.
    pub(super) fn of(json: &'a str) -> Option<Self> {
        members(json).map(|_| Self(json))
    }

    /// A field of any shape.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let fields = members(self.0)?.filter(|(found, _)| found == name);
        fields.last().map(|(_, value)| value).filter(|value| *value != "null")
    }

    pub(super) fn id(&self, name: &str) -> Result<Option<Cow<'a, str>>, Odd> {
        self.get(name).map_or(Ok(None), id)
    }
}

/// The id that a value is, which HubSpot sends as a string or as a number, however long. `null` and an
/// empty string are none.
pub(super) fn id(value: &str) -> Result<Option<Cow<'_, str>>, Odd> {
    if value == "null" {
        return Ok(None);
    }
    let is_whole = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
    let id = match text(value) {
        Some(text) => text,
        None if is_whole(value.strip_prefix('-').unwrap_or(value)) => Cow::Borrowed(value),
        None => return Err(Odd),
    };
    Ok(Some(id).filter(|id| !id.is_empty()))
}

/// The elements of a value that are not `null`, each as received. `null` is an empty array.
pub(super) fn elements_of(value: &str) -> Result<impl Iterator<Item = &str>, Odd> {
    let array = if value == "null" { "[]" } else { value };
    Ok(elements(array).ok_or(Odd)?.filter(|element| *element != "null"))
}

/// The id of a record.
pub(super) fn id_of<T: for<'id> From<&'id str>>(json: &str) -> Option<T> {
    Fields::of(json)?.id("id").ok()?.as_deref().map(T::from)
}

#[cfg(test)]
mod tests {
    use super::{Fields, Odd, elements_of, id};

    #[test]
    fn an_odd_field_costs_itself() {
        let json = r#"{"a":1e999,"b":true,"c":[null,1,{}],"d":{},"e":"A-1","\u0065":"A-2","f":null,"g":""}"#;
        let fields = Fields::of(json).unwrap();
        let id = |name| fields.id(name).map(|id| id.map(|id| id.into_owned()));
        for name in ["a", "b", "c", "d"] {
            assert_eq!(id(name), Err(Odd), "{name}");
        }
        assert_eq!(id("e"), Ok(Some("A-2".to_owned())));
        assert_eq!((id("f"), id("g"), id("h")), (Ok(None), Ok(None), Ok(None)));
        let elements = |name| {
            let value = fields.get(name).unwrap_or("null");
            elements_of(value).map(|elements| elements.collect::<Vec<_>>())
        };
        assert_eq!(elements("c"), Ok(vec!["1", "{}"]));
        assert_eq!((elements("d"), elements("f")), (Err(Odd), Ok(vec![])));
        assert!(Fields::of(r#"["A-1"]"#).is_none());
    }

    #[test]
    fn an_id_is_a_string_or_a_whole_number() {
        let long = "123456789012345678901234567890";
        for (json, expected) in
            [(r#""A-1""#, "A-1"), ("17", "17"), ("-1", "-1"), (r#""\u0041""#, "A"), (long, long)]
        {
            assert_eq!(id(json).unwrap().as_deref(), Some(expected));
        }
        for json in ["1.5", "true", "{}", "[]"] {
            assert_eq!(id(json), Err(Odd), "{json}");
        }
    }
}
