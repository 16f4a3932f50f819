//! Handling events once that are delivered twice.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::EventKey;

/// Remembers the latest events, in memory. Share it by reference, from an `Arc`.
///
/// A service that restarts, or runs in several processes, keeps the [`EventKey`]s in a unique column of
/// its database instead.
pub struct Deduplicator {
    capacity: usize,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    keys: HashSet<EventKey>,
    /// The same, oldest first.
    order: VecDeque<EventKey>,
}

impl Deduplicator {
    /// Remembers that many events, at less than two hundred bytes each. HubSpot delivers an event again
    /// for up to a day, so the events of a day are enough.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, seen: Mutex::default() }
    }

    /// Whether the event is new, and remembers it. Of any number of concurrent calls with one key, exactly
    /// one returns `true`.
    pub fn is_new(&self, key: &EventKey) -> bool {
        let mut seen = self.seen();
        if !seen.keys.insert(*key) {
            return false;
        }
        seen.order.push_back(*key);
        if seen.order.len() > self.capacity
            && let Some(oldest) = seen.order.pop_front()
        {
            seen.keys.remove(&oldest);
        }
        true
    }

    /// Forgets an event that could not be handled, so that its next delivery is new.
    ///
    /// It must be called within the five seconds that HubSpot waits for the response. Then HubSpot
    /// delivers again, and if that delivery is accepted as known, no other follows.
    pub fn forget(&self, key: &EventKey) {
        let mut seen = self.seen();
        if seen.keys.remove(key)
            // It was seen a moment ago, so the search from the end is short.
            && let Some(index) = seen.order.iter().rposition(|other| other == key)
        {
            seen.order.remove(index);
        }
    }

    /// How many events are remembered.
    pub fn len(&self) -> usize {
        self.seen().order.len()
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
