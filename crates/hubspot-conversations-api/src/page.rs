//! A page of a list, whose items are decoded one by one.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::decode::{self, DecodeError};
use crate::left_out;
use crate::next_cursor::NextCursor;
use crate::read::Read;
use crate::types::Paging;
use crate::{LeftOut, Received};

/// One page of a list.
///
/// Its items keep their JSON as received and are decoded on demand, so an unreadable item does not
/// affect the others, and unknown fields are preserved. A malformed value beside the items does not
/// fail the page: it is [left out](Self::left_out).
///
/// A page has at most 10,000 items. HubSpot's longest pages have 500.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(bound = "")]
#[non_exhaustive]
pub struct Page<T> {
    /// Number of items on all pages together, if the list reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(required))]
    pub total: Option<i64>,
    /// The items.
    pub results: Vec<Item<T>>,
    /// `paging` as read. Absent on the last page. Use [`next_cursor`](Self::next_cursor) to find
    /// out whether a page is the last one: it also handles a `paging` that is empty or unreadable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(required))]
    pub paging: Option<Paging>,
    #[serde(skip)]
    #[cfg_attr(feature = "schemars", schemars(skip))]
    pub(crate) next: NextCursor,
    #[serde(skip)]
    #[cfg_attr(feature = "schemars", schemars(skip))]
    pub(crate) left_out: Vec<LeftOut>,
}

impl<T> Page<T> {
    /// The cursor of the next page, unchanged. `None` if it is absent or unreadable.
    pub fn next_after(&self) -> Option<&str> {
        self.next_cursor().ok().flatten()
    }

    /// The cursor of the next page, unchanged. `None` on the last page.
    ///
    /// # Errors
    ///
    /// If HubSpot reports that the list continues, but the cursor cannot be read.
    pub fn next_cursor(&self) -> Result<Option<&str>, &LeftOut> {
        match &self.next {
            NextCursor::None => Ok(None),
            NextCursor::After(cursor) => Ok(Some(cursor)),
            NextCursor::Unusable(left_out) => Err(left_out),
        }
    }

    /// The places beside the items that could not be read, such as `paging.prev`.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }
}

/// One item of a page, as received.
pub struct Item<T> {
    json: Box<RawValue>,
    decoded: PhantomData<fn() -> T>,
}

impl<T> Item<T> {
    /// The item's JSON, byte for byte as received.
    pub fn json(&self) -> &RawValue {
        &self.json
    }

    /// The item's JSON, byte for byte as received.
    pub fn into_json(self) -> Box<RawValue> {
        self.json
    }
}

impl<T: DeserializeOwned> Item<T> {
    /// Reads the item.
    ///
    /// # Errors
    ///
    /// If the item does not match the document. The error names the place.
    pub fn decode(&self) -> Result<T, DecodeError> {
        decode::from_str(self.json.get())
    }

    /// Reads the item, and returns the places that were left out.
    ///
    /// # Errors
    ///
    /// If the item does not match the document. The error names the place.
    pub fn decode_with_left_out(&self) -> Result<(T, Vec<LeftOut>), DecodeError> {
        decode::from_slice_with_left_out(self.json.get().as_bytes())
    }

    /// Reads the item, and keeps its JSON.
    ///
    /// # Errors
    ///
    /// If the item does not match the document. The error names the place.
    pub fn received(self) -> Result<Received<T>, DecodeError> {
        Received::read(self.json)
    }
}

impl<T> From<Box<RawValue>> for Item<T> {
    fn from(json: Box<RawValue>) -> Self {
        Self { json, decoded: PhantomData }
    }
}

impl<T> Clone for Item<T> {
    fn clone(&self) -> Self {
        self.json.clone().into()
    }
}

impl<T> fmt::Debug for Item<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item").finish_non_exhaustive()
    }
}

impl<T> PartialEq for Item<T> {
    fn eq(&self, other: &Self) -> bool {
        self.json.get() == other.json.get()
    }
}

impl<T> Serialize for Item<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Item<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::deserialize(deserializer).map(Self::from)
    }
}

impl<T> Read for Item<T> {
    const EXPECTED: &'static str = "JSON";

    fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Self::deserialize(deserializer).map(Some)
    }
}

/// A page that is part of a value. If it cannot be read, it is left out.
impl<T> Read for Page<T> {
    const EXPECTED: &'static str = "a page of a list";

    fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let page = decode::from_str(json.get());
        if page.is_err() && json.get() != "null" {
            left_out::note(Self::EXPECTED, decode::kind(json.get()));
        }
        Ok(page.ok())
    }
}

#[cfg(feature = "schemars")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Item<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<T>()
    }
}
