//! Events.

use std::fmt;
use std::sync::LazyLock;

use hubspot_conversations_api::webhook::{
    ChannelAccountFields, ChannelMessageFields, NewMessageFields, PropertyChangeFields,
    ThreadFields,
};
use hubspot_conversations_api::{self as api, LeftOut};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Envelope, EventKey, MessageType, PropertyChange};
use crate::DecodeError;
use crate::left_out_log::LeftOutLog;
use crate::types::{ChannelAccountId, ChannelId, DeliveryIdentifier, Message, MessageId, ThreadId};

pub(super) const CREATION: &str = "conversation.creation";
pub(super) const DELETION: &str = "conversation.deletion";
pub(super) const PRIVACY_DELETION: &str = "conversation.privacyDeletion";
pub(super) const PROPERTY_CHANGE: &str = "conversation.propertyChange";
pub(super) const NEW_MESSAGE: &str = "conversation.newMessage";
pub(super) const OUTGOING_MESSAGE: &str = "OUTGOING_CHANNEL_MESSAGE_CREATED";
pub(super) const ACCOUNT_CREATED: &str = "CHANNEL_ACCOUNT_CREATED";
pub(super) const ACCOUNT_UPDATED: &str = "CHANNEL_ACCOUNT_UPDATED";
pub(super) const ACCOUNT_PURGED: &str = "CHANNEL_ACCOUNT_PURGED";

/// Something that happened. From [`events`](super::events).
///
/// Its [`envelope`](Self::envelope) keeps all of it as received. `Debug` shows ids, times and states.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// `conversation.creation`: a thread began.
    ThreadCreated(ThreadEvent),
    /// `conversation.deletion`: a thread was archived.
    ThreadDeleted(ThreadEvent),
    /// `conversation.privacyDeletion`: a thread was deleted for good.
    ThreadPrivacyDeleted(ThreadEvent),
    /// `conversation.propertyChange`: a thread was assigned, closed, reopened, archived or restored.
    PropertyChanged(PropertyChangeEvent),
    /// `conversation.newMessage`: a message or comment was added to a thread, also by your app.
    NewMessage(NewMessageEvent),
    /// `OUTGOING_CHANNEL_MESSAGE_CREATED`: an agent wrote through a custom channel, which is to
    /// deliver it.
    OutgoingChannelMessage(ChannelMessageEvent),
    /// `CHANNEL_ACCOUNT_CREATED`: a custom channel has one account more.
    ChannelAccountCreated(ChannelAccountEvent),
    /// `CHANNEL_ACCOUNT_UPDATED`: an account of a custom channel changed.
    ChannelAccountUpdated(ChannelAccountEvent),
    /// `CHANNEL_ACCOUNT_PURGED`: an account of a custom channel is gone.
    ChannelAccountPurged(ChannelAccountEvent),
    /// An event of a kind that this version of the crate does not know, or of none. Those of other
    /// objects, to which the app may be subscribed, are among them.
    Unrecognized(Envelope),
    /// An event of a known kind that is not what HubSpot documents.
    Unreadable(UnreadableEvent),
}

impl Event {
    pub(super) fn read(json: Box<RawValue>) -> Self {
        let is_object = json.get().starts_with('{');
        let envelope = Envelope::read(json);
        if !is_object {
            let unrecognized = |_: serde_json::Map<String, Value>, envelope| envelope;
            return read(envelope, unrecognized, Self::Unrecognized);
        }
        match envelope.kind.as_deref() {
            Some(CREATION) => read(envelope, ThreadEvent::new, Self::ThreadCreated),
            Some(DELETION) => read(envelope, ThreadEvent::new, Self::ThreadDeleted),
            Some(PRIVACY_DELETION) => read(envelope, ThreadEvent::new, Self::ThreadPrivacyDeleted),
            Some(PROPERTY_CHANGE) => {
                read(envelope, PropertyChangeEvent::new, Self::PropertyChanged)
            }
            Some(NEW_MESSAGE) => read(envelope, NewMessageEvent::new, Self::NewMessage),
            Some(OUTGOING_MESSAGE) => {
                read(envelope, ChannelMessageEvent::new, Self::OutgoingChannelMessage)
            }
            Some(ACCOUNT_CREATED) => {
                read(envelope, ChannelAccountEvent::new, Self::ChannelAccountCreated)
            }
            Some(ACCOUNT_UPDATED) => {
                read(envelope, ChannelAccountEvent::new, Self::ChannelAccountUpdated)
            }
            Some(ACCOUNT_PURGED) => {
                read(envelope, ChannelAccountEvent::new, Self::ChannelAccountPurged)
            }
            _ => Self::Unrecognized(envelope),
        }
    }

    /// The fields of every event, and the event as received.
    pub fn envelope(&self) -> &Envelope {
        match self {
            Self::ThreadCreated(event)
            | Self::ThreadDeleted(event)
            | Self::ThreadPrivacyDeleted(event) => &event.envelope,
            Self::PropertyChanged(event) => &event.envelope,
            Self::NewMessage(event) => &event.envelope,
            Self::OutgoingChannelMessage(event) => &event.envelope,
            Self::ChannelAccountCreated(event)
            | Self::ChannelAccountUpdated(event)
            | Self::ChannelAccountPurged(event) => &event.envelope,
            Self::Unrecognized(envelope) => envelope,
            Self::Unreadable(event) => &event.envelope,
        }
    }

