//! An entry of a history, read field by field, so that a flaw costs the field it is in.

use chrono::{DateTime, Utc};
use hubspot_conversations_api as api;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::types::{ActorId, MessageId};

/// An entry, with the fields that answering and finding need still as JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    type_: Option<&'a RawValue>,
    #[serde(borrow)]
    created_at: Option<&'a RawValue>,
    #[serde(borrow)]
    direction: Option<&'a RawValue>,
    #[serde(borrow)]
    senders: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) channel_id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) channel_account_id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) subject: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) text: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) rich_text: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) truncation_status: Option<&'a RawValue>,
}

/// A sender, still as JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sender<'a> {
    #[serde(borrow)]
    pub(super) actor_id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) delivery_identifier: Option<&'a RawValue>,
}

/// A field that may be missing or have another shape than the API documents.
#[derive(Debug, PartialEq)]
pub(super) enum Field<T> {
    Present(T),
    /// Missing or `null`.
    Absent,
    /// Of another shape.
    Unreadable,
}

impl<T> Field<T> {
    /// The value, or the reason why it is missing.
    pub(super) fn require(
        self,
        absent: &'static str,
        unreadable: &'static str,
    ) -> Result<T, &'static str> {
        match self {
            Self::Present(value) => Ok(value),
            Self::Absent => Err(absent),
            Self::Unreadable => Err(unreadable),
        }
    }

    /// The value, if it can be read.
    pub(super) fn present(&self) -> Option<&T> {
        match self {
            Self::Present(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

/// The type of an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Message,
    Comment,
    /// A welcome message, or something that happened to the thread.
    Event,
    /// A type that is not known here.
    Other,
    /// No type, or one that cannot be read.
    Unknown,
}

/// The direction of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Direction {
    Incoming,
    Outgoing,
    /// No direction, or one that is not known here.
    Unknown,
}

impl<'a> Entry<'a> {
    /// Reads an entry. `None` if it is not an object with readable fields.
    pub(super) fn read(json: &'a str) -> Option<Self> {
        object(json)
    }

    pub(super) fn id(&self) -> Option<MessageId> {
        id(self.id).present().cloned()
    }

    pub(super) fn created_at(&self) -> Field<DateTime<Utc>> {
        read(self.created_at, |json| api::time_from_str(json).ok())
    }

    pub(super) fn kind(&self) -> Kind {
        let Field::Present(type_) = text(self.type_) else { return Kind::Unknown };
        match type_.as_str() {
            "MESSAGE" => Kind::Message,
            "COMMENT" => Kind::Comment,
            "WELCOME_MESSAGE" | "ASSIGNMENT" | "THREAD_STATUS_CHANGE" | "THREAD_INBOX_CHANGE" => {
                Kind::Event
            }
            _ => Kind::Other,
        }
    }

    pub(super) fn direction(&self) -> Direction {
        match text(self.direction) {
            Field::Present(direction) if direction == "INCOMING" => Direction::Incoming,
            Field::Present(direction) if direction == "OUTGOING" => Direction::Outgoing,
            _ => Direction::Unknown,
        }
    }

    /// Whether it has nothing that a message or a comment has.
    pub(super) fn is_without_text_and_direction(&self) -> bool {
        [self.text, self.rich_text, self.direction].into_iter().all(is_absent)
    }

    /// The senders, those that cannot be read as `None`.
    pub(super) fn senders(&self) -> Field<Vec<Option<Sender<'a>>>> {
        let Some(senders) = self.senders else { return Field::Absent };
        match serde_json::from_str::<Vec<&RawValue>>(senders.get()) {
            Ok(senders) => Field::Present(senders.iter().map(|json| object(json.get())).collect()),
            Err(_) => Field::Unreadable,
        }
    }

    /// Whether all senders are known and of the team: agents, bots, HubSpot itself.
    pub(super) fn is_from_team(&self) -> bool {
        let Field::Present(senders) = self.senders() else { return false };
        let is_team = |sender: &Option<Sender<'_>>| {
            let actor = sender.as_ref().map(|sender| id::<ActorId>(sender.actor_id));
            let Some(Field::Present(actor)) = actor else { return false };
            ["A-", "B-", "L-", "S-"].iter().any(|prefix| actor.as_str().starts_with(prefix))
        };
        !senders.is_empty() && senders.iter().all(is_team)
    }
}

/// Reads an object. Unlike serde itself it takes no array for one.
pub(super) fn object<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    json.trim_start().starts_with('{').then(|| serde_json::from_str(json).ok()).flatten()
}

/// Reads a string.
pub(super) fn text(json: Option<&RawValue>) -> Field<String> {
    read(json, |json| api::from_str(json).ok())
}

/// Reads an id, like the ids of records. An empty one counts as missing.
pub(super) fn id<T: DeserializeOwned + AsRef<str>>(json: Option<&RawValue>) -> Field<T> {
    match read(json, |json| api::from_str::<T>(json).ok()) {
        Field::Present(id) if id.as_ref().trim().is_empty() => Field::Absent,
        id => id,
    }
}

fn read<T>(json: Option<&RawValue>, read: impl FnOnce(&str) -> Option<T>) -> Field<T> {
    match json {
        Some(json) if !is_absent(Some(json)) => {
            read(json.get()).map_or(Field::Unreadable, Field::Present)
        }
        _ => Field::Absent,
    }
}

fn is_absent(json: Option<&RawValue>) -> bool {
    json.is_none_or(|json| json.get() == "null")
}

/// An id as an error may show it: one that looks like none could be a customer's words.
pub(super) fn shown(id: &MessageId) -> &str {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let id = id.as_str();
    if id.len() <= 64 && id.bytes().all(is_plain) { id } else { "…" }
}
