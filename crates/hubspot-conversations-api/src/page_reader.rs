//! Reads a page: its items up to a limit, and the other fields leniently.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::LeftOut;
use crate::decode::DecodeError;
use crate::left_out::Reading;
use crate::next_cursor::NextCursor;
use crate::page::{Item, Page};
use crate::read::{Read, read_part};

/// Maximum number of items of a page. An empty item takes 2 bytes on the wire and 48 in memory.
pub(crate) const MAX_ITEMS: usize = 10_000;

/// The error for a page with more.
const TOO_LONG: &str = "a page of more than 10000 items";

/// Whether a page was rejected because it has too many items.
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
        let (mut total, mut paging) = (Beside::default(), Beside::default());
        while let Some(field) = map.next_key()? {
            match field {
                Field::Results if results.is_some() => {
                    return Err(de::Error::duplicate_field("results"));
                }
                Field::Results => results = Some(map.next_value_seed(Results(PhantomData))?),
                Field::Total => total.set(map.next_value()?),
                Field::Paging => paging.set(map.next_value()?),
                Field::Other => {
                    map.next_value::<de::IgnoredAny>()?;
                }
            }
        }
        let results = results.ok_or_else(|| de::Error::missing_field("results"))?;
        let mut left_out = Vec::new();
        let (total, others) = total.read("total");
        left_out.extend(others);
        let next = paging.json.as_deref().map(|json| NextCursor::read(json, &mut left_out));
        let (paging, others) = paging.read("paging");
        // Flaws of the cursor, and of `paging` as a whole, have been reported already.
        left_out.extend(others.into_iter().filter(|other| {
            other.found() == SEVERAL
                || other.path().starts_with("paging.") && !other.path().starts_with("paging.next")
        }));
        Ok(Page { total, results, paging, next: next.unwrap_or_default(), left_out })
    }
}

/// The type reported for a duplicate field.
const SEVERAL: &str = "several";

/// A field beside the items, as JSON. Of duplicates, the last counts.
#[derive(Default)]
struct Beside {
    json: Option<Box<RawValue>>,
    is_repeated: bool,
}

impl Beside {
    fn set(&mut self, json: Box<RawValue>) {
        self.is_repeated |= self.json.replace(json).is_some();
    }

    /// The value, and the places left out of it.
    fn read<T: Read>(&self, name: &str) -> (Option<T>, Vec<LeftOut>) {
        let reading = Reading::begin();
        let value = self.json.as_deref().and_then(|json| read_part(json.get()).ok().flatten());
        let mut left_out: Vec<_> =
            reading.take().into_iter().map(|other| other.within(name)).collect();
        if self.is_repeated {
            left_out.push(LeftOut::new(name, "one value", SEVERAL));
        }
        (value, left_out)
    }
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
