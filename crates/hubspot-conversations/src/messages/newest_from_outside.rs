//! The newest message from outside, or why it is uncertain.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::Page;

use super::entry::{self, Entry, Field};
use super::history_end::may_be_incomplete;
use super::listing_order::ListingOrder;
use super::target::{Origin, Target};
use crate::Error;
use crate::types::{Message, MessageId};

/// The advice if the message to answer is not known.
const CHOOSE: &str =
    "name the message to answer with `in_reply_to`, or use `create` and say where it goes";

/// Reads a history, the newest entries first, until it knows which message from outside is newest.
///
/// HubSpot sorts the history. A reply to the wrong person cannot be taken back, so the entries' times
/// are compared as well: if they contradict the order, or one cannot be read, the whole history is
/// read. An entry without a time is where it is listed.
#[derive(Default)]
pub(super) struct NewestFromOutside {
    candidates: Vec<Candidate>,
    order: ListingOrder,
    /// Whether what follows is older than the newest candidate, if the history is in order.
    is_passed: bool,
    /// Whether the history may continue, and where cannot be read.
    may_be_incomplete: bool,
}

/// An entry that is from outside, or may be.
struct Candidate {
    id: Option<MessageId>,
    created_at: Field<DateTime<Utc>>,
    /// The destination of a reply, or why it cannot be determined.
    target: Result<Target, &'static str>,
    /// Whether it is older than another candidate, if the history is in order.
    is_listed_later: bool,
}

impl NewestFromOutside {
    /// Reads the next page.
    pub(super) fn read(&mut self, page: &Page<Message>) {
        for entry in &page.results {
            self.read_entry(entry.json().get());
        }
        self.may_be_incomplete = may_be_incomplete(page);
    }

    fn read_entry(&mut self, json: &str) {
        let entry = Entry::read(json);
        let created_at = entry.as_ref().map_or(Field::Absent, Entry::created_at);
        self.order.observe(created_at.present().copied());
        let newest = self.newest_time();
        let is_older = created_at.present().zip(newest).is_some_and(|(at, newest)| *at < newest);
        self.is_passed |= is_older;
        let target = match entry.as_ref().map(Origin::of) {
            Some(Origin::Team) => return,
            Some(Origin::Outside(target)) => Ok(target),
            Some(Origin::Unclear(reason)) => Err(reason),
            None => Err("it cannot be read"),
        };
        if is_older {
            return;
        }
        if let Some(created_at) = created_at.present() {
            self.candidates.retain(|candidate| {
                candidate.created_at.present().is_none_or(|other| other >= created_at)
            });
        }
        let is_listed_later = match created_at {
            Field::Present(_) => self.is_passed,
            Field::Absent => self.is_passed || self.candidates.iter().any(Candidate::has_position),
            // It may be the newest wherever it is listed.
            Field::Unreadable => false,
        };
        self.is_passed |= created_at == Field::Absent;
        let id = entry.as_ref().and_then(Entry::id);
        self.candidates.push(Candidate { id, created_at, target, is_listed_later });
    }

    fn newest_time(&self) -> Option<DateTime<Utc>> {
        self.candidates.iter().filter_map(|candidate| candidate.created_at.present()).max().copied()
    }

    /// Whether the order of the history determines the newest candidate.
    fn is_in_order(&self) -> bool {
        !self.order.is_contradicted() && self.candidates.iter().all(Candidate::has_position)
    }

    /// Whether the following entries cannot change the result.
    pub(super) fn is_settled(&self) -> bool {
        self.is_passed && self.is_in_order()
    }

    /// The destination of a reply to the newest message.
    ///
    /// # Errors
    ///
    /// If it cannot be known, with the entry and the reason.
    pub(super) fn target(mut self) -> Result<Target, Error> {
        if self.may_be_incomplete && (self.candidates.is_empty() || !self.is_in_order()) {
            return Err(Error::invalid(format!(
                "the history of the thread may not be complete, because where it continues cannot be \
                 read, so that the newest message from outside is not known; {CHOOSE}"
            )));
        }
        if !self.order.is_contradicted() {
            self.candidates.retain(|candidate| !candidate.is_listed_later);
        }
        let mut candidates = self.candidates.into_iter();
        let Some(first) = candidates.next() else {
            return Err(Error::invalid(
                "the thread has no message from outside to answer: use `create` and say where it goes",
            ));
        };
        let target = first.target.as_ref().map_err(|reason| unclear(first.id.as_ref(), reason))?;
        for other in candidates {
            let elsewhere =
                other.target.as_ref().map_err(|reason| unclear(other.id.as_ref(), reason))?;
            if !elsewhere.is_same_place(target) {
                return Err(unordered(&first, &other));
            }
        }
        first.target.map_err(|reason| unclear(first.id.as_ref(), reason))
    }
}

impl Candidate {
    /// Whether its place among the others is known, by its time or by where it is listed.
    fn has_position(&self) -> bool {
        self.created_at != Field::Unreadable
    }
}

/// The error for an entry that may be the one to answer but cannot be answered.
fn unclear(id: Option<&MessageId>, reason: &str) -> Error {
    Error::invalid(format!(
        "{} may be the newest message from outside, and cannot be answered: {reason}; {CHOOSE}",
        named(id)
    ))
}

/// Two entries from different places, either of which may be the newest.
fn unordered(first: &Candidate, second: &Candidate) -> Error {
    let reason = match (&first.created_at, &second.created_at) {
        (Field::Present(_), Field::Present(_)) => "they were created at the same time",
        (Field::Unreadable, _) | (_, Field::Unreadable) => {
            "when one of them was created cannot be read"
        }
        _ => "one of them does not say when it was created",
    };
    Error::invalid(format!(
        "either {} or {} may be the newest message from outside: {reason}; {CHOOSE}",
        named(first.id.as_ref()),
        named(second.id.as_ref())
    ))
}

fn named(id: Option<&MessageId>) -> String {
    match id {
        Some(id) => format!("the entry {}", entry::shown(id)),
        None => "an entry without a readable id".to_owned(),
    }
}

/// The destination of a reply to a chosen message.
///
/// # Errors
///
/// If it is not from outside, or does not say where it came from.
pub(super) fn target_of(chosen: &MessageId, json: &str) -> Result<Target, Error> {
    let cannot = |reason: &str| {
        let chosen = entry::shown(chosen);
        Error::invalid(format!(
            "the entry {chosen} cannot be answered: {reason}; name another message with \
             `in_reply_to`, or use `create` and say where it goes"
        ))
    };
    let entry = Entry::read(json).ok_or_else(|| cannot("it cannot be read"))?;
    if entry.id().is_some_and(|id| id != *chosen) {
        return Err(cannot("HubSpot sent another entry in its place"));
    }
    match Origin::of(&entry) {
        Origin::Outside(target) => Ok(target),
        Origin::Unclear(reason) => Err(cannot(reason)),
        Origin::Team => Err(cannot("it is not a message from outside")),
    }
}
