//! The numbers of records in an account.

use std::collections::BTreeSet;

use hubspot_conversations_api::types::{ActorId, Message};

use crate::account::Account;

/// The numbers of records that a program sees if it lists everything once, without archived
/// records.
///
/// Later writes do not change these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Inboxes and help desks that are not archived.
    pub inboxes: usize,
    /// Channels. They cannot be archived.
    pub channels: usize,
    /// Channel accounts that are not archived.
    pub channel_accounts: usize,
    /// Threads that are not archived.
    pub threads: usize,
    /// Entries of those threads' histories: messages, comments and events together.
    pub messages: usize,
    /// Distinct actors that those threads and entries name: assignees, creators, senders,
    /// recipients, and both actors of an assignment. Each of them can be read as an actor. Further
    /// actors exist that no thread or entry names.
    pub actors: usize,
    /// Archived threads that can still be restored. No other number includes them.
    pub archived_threads: usize,
}

impl Account {
    pub(crate) fn counts(&self) -> Counts {
        let mut actors = BTreeSet::new();
        let mut messages = 0;
        for conversation in self.threads.values() {
            actors.extend(&conversation.thread.assigned_to);
            messages += conversation.history().len();
            for entry in conversation.history() {
                actors.extend(actors_of(entry));
            }
        }
        let accounts = self.channel_accounts.values();
        Counts {
            inboxes: self.inboxes.values().filter(|inbox| inbox.archived != Some(true)).count(),
            channels: self.channels.len(),
            channel_accounts: accounts.filter(|account| account.archived != Some(true)).count(),
            threads: self.threads.len(),
            messages,
            actors: actors.len(),
            archived_threads: self.archive.len(),
        }
    }
}

/// The actors that an entry names.
fn actors_of(entry: &Message) -> impl Iterator<Item = &ActorId> {
    let (to, from) = match entry {
        Message::Assignment(event) => (event.assigned_to.as_ref(), event.assigned_from.as_ref()),
        _ => (None, None),
    };
    let senders = entry.senders().iter().filter_map(|sender| sender.actor_id.as_ref());
    let recipients = entry.recipients().iter().filter_map(|recipient| recipient.actor_id.as_ref());
    entry.created_by().into_iter().chain(senders).chain(recipients).chain(to).chain(from)
}
