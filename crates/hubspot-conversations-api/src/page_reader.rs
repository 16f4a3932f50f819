//! Reading a page: its items within a limit, and the rest of it as far as it can be read.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::LeftOut;
use crate::decode::{self, DecodeError, from_slice_with_left_out};
use crate::next_cursor::NextCursor;
use crate::page::{Item, Page};
use crate::types::Paging;

/// The most items of a page. An empty one takes 2 bytes on the wire and 48 in memory.
pub(crate) const MAX_ITEMS: usize = 10_000;

/// What a page with more is said to be.
const TOO_LONG: &str = "a page of more than 10000 items";

/// Whether a page was not read because it has too many items.
pub(crate) fn is_too_long(error: &DecodeError) -> bool {
    error.reason() == TOO_LONG
}

impl<'de, T> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PageVisitor(PhantomData))
    }
}

struct PageVisitor<T>(PhantomData<T>);

impl<'de, T> Visitor<'de> for PageVisitor<T> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Page<T>, A::Error> {
        #[derive(Deserialize)]
        #[serde(field_identifier, rename_all = "camelCase")]
        enum Field {
            Total,
            Results,
            Paging,
            #[serde(other)]
            Other,
        }

        let mut results = None;
        let (mut total, mut paging, mut next) = (None, None, NextCursor::None);
        let mut left_out = Vec::new();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Results if results.is_some() => {
                    return Err(de::Error::duplicate_field("results"));
                }
                Field::Results => results = Some(map.next_value_seed(Results(PhantomData))?),
                Field::Total => {
                    let json: Box<RawValue> = map.next_value()?;
                    total = read_total(&json, &mut left_out);
                }
                Field::Paging => {
                    let json: Box<RawValue> = map.next_value()?;
                    next = NextCursor::read(&json, &mut left_out);
                    paging = read_paging(&json, &mut left_out);
                }
                Field::Other => {
                    map.next_value::<de::IgnoredAny>()?;
                }
            }
        }
        let results = results.ok_or_else(|| de::Error::missing_field("results"))?;
        Ok(Page { total, results, paging, next, left_out })
    }
}

/// Reads a whole number, also one that is written as a string.
fn read_total(json: &RawValue, left_out: &mut Vec<LeftOut>) -> Option<i64> {
    let digits = json.get().trim_matches('"');
    let number = digits.parse().ok();
    if number.is_none() && json.get() != "null" {
        left_out.push(LeftOut::new("total", "a whole number", decode::kind(json.get())));
    }
    number
}

/// Reads what there is beside the cursor.
fn read_paging(json: &RawValue, left_out: &mut Vec<LeftOut>) -> Option<Paging> {
    let (paging, others) = from_slice_with_left_out::<Paging>(json.get().as_bytes()).ok()?;
    let others = others.into_iter().filter(|other| !other.path().starts_with("next"));
    left_out.extend(others.map(|other| other.within("paging")));
    Some(paging)
}

/// The items: an array, or `null` for an empty one.
struct Results<T>(PhantomData<T>);

impl<'de, T> DeserializeSeed<'de> for Results<T> {
    type Value = Vec<Item<T>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T> Visitor<'de> for Results<T> {
    type Value = Vec<Item<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = elements.next_element()? {
            if items.len() == MAX_ITEMS {
                return Err(de::Error::custom(DecodeError::message_of(TOO_LONG)));
            }
            items.push(item);
        }
        Ok(items)
    }
}
