//! A thread with its history.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    ConversationsMessage, Message, MessageDirection, MessageId, OriginalContent, Thread,
    ThreadAssociations,
};

/// A thread with its history, and the parts that responses contain only on request.
#[derive(Clone, Debug)]
pub(crate) struct Conversation {
    /// The thread without its associations.
    pub(crate) thread: Thread,
    /// Returned only on request. `None` without a ticket.
    pub(crate) associations: Option<ThreadAssociations>,
    /// `None` if the thread is not archived.
    pub(crate) archived_at: Option<DateTime<Utc>>,
    /// The oldest entry first. Entries are never removed, so an index always means the same entry.
    history: Vec<Message>,
    /// The full content of the entries that are shown truncated.
    pub(crate) originals: BTreeMap<MessageId, OriginalContent>,
}

impl Conversation {
    pub(crate) fn new(thread: Thread) -> Self {
        Self {
            thread,
            associations: None,
            archived_at: None,
            history: Vec::new(),
            originals: BTreeMap::new(),
        }
    }

    pub(crate) fn history(&self) -> &[Message] {
        &self.history
    }

    pub(crate) fn entry(&self, id: &str) -> Option<&Message> {
        self.history.iter().find(|entry| entry.id().is_some_and(|other| other.as_str() == id))
    }

    /// The message with this id. The caller must not change its creation time.
    pub(crate) fn message_mut(&mut self, id: &str) -> Option<&mut ConversationsMessage> {
        self.history.iter_mut().find_map(|entry| match entry {
            Message::Message(message) if message.id.as_str() == id => Some(message),
            _ => None,
        })
    }

    /// Adds an entry at the end, and updates the thread's timestamps.
    pub(crate) fn append(&mut self, entry: Message) {
        let created_at = entry.created_at();
        if is_message(&entry) {
            self.thread.latest_message_timestamp = created_at;
        }
        if let Message::Message(message) = &entry {
            match message.direction {
                Some(MessageDirection::Incoming) => {
                    self.thread.latest_message_received_timestamp = created_at;
                }
                _ => self.thread.latest_message_sent_timestamp = created_at,
            }
        }
        self.history.push(entry);
    }

    /// Archives the thread and its history.
    pub(crate) fn archive(&mut self, now: DateTime<Utc>) {
        self.archived_at = Some(now);
        self.set_archived(true);
    }

    /// Restores the thread and its history.
    pub(crate) fn restore(&mut self) {
        self.archived_at = None;
        self.set_archived(false);
    }

    fn set_archived(&mut self, archived: bool) {
        self.thread.archived = Some(archived);
        for entry in &mut self.history {
            let field = match entry {
                Message::Message(entry) => &mut entry.archived,
                Message::Comment(entry) => &mut entry.archived,
                Message::WelcomeMessage(entry) => &mut entry.archived,
                Message::Assignment(entry) => &mut entry.archived,
                Message::ThreadStatusChange(entry) => &mut entry.archived,
                Message::ThreadInboxChange(entry) => &mut entry.archived,
                _ => continue,
            };
            *field = Some(archived);
        }
    }
}

/// Whether an entry counts as a message.
pub(crate) fn is_message(entry: &Message) -> bool {
    // ASSUMPTION: messages, comments and welcome messages update a thread's
    // `latestMessageTimestamp`, and events do not, because HubSpot's webhooks report exactly these
    // three as new messages.
    matches!(entry, Message::Message(_) | Message::Comment(_) | Message::WelcomeMessage(_))
}