    /// The thread it is about.
    pub fn thread_id(&self) -> Option<&ThreadId> {
        match self {
            Self::ThreadCreated(event)
            | Self::ThreadDeleted(event)
            | Self::ThreadPrivacyDeleted(event) => Some(&event.thread_id),
            Self::PropertyChanged(event) => Some(&event.thread_id),
            Self::NewMessage(event) => Some(&event.thread_id),
            Self::OutgoingChannelMessage(event) => event.message.conversations_thread_id(),
            Self::ChannelAccountCreated(_)
            | Self::ChannelAccountUpdated(_)
            | Self::ChannelAccountPurged(_)
            | Self::Unrecognized(_)
            | Self::Unreadable(_) => None,
        }
    }

    /// The left-out places of the event's own fields and of its message. Each is also logged, once.
    pub fn left_out(&self) -> &[LeftOut] {
        self.envelope().left_out()
    }

    /// Identifies the event in every delivery: see [`EventKey`].
    pub fn key(&self) -> EventKey {
        EventKey::of(self)
    }
}

/// The places that were logged. Events have no client, and all come from HubSpot.
static LOGGED: LazyLock<LeftOutLog> = LazyLock::new(LeftOutLog::default);

/// Reads the fields that only this kind of event has. If they cannot be read, the event is kept with
/// the reason.
fn read<T: DeserializeOwned, E>(
    mut envelope: Envelope,
    new: impl FnOnce(T, Envelope) -> E,
    event: impl FnOnce(E) -> Event,
) -> Event {
    match api::from_slice_with_left_out(envelope.json().get().as_bytes()) {
        Ok((fields, left_out)) => {
            let kind = envelope.kind.as_deref().unwrap_or_default();
            LOGGED.report(None, Some(kind), &left_out);
            envelope.set_left_out(left_out);
            event(new(fields, envelope))
        }
        Err(error) => Event::Unreadable(UnreadableEvent { error, envelope }),
    }
}

/// A thread began, was archived, or was deleted for good.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ThreadEvent {
    /// The thread: HubSpot's `objectId`.
    pub thread_id: ThreadId,
    /// The fields of every event.
    pub envelope: Envelope,
}

impl ThreadEvent {
    fn new(fields: ThreadFields, envelope: Envelope) -> Self {
        Self { thread_id: fields.object_id, envelope }
    }
}

/// A property of a thread changed.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct PropertyChangeEvent {
    /// The thread: HubSpot's `objectId`.
    pub thread_id: ThreadId,
    /// The property, in HubSpot's words.
    pub property_name: Option<String>,
    /// Its new value, as HubSpot writes it. [`change`](Self::change) reads it.
    pub property_value: Option<String>,
    /// The fields of every event.
    pub envelope: Envelope,
}

impl PropertyChangeEvent {
    fn new(fields: PropertyChangeFields, envelope: Envelope) -> Self {
        let property_value = fields.property_value.map(|value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        });
        Self {
            thread_id: fields.object_id,
            property_name: fields.property_name,
            property_value,
            envelope,
        }
    }

    /// The meaning of the change.
    pub fn change(&self) -> PropertyChange {
        let name = self.property_name.as_deref().unwrap_or_default();
        PropertyChange::of(name, self.property_value.as_deref())
    }
}

impl fmt::Debug for PropertyChangeEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PropertyChangeEvent")
            .field("thread_id", &self.thread_id)
            .field("property_name", &self.property_name)
            .field("change", &self.change())
            .field("envelope", &self.envelope)
            .finish_non_exhaustive()
    }
}

/// An entry was added to a thread. Read its text with [`Messages::get`](crate::Messages::get).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NewMessageEvent {
    /// The thread: HubSpot's `objectId`.
    pub thread_id: ThreadId,
    /// The message.
    pub message_id: MessageId,
    /// The type of the entry.
    pub message_type: Option<MessageType>,
    /// The fields of every event.
    pub envelope: Envelope,
}

impl NewMessageEvent {
    fn new(fields: NewMessageFields, envelope: Envelope) -> Self {
        Self {
            thread_id: fields.object_id,
            message_id: fields.message_id,
            message_type: fields.message_type.as_deref().map(MessageType::from),
            envelope,
        }
    }
}

/// A message that a custom channel is to deliver.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ChannelMessageEvent {
    /// The custom channel.
    pub channel_id: Option<ChannelId>,
    /// The thread's ids in the channel, if the channel has its own.
    pub channel_integration_thread_ids: Vec<String>,
    /// The message, whole.
    pub message: Box<Message>,
    /// The fields of every event.
    pub envelope: Envelope,
}

impl ChannelMessageEvent {
    fn new(fields: ChannelMessageFields, envelope: Envelope) -> Self {
        Self {
            channel_id: fields.channel_id,
            channel_integration_thread_ids: fields.channel_integration_thread_ids,
            message: fields.message,
            envelope,
        }
    }
}

impl fmt::Debug for ChannelMessageEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelMessageEvent")
            .field("channel_id", &self.channel_id)
            .field("message", &self.message)
            .field("envelope", &self.envelope)
            .finish_non_exhaustive()
    }
}

/// An account of a custom channel came, changed or went.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChannelAccountEvent {
    /// The account.
    pub channel_account_id: ChannelAccountId,
    /// Its custom channel.
    pub channel_id: Option<ChannelId>,
    /// The account's address.
    pub delivery_identifier: Option<DeliveryIdentifier>,
    /// The fields of every event.
    pub envelope: Envelope,
}

impl ChannelAccountEvent {
    fn new(fields: ChannelAccountFields, envelope: Envelope) -> Self {
        Self {
            channel_account_id: fields.channel_account_id,
            channel_id: fields.channel_id,
            delivery_identifier: fields.channel_account_delivery_identifier,
            envelope,
        }
    }
}

/// An event that could not be read. It costs no other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UnreadableEvent {
    /// The place that differs from HubSpot's documentation.
    pub error: DecodeError,
    /// The fields of every event, as far as they could be read.
    pub envelope: Envelope,
}
