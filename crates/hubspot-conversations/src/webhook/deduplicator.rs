//! Events that come twice, handled once.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::EventKey;

/// Remembers which events it has seen: the latest ones, as many as it is made for.
///
/// It is shared by reference, from an `Arc`, and forgotten with the program. A service that
/// restarts, or runs more than once, keeps the [`EventKey`]s in a unique column of its database
/// instead.
pub struct Deduplicator {
    capacity: usize,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// When each was seen, counted in events.
    turns: HashMap<EventKey, u64>,
    /// The same the other way round, oldest first.
    keys: BTreeMap<u64, EventKey>,
    next: u64,
}

impl Deduplicator {
    /// Remembers that many events, at less than two hundred bytes each. HubSpot delivers an event again
    /// for up to a day, so as many as come in a day are enough.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, seen: Mutex::default() }
    }

    /// Whether the event is seen for the first time, and from now on it is not. Of any number of
    /// concurrent calls with one key, one is told `true`.
    pub fn is_new(&self, key: &EventKey) -> bool {
        let mut seen = self.seen();
        if seen.turns.contains_key(key) {
            return false;
        }
        let turn = seen.next;
        seen.next += 1;
        seen.turns.insert(*key, turn);
        seen.keys.insert(turn, *key);
        if seen.keys.len() > self.capacity
            && let Some((_, oldest)) = seen.keys.pop_first()
        {
            seen.turns.remove(&oldest);
        }
        true
    }

    /// Forgets an event that could not be handled, so that its next delivery is new.
    ///
    /// That is of use as long as HubSpot waits for its answer, which are five seconds. Then it
    /// delivers again, and if that delivery is answered because it is not new, no other comes.
    pub fn forget(&self, key: &EventKey) {
        let mut seen = self.seen();
        if let Some(turn) = seen.turns.remove(key) {
            seen.keys.remove(&turn);
        }
    }

    /// How many events are remembered.
    pub fn len(&self) -> usize {
        self.seen().keys.len()
    }

    /// Whether no event is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Deduplicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deduplicator")
            .field("capacity", &self.capacity)
            .field("len", &self.len())
            .finish()
    }
}
