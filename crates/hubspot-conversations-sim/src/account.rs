//! The simulated HubSpot account: all data that the API reads and changes.

pub(crate) mod addresses;
pub(crate) mod channel_ids;
pub(crate) mod clock;
pub(crate) mod conversation;
pub(crate) mod counts;
pub(crate) mod custom_channels;
pub(crate) mod from_sent;
pub(crate) mod history_events;
pub(crate) mod ids;
pub(crate) mod incoming;
pub(crate) mod not_found;
pub(crate) mod outbox;
pub(crate) mod thread_key;
pub(crate) mod threads;
pub(crate) mod visitors;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use hubspot_conversations_api::types::{Actor, ActorId, Channel, ChannelAccount, Inbox, Message};

use crate::account::clock::Clock;
use crate::account::conversation::Conversation;
use crate::account::custom_channels::CustomChannels;
use crate::account::not_found::NotFound;
use crate::account::outbox::{Change, Outbox};

/// How long an archived thread can be restored. After this time HubSpot deletes it.
const RESTORABLE_FOR: TimeDelta = TimeDelta::days(30);

#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) clock: Clock,
    /// Generates the ids of stored records.
    pub(crate) random: Rng,
    /// Generates ids that are not stored, such as those of requests. It is separate from `random`,
    /// so that reads do not change the ids of later writes.
    pub(crate) correlation: Rng,
    /// How many numeric ids were generated.
    serial: u64,
    pub(crate) inboxes: BTreeMap<u64, Inbox>,
    pub(crate) channels: BTreeMap<u64, Channel>,
    pub(crate) channel_accounts: BTreeMap<u64, ChannelAccount>,
    pub(crate) actors: BTreeMap<ActorId, Actor>,
    /// Threads that are not archived, by id.
    pub(crate) threads: BTreeMap<u64, Conversation>,
    /// Archived threads, by id.
    pub(crate) archive: BTreeMap<u64, Conversation>,
    pub(crate) custom: CustomChannels,
    pub(crate) outbox: Outbox,
}

impl Account {
    /// An account without data.
    pub(crate) fn empty(random: Rng, correlation: Rng) -> Self {
        Self {
            clock: Clock::new(),
            random,
            correlation,
            serial: 0,
            inboxes: BTreeMap::new(),
            channels: BTreeMap::new(),
            channel_accounts: BTreeMap::new(),
            actors: BTreeMap::new(),
            threads: BTreeMap::new(),
            archive: BTreeMap::new(),
            custom: CustomChannels::default(),
            outbox: Outbox::default(),
        }
    }

    /// A thread that is not archived.
    pub(crate) fn thread(&self, id: u64) -> Result<&Conversation, NotFound> {
        self.threads.get(&id).ok_or(NotFound)
    }

    /// A thread, archived or not.
    pub(crate) fn any_thread(&self, id: u64) -> Result<&Conversation, NotFound> {
        self.threads.get(&id).or_else(|| self.archive.get(&id)).ok_or(NotFound)
    }

    /// Adds an entry at the end of a thread's history.
    pub(crate) fn append(&mut self, thread: u64, entry: Message) -> Result<(), NotFound> {
        let conversation = self.threads.get_mut(&thread).ok_or(NotFound)?;
        self.outbox.entry_added(self.clock.now(), thread, &entry);
        conversation.append(entry);
        Ok(())
    }

    /// The id of an inbox that is not archived. `None` if there is none with this id.
    pub(crate) fn open_inbox(&self, id: &str) -> Option<u64> {
        let id = id.parse().ok()?;
        self.inboxes.get(&id).filter(|inbox| inbox.archived != Some(true)).map(|_| id)
    }

    /// The next number for a new numeric id. Each number is used once.
    pub(crate) fn next_serial(&mut self) -> u64 {
        let serial = self.serial;
        self.serial += 1;
        serial
    }

    /// Moves the clock by the step of one write, and returns the new time.
    pub(crate) fn tick(&mut self) -> DateTime<Utc> {
        let now = self.clock.tick();
        self.purge();
        now
    }

    /// Moves the clock to an instant.
    pub(crate) fn move_clock(&mut self, instant: DateTime<Utc>) {
        self.clock.move_to(instant);
        self.purge();
    }

    /// Deletes the archived threads that can no longer be restored.
    fn purge(&mut self) {
        let now = self.clock.now();
        let kept_since = now - RESTORABLE_FOR;
        let outbox = &mut self.outbox;
        self.archive.retain(|&id, thread| {
            let is_kept = thread.archived_at.is_none_or(|at| at > kept_since);
            if !is_kept {
                // ASSUMPTION: webhooks report the deletion of a thread that was not restored in
                // time as a privacy deletion, because the API has no other operation for one.
                outbox.thread_changed(now, id, Change::Purged);
            }
            is_kept
        });
    }
}
