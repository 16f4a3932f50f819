//! A record with its JSON as received.

use std::fmt;
use std::ops::Deref;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::decode::{DecodeError, from_slice_with_left_out};
use crate::{Error, LeftOut};

/// A record that HubSpot returned.
///
/// It dereferences to `T`. It also keeps the [JSON as received](Self::json), which can contain
/// fields unknown to this version of the crate, and lists [the places that could not be
/// read](Self::left_out). It serializes as the JSON received.
#[derive(Clone)]
pub struct Received<T> {
    value: T,
    json: Box<RawValue>,
    left_out: Vec<LeftOut>,
}

impl<T> Received<T> {
    /// The record's JSON, byte for byte as received.
    pub fn json(&self) -> &RawValue {
        &self.json
    }

    /// The places of the JSON that could not be read. They are absent from the typed value.
    ///
    /// A place is listed once for each type found there, however often it occurs.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// The typed value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the record if this field of its JSON is a number or a nonempty string.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] if it does not.
    pub fn with_field(self, field: &str) -> Result<Self, Error> {
        let json: Value = serde_json::from_str(self.json.get()).unwrap_or_default();
        let is_there = match &json[field] {
            Value::String(text) => !text.trim().is_empty(),
            Value::Number(_) => true,
            _ => false,
        };
        if is_there {
            return Ok(self);
        }
        Err(Error::unreadable(DecodeError::missing(field), self.json.get().as_bytes(), true))
    }

    /// The same record with another typed value.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Received<U> {
        Received { value: map(self.value), json: self.json, left_out: self.left_out }
    }
}

impl<T> Received<T> {
    /// The same record, with these places, left out before it was read, added.
    pub(crate) fn with(mut self, left_out: Vec<LeftOut>) -> Self {
        self.left_out.extend(left_out);
        self
    }
}

impl<T: DeserializeOwned> Received<T> {
    /// Reads a record.
    ///
    /// # Errors
    ///
    /// If the JSON does not match the document. The error names the place.
    pub fn read(json: Box<RawValue>) -> Result<Self, DecodeError> {
        let (value, left_out) = from_slice_with_left_out(json.get().as_bytes())?;
        Ok(Self { value, json, left_out })
    }
}

impl<T> Deref for Received<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> AsRef<T> for Received<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Received<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Received<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("value", &self.value)
            .field("left_out", &self.left_out)
            .finish_non_exhaustive()
    }
}

impl<T> Serialize for Received<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}
