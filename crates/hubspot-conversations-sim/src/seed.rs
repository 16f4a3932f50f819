//! The data a simulator starts with, invented from a seed.
//!
//! Nobody in it exists: names are put together at random, addresses are of example domains, and
//! phone numbers of ranges kept free for fiction.

mod attachments;
mod history;
mod mail;
mod people;
mod places;
mod plan;
mod topics;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use hubspot_conversations_api::types::{Message, ThreadAssociations, TicketId};

use crate::conversation::Conversation;
use crate::seed::history::Story;
use crate::seed::people::Cast;
use crate::seed::plan::Plan;
use crate::state::State;

/// The first thread's id is below a power of ten and later ones above, so that ids sorted as text
/// come out wrong.
const FIRST_THREAD: u64 = 9_999_999_600;

/// The threads begin in the time between these two, counted back from the clock's start.
const OLDEST: TimeDelta = TimeDelta::days(150);
const YOUNGEST: TimeDelta = TimeDelta::days(20);

/// How long a thread goes on at most. Less than the age of the youngest.
pub(crate) const LONGEST: TimeDelta = TimeDelta::days(18);

/// How many entries an archived thread has at most.
const ARCHIVED_MESSAGES: usize = 6;

/// A simulator with so many threads of so many entries each, and some archived ones beside them.
pub(crate) fn state(seed: u64, threads: usize, messages: usize) -> State {
    let mut random = Rng::with_seed(seed);
    let mut state = State::empty(random.fork(), random.fork());
    places::fill(&mut state);
    let cast = Cast::invent(&mut random, threads);
    state.actors = cast.actors();
    cast.make_known(&mut state.custom.visitors);

    let archived = if threads == 0 { 0 } else { 2 + threads / 10 };
    let all = threads + archived;
    let archived_every = all.checked_div(archived).unwrap_or(usize::MAX);
    let now = state.clock.now();
    let mut id = FIRST_THREAD;
    let mut index = 0;
    for place in 0..all {
        id += random.u64(3..90);
        let begins = beginning(&mut random, now, place, all);
        let is_due = place % archived_every == archived_every - 1;
        let is_archived =
            is_due && state.archive.len() < archived || state.threads.len() == threads;
        if is_archived {
            let length = messages.min(ARCHIVED_MESSAGES);
            let mut conversation = invent(&mut random, &cast, place, id, begins, length);
            let archived_at = now - TimeDelta::hours(random.i64(24..24 * 17));
            let last = conversation.history().last().and_then(Message::created_at);
            conversation.archive(last.map_or(archived_at, |last| archived_at.max(last)));
            state.archive.insert(id, conversation);
        } else {
            let conversation = invent(&mut random, &cast, index, id, begins, messages);
            state.threads.insert(id, conversation);
            index += 1;
        }
    }
    state
}

fn beginning(random: &mut Rng, now: DateTime<Utc>, place: usize, all: usize) -> DateTime<Utc> {
    let span = (OLDEST - YOUNGEST).num_milliseconds();
    let share = span / i64::try_from(all).unwrap_or(i64::MAX);
    let place = i64::try_from(place).unwrap_or(0);
    now - OLDEST + TimeDelta::milliseconds(share * place + random.i64(0..share.max(1)))
}

fn invent(
    random: &mut Rng,
    cast: &Cast,
    index: usize,
    id: u64,
    begins: DateTime<Utc>,
    messages: usize,
) -> Conversation {
    let mut plan = Plan::of(index);
    let mut story = Story::begin(random, cast, &plan, id, begins, messages);
    for left in (1..=messages).rev() {
        let situation = story.situation(left);
        let step = plan.next(story.random(), &situation);
        story.tell(step);
    }
    let mut conversation = story.end();

    // Two threads in a row can be about the same ticket.
    if index % 5 < 2 {
        let mut associations = ThreadAssociations::new();
        let ticket = 57_774_000 + index as u64 / 5;
        associations.associated_ticket_id = Some(TicketId::from(ticket));
        conversation.associations = Some(associations);
    }
    conversation
}
