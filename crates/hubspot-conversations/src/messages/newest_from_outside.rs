//! The newest message from outside, or why nobody can know which one it is.

use chrono::{DateTime, Utc};

use super::entry::{self, Entry};
use super::target::{Origin, Target};
use crate::Error;
use crate::types::MessageId;

/// How to go on where the message to answer is not known.
const CHOOSE: &str =
    "name the message to answer with `in_reply_to`, or use `send` and say where it goes";

/// Reads a history, the newest entries first, until it knows which message from outside is newest.
///
/// HubSpot sorts the history. An answer to the wrong person cannot be taken back, so the times of
/// the entries are compared as well: where they contradict the order, the whole history is read.
#[derive(Default)]
pub(super) struct NewestFromOutside {
    candidates: Vec<Candidate>,
    /// When the last entry was created that says so.
    last: Option<DateTime<Utc>>,
    /// Whether an entry was newer than one before it.
    is_out_of_order: bool,
    /// Whether what follows is older than the newest candidate, if the history is in order.
    is_passed: bool,
}

/// An entry that is from outside, or may be.
struct Candidate {
    id: Option<MessageId>,
    created_at: Option<DateTime<Utc>>,
    /// Where an answer goes, or why that cannot be known.
    target: Result<Target, &'static str>,
    /// Whether it is older than another candidate, if the history is in order.
    is_listed_later: bool,
}

impl NewestFromOutside {
    /// Reads the next entry.
    pub(super) fn read(&mut self, json: &str) {
        let entry = Entry::read(json);
        let created_at = entry.as_ref().and_then(Entry::created_at);
        self.keep_time(created_at);
        let target = match entry.as_ref().map(Origin::of) {
            Some(Origin::Team) => return,
            Some(Origin::Outside(target)) => Ok(target),
            Some(Origin::Unclear(reason)) => Err(reason),
            None => Err("it cannot be read"),
        };
        let newest = self.newest_time();
        if created_at.is_some() && created_at < newest {
            return;
        }
        if created_at.is_some() && created_at > newest {
            self.candidates.retain(|candidate| candidate.created_at.is_none());
        }
        let id = entry.as_ref().and_then(Entry::id);
        // The order of the history places what does not say when it was created.
        let is_listed_later =
            self.is_passed || (created_at.is_none() && !self.candidates.is_empty());
        self.is_passed |= created_at.is_none();
        self.candidates.push(Candidate { id, created_at, target, is_listed_later });
    }

    fn keep_time(&mut self, created_at: Option<DateTime<Utc>>) {
        let Some(created_at) = created_at else { return };
        self.is_out_of_order |= self.last.is_some_and(|last| last < created_at);
        self.is_passed |= self.newest_time().is_some_and(|newest| created_at < newest);
        self.last = Some(created_at);
    }

    fn newest_time(&self) -> Option<DateTime<Utc>> {
        self.candidates.iter().filter_map(|candidate| candidate.created_at).max()
    }

    /// Whether the entries that follow cannot change the answer.
    pub(super) fn is_settled(&self) -> bool {
        self.is_passed && !self.is_out_of_order
    }

    /// Where an answer to the newest message goes.
    ///
    /// # Errors
    ///
    /// If it cannot be known, with the entry and the reason.
    pub(super) fn target(mut self) -> Result<Target, Error> {
        if !self.is_out_of_order {
            self.candidates.retain(|candidate| !candidate.is_listed_later);
        }
        let mut candidates = self.candidates.into_iter();
        let Some(first) = candidates.next() else {
            return Err(Error::invalid(
                "the thread has no message from outside to answer: use `send` and say where it goes",
            ));
        };
        let target = first.target.map_err(|reason| unclear(first.id.as_ref(), reason))?;
        for other in candidates {
            let elsewhere = other.target.map_err(|reason| unclear(other.id.as_ref(), reason))?;
            if !elsewhere.is_same_place(&target) {
                let is_dated = first.created_at.is_some() && other.created_at.is_some();
                return Err(unordered(first.id.as_ref(), other.id.as_ref(), is_dated));
            }
        }
        Ok(target)
    }
}

/// An entry that may be the one to answer, and cannot be answered.
fn unclear(id: Option<&MessageId>, reason: &str) -> Error {
    Error::invalid(format!(
        "{} may be the newest message from outside, and cannot be answered: {reason}; {CHOOSE}",
        named(id)
    ))
}

/// Two entries from different places, either of which may be the newest.
fn unordered(first: Option<&MessageId>, second: Option<&MessageId>, is_dated: bool) -> Error {
    let reason = if is_dated {
        "they were created at the same time"
    } else {
        "one of them does not say when it was created"
    };
    Error::invalid(format!(
        "either {} or {} may be the newest message from outside: {reason}; {CHOOSE}",
        named(first),
        named(second)
    ))
}

fn named(id: Option<&MessageId>) -> String {
    match id {
        Some(id) => format!("the entry {}", entry::shown(id)),
        None => "an entry without a readable id".to_owned(),
    }
}

/// Where an answer to a chosen message goes.
///
/// # Errors
///
/// If it is not from outside, or does not say where it came from.
pub(super) fn target_of(chosen: &MessageId, json: &str) -> Result<Target, Error> {
    let cannot = |reason: &str| {
        let chosen = entry::shown(chosen);
        Error::invalid(format!(
            "the entry {chosen} cannot be answered: {reason}; name another message with \
             `in_reply_to`, or use `send` and say where it goes"
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
