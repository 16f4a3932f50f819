//! A thread with its history.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    ConversationsMessage, Message, MessageDirection, MessageId, OriginalContent, Thread,
    ThreadAssociations,
};

use crate::choices;

/// A thread, its history, and what is only answered when asked for.
#[derive(Clone, Debug)]
pub(crate) struct Conversation {
    /// The thread without its associations.
    pub(crate) thread: Thread,
    /// Answered only to those who ask. `None` without a ticket.
    pub(crate) associations: Option<ThreadAssociations>,
    /// `None` while it is not archived.
    pub(crate) archived_at: Option<DateTime<Utc>>,
    /// The oldest first. Nothing is ever taken out, so an index stays a place.
    history: Vec<Message>,
    /// The whole text of those entries that are shown truncated.
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

    /// The message with this id. Its place and its time must stay.
    pub(crate) fn message_mut(&mut self, id: &str) -> Option<&mut ConversationsMessage> {
        self.history.iter_mut().find_map(|entry| match entry {
            Message::Message(message) if message.id.as_str() == id => Some(message),
            _ => None,
        })
    }

    /// Adds an entry at the end, and keeps the thread's timestamps true.
    pub(crate) fn append(&mut self, entry: Message) {
        let created_at = entry.created_at();
        if choices::is_message(&entry) {
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

    /// Archives the thread and with it its history.
    pub(crate) fn archive(&mut self, now: DateTime<Utc>) {
        self.archived_at = Some(now);
        self.mark(true);
    }

    /// Brings the thread and its history back.
    pub(crate) fn restore(&mut self) {
        self.archived_at = None;
        self.mark(false);
    }

    fn mark(&mut self, archived: bool) {
        self.thread.archived = Some(archived);
        for entry in &mut self.history {
            let mark = match entry {
                Message::Message(entry) => &mut entry.archived,
                Message::Comment(entry) => &mut entry.archived,
                Message::WelcomeMessage(entry) => &mut entry.archived,
                Message::Assignment(entry) => &mut entry.archived,
                Message::ThreadStatusChange(entry) => &mut entry.archived,
                Message::ThreadInboxChange(entry) => &mut entry.archived,
                _ => continue,
            };
            *mark = Some(archived);
        }
    }
}
