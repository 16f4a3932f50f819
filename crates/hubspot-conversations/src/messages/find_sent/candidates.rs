//! The entries that may be what was sent, and which of them count.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::Item;

use super::FindSent;
use super::verdict::{Judgement, Verdict};
use crate::messages::entry::{Entry, Field};
use crate::messages::listing_order::ListingOrder;
use crate::types::{Message, MessageId};

/// Collects the candidates of a history that is listed in two parts, the second of which is archived.
///
/// Which candidates are newer than the entry to look after is known only when the order of a list is:
/// so they are kept until then.
pub(super) struct Candidates<'a> {
    after: Option<&'a MessageId>,
    since: Option<DateTime<Utc>>,
    /// How many lists have begun.
    list: usize,
    order: ListingOrder,
    /// The entry to look after, once it has been read.
    edge: Option<Edge>,
    /// Whether an entry is older than what is looked for, so that those listed after it are older, too.
    is_passed: bool,
    /// The entries that were listed before, by id, or by their JSON if they have none.
    known: HashSet<String>,
    waiting: Vec<Candidate>,
}

/// The entry to look after.
struct Edge {
    created_at: Field<DateTime<Utc>>,
    list: usize,
}

/// An entry as it is listed, with what identifies it.
pub(super) struct ListedEntry {
    pub(super) item: Item<Message>,
    pub(super) id: Option<MessageId>,
    pub(super) created_at: Field<DateTime<Utc>>,
}

/// An entry that may be what was sent.
pub(super) struct Candidate {
    pub(super) entry: ListedEntry,
    pub(super) judgement: Judgement,
    list: usize,
    is_listed_after_edge: bool,
}

/// Whether a candidate is in the part of the history that is searched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Position {
    Inside,
    Outside,
    /// It may be older than the entry to look after.
    Unclear,
    /// It does not say when it was created, and only what is not too old counts.
    WithoutTime,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(find: &'a FindSent) -> Self {
        Self {
            after: find.after.as_ref(),
            since: find.since,
            list: 0,
            order: ListingOrder::default(),
            edge: None,
            is_passed: false,
            known: HashSet::new(),
            waiting: Vec::new(),
        }
    }

    /// Begins with the next list.
    pub(super) fn begin_list(&mut self) {
        self.list += 1;
        self.order = ListingOrder::default();
        self.is_passed = false;
    }

    /// Reads the next entry of the list. One that was in a list before is passed over.
    pub(super) fn read(
        &mut self,
        item: Item<Message>,
        judge: impl FnOnce(Option<&Entry<'_>>) -> Judgement,
    ) {
        let entry = Entry::read(item.json().get());
        let id = entry.as_ref().and_then(Entry::id);
        let key = id.as_ref().map_or(item.json().get(), MessageId::as_str);
        if !self.known.insert(key.to_owned()) {
            return;
        }
        let created_at = entry.as_ref().map_or(Field::Absent, Entry::created_at);
        self.observe(&created_at);
        if self.after.is_some() && self.after == id.as_ref() {
            self.edge = Some(Edge { created_at, list: self.list });
            return;
        }
        let judgement = judge(entry.as_ref());
        if matches!(judgement, Judgement::Final(Verdict::Other)) {
            return;
        }
        let list = self.list;
        let is_listed_after_edge = self.edge.as_ref().is_some_and(|edge| edge.list == list);
        let entry = ListedEntry { item, id, created_at };
        self.waiting.push(Candidate { entry, judgement, list, is_listed_after_edge });
    }

    fn observe(&mut self, created_at: &Field<DateTime<Utc>>) {
        let created_at = created_at.present().copied();
        self.order.observe(created_at);
        let edge = self.edge.as_ref().and_then(|edge| edge.created_at.present().copied());
        let is_older =
            |than: Option<DateTime<Utc>>| than.zip(created_at).is_some_and(|(a, b)| b < a);
        self.is_passed |= is_older(edge) || is_older(self.since);
    }

    /// Whether the entries that follow in the list are too old to count.
    pub(super) fn has_passed_all(&self) -> bool {
        self.is_passed && self.order.is_confirmed()
    }

    /// The candidates whose position is known as well as it can be, with their positions.
    pub(super) fn take_known(&mut self) -> Vec<(Position, Candidate)> {
        if self.after.is_some() && self.edge.is_none() { Vec::new() } else { self.take() }
    }

    /// All candidates that are left, with their positions.
    pub(super) fn take(&mut self) -> Vec<(Position, Candidate)> {
        let waiting = std::mem::take(&mut self.waiting);
        waiting.into_iter().map(|candidate| (self.position(&candidate), candidate)).collect()
    }

    fn position(&self, candidate: &Candidate) -> Position {
        let created_at = candidate.entry.created_at.present();
        if self.since.zip(created_at).is_some_and(|(since, at)| *at < since) {
            return Position::Outside;
        }
        match self.is_newer(candidate) {
            Some(false) => Position::Outside,
            None => Position::Unclear,
            Some(true) if self.since.is_some() && created_at.is_none() => Position::WithoutTime,
            Some(true) => Position::Inside,
        }
    }

    /// Whether a candidate is newer than the entry to look after, if that can be known.
    fn is_newer(&self, candidate: &Candidate) -> Option<bool> {
        if self.after.is_none() {
            return Some(true);
        }
        let edge = self.edge.as_ref()?;
        let is_listed_before = !candidate.is_listed_after_edge;
        if let (Field::Present(edge), Field::Present(at)) =
            (&edge.created_at, &candidate.entry.created_at)
            && edge != at
        {
            return Some(edge < at);
        }
        // Only the order of the list can decide.
        let is_in_order = edge.list == candidate.list && !self.order.is_contradicted();
        let is_trusted = match (&edge.created_at, &candidate.entry.created_at) {
            (Field::Present(_), Field::Present(_)) => is_listed_before,
            // It has a time, which cannot be read.
            (_, Field::Unreadable) => is_listed_before && self.order.is_confirmed(),
            (Field::Unreadable, _) => self.order.is_confirmed(),
            _ => true,
        };
        (is_in_order && is_trusted).then_some(is_listed_before)
    }
}
