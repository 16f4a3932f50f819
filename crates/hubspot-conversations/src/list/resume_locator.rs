//! Finds a position again in a list that may have changed.

use std::collections::VecDeque;
use std::slice::from_ref;

use super::fetch_pages::FetchedPage;
use super::identity::Order;
use super::position::{Position, fingerprint};

/// The most items that HubSpot puts on a page.
const LARGEST_PAGE: usize = 500;

/// Looks for a position within a page.
pub(super) struct ResumeLocator {
    pub(super) position: Position,
    taken: usize,
    fingerprint: u64,
    order: Order,
}

/// The result of the search in the pages read so far.
pub(super) enum Located {
    /// The position is in the last page read, after this many of its items.
    After(usize),
    /// The next page may contain it.
    NotYet,
    /// The item taken last is gone, or can be anywhere.
    Gone,
}

impl ResumeLocator {
    /// For a position within a page. Others need not be located.
    pub(super) fn of(position: &Position, order: Order) -> Option<Self> {
        match *position {
            Position::Item { taken, fingerprint, .. } => {
                Some(Self { position: position.clone(), taken, fingerprint, order })
            }
            Position::Page(_) | Position::End => None,
        }
    }

    /// Looks at the page read last.
    pub(super) fn locate<T>(&self, pages: &VecDeque<FetchedPage<T>>) -> Located {
        let Some(last) = pages.back() else { return Located::NotYet };
        let items = &last.page.results;
        let is_unchanged = pages.len() == 1
            && items
                .get(..self.taken)
                .is_some_and(|taken| fingerprint(taken, self.order) == self.fingerprint);
        if is_unchanged {
            return Located::After(self.taken);
        }
        if self.order == Order::Moving {
            return Located::Gone;
        }
        let found = items
            .iter()
            .position(|item| fingerprint(from_ref(item), self.order) == self.fingerprint);
        let read: usize = pages.iter().map(|page| page.page.results.len()).sum();
        match found {
            Some(index) => Located::After(index + 1),
            None if read < self.taken.min(LARGEST_PAGE) + LARGEST_PAGE => Located::NotYet,
            None => Located::Gone,
        }
    }
}
