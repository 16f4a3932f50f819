//! The identity of an event.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::Envelope;
use super::event::{
    ACCOUNT_CREATED, ACCOUNT_PURGED, ACCOUNT_UPDATED, CREATION, DELETION, Event, NEW_MESSAGE,
    OUTGOING_MESSAGE, PRIVACY_DELETION, PROPERTY_CHANGE,
};
use crate::types::{ChannelId, DeliveryIdentifier, Message, MessageId};

/// Identifies an event. It is the same for every delivery: again after a failure, or for a second
/// subscription.
///
/// It is the SHA-256 of a JSON array without spaces; `Display` writes it as hexadecimal digits. It does
/// not change between versions of this crate, so it can be stored. The array contains
///
/// | event | fields |
/// |---|---|
/// | a thread created, or deleted for good | kind, `portalId`, `objectId` |
/// | a thread deleted, which can be restored and deleted again | kind, `portalId`, `objectId`, `occurredAt` |
/// | a property changed | kind, `portalId`, `objectId`, `occurredAt`, `propertyName`, `propertyValue` |
/// | a new message | kind, `portalId`, `messageId` |
/// | a message of a custom channel | kind, `portalId`, the message's `id` |
/// | an account of a custom channel created or purged | kind, `portalId`, `channelAccountId` |
/// | an account of a custom channel updated | kind, `portalId`, `channelAccountId`, `eventTimestamp` |
///
/// with `portalId` and times (in milliseconds) as numbers, all else as strings, and missing values as
/// `null`. It omits `eventId`, which HubSpot documents as not unique, `attemptNumber`, and
/// `subscriptionId`.
///
/// For any other event, one without the identifying time or id, and one that differs from HubSpot's
/// documentation, it is the SHA-256 of the event's object without `attemptNumber`, with sorted keys and
/// values as received. Two subscriptions may then have two keys: handling an event twice is better than
/// missing it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey([u8; 32]);

impl EventKey {
    /// The thirty-two bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn of(event: &Event) -> Self {
        let identity = identity(event).filter(|_| is_documented(event));
        let text = identity.unwrap_or_else(|| without_attempt(event.envelope().json()));
        Self(Sha256::digest(text).into())
    }
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventKey({self})")
    }
}

/// The identifying array. `None` if the event has none.
fn identity(event: &Event) -> Option<String> {
    let envelope = event.envelope();
    let portal = envelope.portal_id;
    let time = || envelope.occurred_at.map(|time| time.timestamp_millis());
    let array = match event {
        Event::ThreadCreated(event) => json!([CREATION, portal, event.thread_id]),
        Event::ThreadDeleted(event) => json!([DELETION, portal, event.thread_id, time()?]),
        Event::ThreadPrivacyDeleted(event) => json!([PRIVACY_DELETION, portal, event.thread_id]),
        Event::PropertyChanged(event) => json!([
            PROPERTY_CHANGE,
            portal,
            event.thread_id,
            time()?,
            event.property_name,
            event.property_value
        ]),
        Event::NewMessage(event) => json!([NEW_MESSAGE, portal, event.message_id]),
        Event::OutgoingChannelMessage(event) => {
            json!([OUTGOING_MESSAGE, portal, known_id(&event.message)?])
        }
        Event::ChannelAccountCreated(event) => {
            json!([ACCOUNT_CREATED, portal, event.channel_account_id])
        }
        Event::ChannelAccountUpdated(event) => {
            json!([ACCOUNT_UPDATED, portal, event.channel_account_id, time()?])
        }
        Event::ChannelAccountPurged(event) => {
            json!([ACCOUNT_PURGED, portal, event.channel_account_id])
        }
        Event::Unrecognized(_) | Event::Unreadable(_) => return None,
    };
    Some(array.to_string())
}

/// The id of a message. Those of kinds that this version does not know count as none.
fn known_id(message: &Message) -> Option<&MessageId> {
    match message {
        Message::Unrecognized(_) => None,
        message => message.id(),
    }
}

/// Whether the other fields have the documented types. Reading is more lenient than this, which must not
/// change because keys must not.
fn is_documented(event: &Event) -> bool {
    match event {
        Event::PropertyChanged(event) => is_read::<PropertyChange>(&event.envelope),
        Event::NewMessage(event) => is_read::<NewMessage>(&event.envelope),
        Event::OutgoingChannelMessage(event) => is_read::<ChannelMessage>(&event.envelope),
        Event::ChannelAccountCreated(event)
        | Event::ChannelAccountUpdated(event)
        | Event::ChannelAccountPurged(event) => is_read::<ChannelAccount>(&event.envelope),
        _ => true,
    }
}

fn is_read<T: DeserializeOwned>(envelope: &Envelope) -> bool {
    serde_json::from_str::<T>(envelope.json().get()).is_ok()
}

#[derive(Deserialize)]
struct PropertyChange {
    #[serde(rename = "propertyName")]
    _property_name: String,
}

#[derive(Deserialize)]
struct NewMessage {
    #[serde(rename = "messageType")]
    _message_type: Option<String>,
}

#[derive(Deserialize)]
struct ChannelMessage {
    #[serde(rename = "channelId")]
    _channel_id: Option<ChannelId>,
    #[serde(rename = "channelIntegrationThreadIds")]
    _channel_integration_thread_ids: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct ChannelAccount {
    #[serde(rename = "channelId")]
    _channel_id: Option<ChannelId>,
    #[serde(rename = "channelAccountDeliveryIdentifier")]
    _delivery_identifier: Option<DeliveryIdentifier>,
}

fn without_attempt(json: &RawValue) -> String {
    let Ok(mut fields) = serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(json.get())
    else {
        return json.get().to_owned();
    };
    fields.remove("attemptNumber");
    serde_json::to_string(&fields).expect("what was JSON is JSON again")
}
