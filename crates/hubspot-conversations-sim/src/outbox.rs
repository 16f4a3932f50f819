//! What happened, until it is handed to the webhooks.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{Message, MessageId};

use crate::choices;
use crate::custom_channels::channel_events::ChannelEvent;

/// What happened since it was taken the last time, in the order it did.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) threads: Vec<ThreadEvent>,
    pub(crate) channels: Vec<ChannelEvent>,
}

/// Something that happened to a thread.
#[derive(Clone, Debug)]
pub(crate) struct ThreadEvent {
    pub(crate) at: DateTime<Utc>,
    pub(crate) thread: u64,
    pub(crate) change: Change,
}

/// What it was.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// The thread began.
    Began,
    /// The thread was archived.
    Archived,
    /// The thread was deleted for good.
    Purged,
    /// A property of the thread has another value.
    Property { name: &'static str, value: String },
    /// The thread has a new message.
    Message { id: MessageId, type_: String },
}

impl Outbox {
    /// Something happened to a thread.
    pub(crate) fn thread_changed(&mut self, at: DateTime<Utc>, thread: u64, change: Change) {
        self.threads.push(ThreadEvent { at, thread, change });
    }

    /// A thread's history has a new entry. Only messages are told of.
    pub(crate) fn entry(&mut self, at: DateTime<Utc>, thread: u64, entry: &Message) {
        if let (true, Some(id), Some(type_)) = (choices::is_message(entry), entry.id(), entry.tag())
        {
            let change = Change::Message { id: id.clone(), type_: type_.to_owned() };
            self.thread_changed(at, thread, change);
        }
    }
}
