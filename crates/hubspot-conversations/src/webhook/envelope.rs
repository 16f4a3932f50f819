//! The fields of every event.

use std::borrow::Cow;
use std::collections::HashMap;
use std::str::FromStr;

use crate::debug::debug_shows;
use chrono::{DateTime, Utc};
use hubspot_conversations_api::LeftOut;
use serde_json::Value;
use serde_json::value::RawValue;

/// The fields of every event.
///
/// Reading it cannot fail: a missing or malformed field is `None`, and is in [`json`](Self::json) as
/// received. Custom channels send fewer fields than subscriptions.
#[derive(Clone)]
#[non_exhaustive]
pub struct Envelope {
    /// HubSpot's name of the event: the `subscriptionType` of a subscription, which is also
    /// documented as `eventType`, or the `type` of a custom channel's event.
    pub kind: Option<String>,
    /// HubSpot documents that it is not unique. [`Event::key`](super::Event::key) is.
    pub event_id: Option<String>,
    /// The subscription that it is sent for.
    pub subscription_id: Option<u64>,
    /// The HubSpot account.
    pub portal_id: Option<u64>,
    /// The app that subscribed.
    pub app_id: Option<u64>,
    /// When it happened: `occurredAt`, or `eventTimestamp` of a custom channel. Events arrive in
    /// any order.
    pub occurred_at: Option<DateTime<Utc>>,
    /// How many deliveries failed before this one.
    pub attempt_number: Option<u32>,
    /// The kind of program or person that caused it.
    pub change_source: Option<String>,
    /// The kind of change.
    pub change_flag: Option<String>,
    /// Who made it happen.
    pub source_id: Option<String>,
    json: Box<RawValue>,
    left_out: Vec<LeftOut>,
}

impl Envelope {
    pub(super) fn read(json: Box<RawValue>) -> Self {
        let fields = Fields::of(&json);
        Self {
            kind: ["subscriptionType", "eventType", "type"]
                .into_iter()
                .find_map(|name| fields.text(name)),
            event_id: fields.text("eventId"),
            subscription_id: fields.number("subscriptionId"),
            portal_id: fields.number("portalId"),
            app_id: fields.number("appId"),
            occurred_at: fields.time("occurredAt").or_else(|| fields.time("eventTimestamp")),
            attempt_number: fields.number("attemptNumber"),
            change_source: fields.text("changeSource"),
            change_flag: fields.text("changeFlag"),
            source_id: fields.text("sourceId"),
            json,
            left_out: Vec::new(),
        }
    }

    pub(super) fn set_left_out(&mut self, left_out: Vec<LeftOut>) {
        self.left_out = left_out;
    }

    /// The event byte for byte as HubSpot sent it.
    pub fn json(&self) -> &RawValue {
        &self.json
    }

    /// The places of the event that could not be read: see [`Event::left_out`](super::Event::left_out).
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }
}

debug_shows!(Envelope: kind, event_id, subscription_id, portal_id, app_id, occurred_at, attempt_number);

impl PartialEq for Envelope {
    fn eq(&self, other: &Self) -> bool {
        self.json.get() == other.json.get()
    }
}

/// The fields of an object, each as received, so that a flaw in one costs no other.
struct Fields<'a>(HashMap<Cow<'a, str>, &'a RawValue>);

impl<'a> Fields<'a> {
    /// None at all if it is no object.
    fn of(json: &'a RawValue) -> Self {
        Self(serde_json::from_str(json.get()).unwrap_or_default())
    }

    /// A string, or a number as it is written.
    fn text(&self, name: &str) -> Option<String> {
        let json = self.0.get(name)?.get();
        match serde_json::from_str(json).ok()? {
            Value::String(text) => Some(text),
            Value::Number(_) => Some(json.to_owned()),
            _ => None,
        }
    }

    fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }

    /// Milliseconds since 1970, or a time as the rest of the API writes it.
    fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        let text = self.text(name)?;
        match text.parse() {
            Ok(milliseconds) => DateTime::from_timestamp_millis(milliseconds),
            Err(_) => text.parse().ok(),
        }
    }
}
