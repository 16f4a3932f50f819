//! The data that a simulator starts with, generated from a seed.
//!
//! No person in it exists: names are combined at random, addresses are in example domains, and phone
//! numbers are in ranges reserved for fiction.

mod attachments;
mod channel_accounts;
mod history;
mod mail;
mod people;
mod plan;
mod topics;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use hubspot_conversations_api::types::{Message, ThreadAssociations, TicketId};

use crate::account::Account;
use crate::account::conversation::Conversation;
use crate::seed::history::History;
use crate::seed::people::People;
use crate::seed::plan::Plan;

/// The base of the threads' ids. The first are below a power of ten and later ones above it, so that
/// sorting them as text results in a wrong order.
const FIRST_THREAD: u64 = 9_999_999_600;

/// The threads begin between these two times before the clock's start.
const OLDEST: TimeDelta = TimeDelta::days(150);
const YOUNGEST: TimeDelta = TimeDelta::days(20);

/// The most entries of an archived thread.
const MAX_ARCHIVED_MESSAGES: usize = 6;

/// An account with `threads` threads of `messages` entries each, and some archived threads.
pub(crate) fn account(seed: u64, threads: usize, messages: usize) -> Account {
    let mut random = Rng::with_seed(seed);
    let mut account = Account::empty(random.fork(), random.fork());
    channel_accounts::add(&mut account);
    let people = People::invent(&mut random, threads);
    account.actors = people.actors();
    people.add_addresses(&mut account.custom.addresses);

    let archived = if threads == 0 { 0 } else { 2 + threads / 10 };
    let all = threads + archived;
    let archived_every = all.checked_div(archived).unwrap_or(usize::MAX);
    let now = account.clock.now();
    let mut id = FIRST_THREAD;
    let mut index = 0;
    for position in 0..all {
        id += random.u64(3..90);
        let begins = beginning(&mut random, now, position, all);
        let is_due = position % archived_every == archived_every - 1;
        let is_archived =
            is_due && account.archive.len() < archived || account.threads.len() == threads;
        if is_archived {
            let length = messages.min(MAX_ARCHIVED_MESSAGES);
            let mut conversation = invent(&mut random, &people, position, id, begins, length);
            let archived_at = now - TimeDelta::hours(random.i64(24..24 * 17));
            let last = conversation.history().last().and_then(Message::created_at);
            conversation.archive(last.map_or(archived_at, |last| archived_at.max(last)));
            account.archive.insert(id, conversation);
        } else {
            let conversation = invent(&mut random, &people, index, id, begins, messages);
            account.threads.insert(id, conversation);
            index += 1;
        }
    }
    account
}

fn beginning(random: &mut Rng, now: DateTime<Utc>, position: usize, all: usize) -> DateTime<Utc> {
    let span = (OLDEST - YOUNGEST).num_milliseconds();
    let share = span / i64::try_from(all).unwrap_or(i64::MAX);
    let position = i64::try_from(position).unwrap_or(0);
    now - OLDEST + TimeDelta::milliseconds(share * position + random.i64(0..share.max(1)))
}

fn invent(
    random: &mut Rng,
    people: &People,
    index: usize,
    id: u64,
    begins: DateTime<Utc>,
    messages: usize,
) -> Conversation {
    let mut plan = Plan::of(index);
    let mut history = History::begin(random, people, &plan, id, begins, messages);
    for left in (1..=messages).rev() {
        let state = history.state(left);
        let entry = plan.next(history.random(), &state);
        history.push(entry);
    }
    let mut conversation = history.end();

    // Two threads in a row can be about the same ticket.
    if index % 5 < 2 {
        let mut associations = ThreadAssociations::new();
        let ticket = 57_774_000 + index as u64 / 5;
        associations.associated_ticket_id = Some(TicketId::from(ticket));
        conversation.associations = Some(associations);
    }
    conversation
}
