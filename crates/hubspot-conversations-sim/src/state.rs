//! Everything the simulator knows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use hubspot_conversations_api::types::{Actor, ActorId, Channel, ChannelAccount, Inbox, Message};

use crate::choices;
use crate::clock::Clock;
use crate::conversation::Conversation;
use crate::counts::Counts;
use crate::custom_channels::CustomChannels;
use crate::errors::ApiError;
use crate::faults::Faults;
use crate::inboxes;
use crate::outbox::Outbox;
use crate::rate_limit::Limiter;
use crate::request_stats::Traffics;
use crate::requests::Requests;

/// How long an archived thread can be restored. HubSpot deletes it for good after this time.
const RESTORABLE_FOR: TimeDelta = TimeDelta::days(30);

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    /// Gives the ids of what is written.
    pub(crate) random: Rng,
    /// Gives the ids of requests. Apart from the other, so that reads do not change what is written.
    pub(crate) correlation: Rng,
    pub(crate) short_pages: bool,
    /// How many ids in digits were given.
    serial: u64,
    pub(crate) inboxes: BTreeMap<u64, Inbox>,
    pub(crate) channels: BTreeMap<u64, Channel>,
    pub(crate) channel_accounts: BTreeMap<u64, ChannelAccount>,
    pub(crate) actors: BTreeMap<ActorId, Actor>,
    /// The threads that are not archived, by id.
    pub(crate) threads: BTreeMap<u64, Conversation>,
    /// The threads that are, by id.
    pub(crate) archive: BTreeMap<u64, Conversation>,
    pub(crate) custom: CustomChannels,
    pub(crate) requests: Requests,
    pub(crate) faults: Faults,
    pub(crate) outbox: Outbox,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) request_stats: Traffics,
}

impl State {
    /// A simulator with nothing in it.
    pub(crate) fn empty(random: Rng, correlation: Rng) -> Self {
        Self {
            clock: Clock::new(),
            random,
            correlation,
            short_pages: false,
            serial: 0,
            inboxes: BTreeMap::new(),
            channels: BTreeMap::new(),
            channel_accounts: BTreeMap::new(),
            actors: BTreeMap::new(),
            threads: BTreeMap::new(),
            archive: BTreeMap::new(),
            custom: CustomChannels::default(),
            requests: Requests::default(),
            faults: Faults::default(),
            outbox: Outbox::default(),
            limiter: None,
            request_stats: Traffics::default(),
        }
    }

    /// A thread that is not archived.
    pub(crate) fn thread(&self, id: u64) -> Result<&Conversation, ApiError> {
        self.threads.get(&id).ok_or_else(ApiError::not_found)
    }

    /// A thread, archived or not.
    pub(crate) fn any_thread(&self, id: u64) -> Result<&Conversation, ApiError> {
        self.threads.get(&id).or_else(|| self.archive.get(&id)).ok_or_else(ApiError::not_found)
    }

    /// Adds an entry at the end of a thread's history.
    pub(crate) fn append(&mut self, thread: u64, entry: Message) -> Result<(), ApiError> {
        let conversation = self.threads.get_mut(&thread).ok_or_else(ApiError::not_found)?;
        self.outbox.entry(self.clock.now(), thread, &entry);
        conversation.append(entry);
        Ok(())
    }

    /// An inbox that threads can arrive in.
    pub(crate) fn open_inbox(&self, id: &str) -> Option<u64> {
        let id = id.parse().ok()?;
        self.inboxes.get(&id).filter(|inbox| !inboxes::is_archived(inbox)).map(|_| id)
    }

    /// The next of the numbers that new ids in digits are made of. None is given twice.
    pub(crate) fn next_serial(&mut self) -> u64 {
        let serial = self.serial;
        self.serial += 1;
        serial
    }

    /// The time of a write. Moves the clock.
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

    fn purge(&mut self) {
        let kept_since = self.clock.now() - RESTORABLE_FOR;
        let (outbox, now) = (&mut self.outbox, self.clock.now());
        self.archive.retain(|&id, thread| {
            let is_kept = thread.archived_at.is_none_or(|at| at > kept_since);
            if !is_kept {
                choices::purged(outbox, now, id);
            }
            is_kept
        });
    }

    pub(crate) fn counts(&self) -> Counts {
        let mut actors = BTreeSet::new();
        let mut messages = 0;
        for conversation in self.threads.values() {
            actors.extend(&conversation.thread.assigned_to);
            messages += conversation.history().len();
            for entry in conversation.history() {
                actors.extend(crate::actors::of_entry(entry));
            }
        }
        Counts {
            inboxes: self.inboxes.values().filter(|inbox| inbox.archived != Some(true)).count(),
            channels: self.channels.len(),
            channel_accounts: self
                .channel_accounts
                .values()
                .filter(|account| account.archived != Some(true))
                .count(),
            threads: self.threads.len(),
            messages,
            actors: actors.len(),
            archived_threads: self.archive.len(),
        }
    }
}
