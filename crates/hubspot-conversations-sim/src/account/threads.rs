//! Changes of threads: begin, open, close, assign, archive, restore. Each adds its event to the
//! history and the outbox.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{ActorId, ChannelAccount, Thread, ThreadStatus};

use crate::account::conversation::Conversation;
use crate::account::history_events::{Cause, Event};
use crate::account::not_found::NotFound;
use crate::account::outbox::Change;
use crate::account::thread_key::ThreadKey;
use crate::account::{Account, visitors};
use crate::assumptions;

impl Account {
    /// Begins a thread in the channel account's inbox, and returns its id.
    pub(crate) fn begin_thread(
        &mut self,
        account: &ChannelAccount,
        visitor: &ActorId,
        at: DateTime<Utc>,
    ) -> u64 {
        let id = assumptions::FIRST_NEW_THREAD + self.next_serial();
        let mut thread = Thread::new(id.into());
        thread.status = Some(ThreadStatus::Open);
        thread.inbox_id.clone_from(&account.inbox_id);
        thread.associated_contact_id = visitors::contact(visitor);
        thread.original_channel_id.clone_from(&account.channel_id);
        thread.original_channel_account_id = Some(account.id.clone());
        thread.created_at = Some(at);
        thread.spam = Some(false);
        thread.archived = Some(false);
        self.threads.insert(id, Conversation::new(thread));
        self.outbox.thread_changed(self.clock.now(), id, Change::Began);
        id
    }

    /// The thread that messages with this key are added to. `None` if no thread has the key, or the
    /// thread is archived.
    pub(crate) fn thread_with(&self, key: &ThreadKey) -> Option<u64> {
        self.custom.threads.get(key).copied().filter(|id| self.threads.contains_key(id))
    }

    /// Opens or closes a thread.
    pub(crate) fn set_status(
        &mut self,
        id: u64,
        new: &ThreadStatus,
        at: DateTime<Utc>,
        cause: Cause,
    ) -> Result<&Conversation, NotFound> {
        let conversation = self.threads.get_mut(&id).ok_or(NotFound)?;
        // ASSUMPTION: setting the status that a thread already has adds no event to its history.
        if conversation.thread.status.as_ref() == Some(new) {
            return Ok(conversation);
        }
        let event = Event { thread: &conversation.thread.id, at, cause };
        let event = event.status_change(&mut self.random, new.clone());
        conversation.append(event);
        conversation.thread.closed_at = (*new == ThreadStatus::Closed).then_some(at);
        conversation.thread.status = Some(new.clone());
        let change = Change::Property { name: "status", value: new.to_string() };
        self.outbox.thread_changed(self.clock.now(), id, change);
        Ok(conversation)
    }

    /// Assigns a thread to an agent, or with `None` to no one.
    pub(crate) fn set_assignee(
        &mut self,
        id: u64,
        assignee: Option<ActorId>,
        at: DateTime<Utc>,
        cause: Cause,
    ) -> Result<(), NotFound> {
        let conversation = self.threads.get_mut(&id).ok_or(NotFound)?;
        // ASSUMPTION: setting the assignee that a thread already has adds no event to its history.
        if conversation.thread.assigned_to == assignee {
            return Ok(());
        }
        let before = std::mem::replace(&mut conversation.thread.assigned_to, assignee.clone());
        let event = Event { thread: &conversation.thread.id, at, cause };
        let change = Change::Property { name: "assignedTo", value: user_id(assignee.as_ref()) };
        let event = event.assignment(&mut self.random, before, assignee);
        conversation.append(event);
        self.outbox.thread_changed(self.clock.now(), id, change);
        Ok(())
    }

    pub(crate) fn archive_thread(&mut self, id: u64) -> Result<(), NotFound> {
        // ASSUMPTION: archiving an archived thread is rejected with 404, because without
        // `archived=true` a request does not find such a thread.
        let mut conversation = self.threads.remove(&id).ok_or(NotFound)?;
        conversation.archive(self.tick());
        self.archive.insert(id, conversation);
        // ASSUMPTION: webhooks report an archived thread as deleted only, and not also as a change
        // of `isArchived`.
        self.outbox.thread_changed(self.clock.now(), id, Change::Archived);
        Ok(())
    }

    pub(crate) fn restore_thread(&mut self, id: u64) -> Result<&Conversation, NotFound> {
        self.tick();
        let mut conversation = self.archive.remove(&id).ok_or(NotFound)?;
        conversation.restore();
        let change = Change::Property { name: "isArchived", value: "false".to_owned() };
        self.outbox.thread_changed(self.clock.now(), id, change);
        Ok(self.threads.entry(id).or_insert(conversation))
    }
}

/// The id of an agent's user, as webhooks report it. Empty for no one.
fn user_id(agent: Option<&ActorId>) -> String {
    let agent = agent.map_or("", |agent| agent.as_str());
    agent.strip_prefix("A-").unwrap_or(agent).to_owned()
}
