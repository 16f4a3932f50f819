//! Located the place where a list was left, in a list that may have changed.

use std::collections::VecDeque;
use std::slice::from_ref;

use super::fetch_pages::FetchedPage;
use super::identity::Order;
use super::position::{Position, fingerprint};

/// The most items that HubSpot puts on a page.
const LARGEST_PAGE: usize = 500;

/// The place within a page that is looked for.
pub(super) struct ResumeLocator {
    pub(super) place: Position,
    taken: usize,
    fingerprint: u64,
    order: Order,
}

/// What the pages read so far say.
pub(super) enum Located {
    /// The list goes on in the page read last, behind so many of its items.
    Behind(usize),
    /// The next page may tell.
    NotYet,
    /// The item taken last is gone, or can be anywhere.
    Gone,
}

impl ResumeLocator {
    /// For a place within a page. Others need no search.
    pub(super) fn of(place: &Position, order: Order) -> Option<Self> {
        match *place {
            Position::Item { taken, fingerprint, .. } => {
                Some(Self { place: place.clone(), taken, fingerprint, order })
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
            return Located::Behind(self.taken);
        }
        if self.order == Order::Moving {
            return Located::Gone;
        }
        let found = items
            .iter()
            .position(|item| fingerprint(from_ref(item), self.order) == self.fingerprint);
        let read: usize = pages.iter().map(|page| page.page.results.len()).sum();
        match found {
            Some(index) => Located::Behind(index + 1),
            None if read < self.taken.min(LARGEST_PAGE) + LARGEST_PAGE => Located::NotYet,
            None => Located::Gone,
        }
    }
}
