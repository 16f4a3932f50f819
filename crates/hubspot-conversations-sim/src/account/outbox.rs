//! Events that have occurred and are not yet handed to the webhooks.

use std::fmt;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{Message, MessageId};

use crate::account::conversation::is_message;

/// The events since the outbox was last emptied, in order.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) threads: Vec<ThreadEvent>,
    pub(crate) channels: Vec<ChannelEvent>,
}

/// An event of a thread.
#[derive(Clone, Debug)]
pub(crate) struct ThreadEvent {
    pub(crate) at: DateTime<Utc>,
    pub(crate) thread: u64,
    pub(crate) change: Change,
}

/// What changed in a thread.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// The thread began.
    Began,
    /// The thread was archived.
    Archived,
    /// The thread was deleted permanently.
    Purged,
    /// A property of the thread has a new value.
    Property { name: &'static str, value: String },
    /// The thread has a new message.
    Message { id: MessageId, type_: String },
}

/// An event for the webhook of one custom channel.
pub(crate) struct ChannelEvent {
    pub(crate) channel: u64,
    pub(crate) url: String,
    pub(crate) type_: &'static str,
    /// The body of the webhook request.
    pub(crate) body: Vec<u8>,
}

// It prints neither the app's address nor the body.
impl fmt::Debug for ChannelEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelEvent").field("type_", &self.type_).finish_non_exhaustive()
    }
}

impl Outbox {
    pub(crate) fn thread_changed(&mut self, at: DateTime<Utc>, thread: u64, change: Change) {
        self.threads.push(ThreadEvent { at, thread, change });
    }

    /// A thread's history has a new entry. Only messages are reported.
    pub(crate) fn entry_added(&mut self, at: DateTime<Utc>, thread: u64, entry: &Message) {
        if let (true, Some(id), Some(type_)) = (is_message(entry), entry.id(), entry.tag()) {
            let change = Change::Message { id: id.clone(), type_: type_.to_owned() };
            self.thread_changed(at, thread, change);
        }
    }
}
