//! Finding the place where a list was left, in a list that may have changed.

use std::collections::VecDeque;
use std::slice::from_ref;

use super::identity::Order;
use super::place::{Place, mark};
use super::walk::Fetched;

/// The most items that HubSpot puts on a page.
const LARGEST_PAGE: usize = 500;

/// The place within a page that is looked for.
pub(super) struct Search {
    pub(super) place: Place,
    taken: usize,
    mark: u64,
    order: Order,
}

/// What the pages read so far say.
pub(super) enum Finding {
    /// The list goes on in the page read last, behind so many of its items.
    Behind(usize),
    /// The next page may tell.
    NotYet,
    /// The item taken last is gone, or can be anywhere.
    Gone,
}

impl Search {
    /// For a place within a page. Others need no search.
    pub(super) fn of(place: &Place, order: Order) -> Option<Self> {
        match *place {
            Place::Item { taken, mark, .. } => {
                Some(Self { place: place.clone(), taken, mark, order })
            }
            Place::Page(_) | Place::End => None,
        }
    }

    /// Looks at the page read last.
    pub(super) fn look<T>(&self, pages: &VecDeque<Fetched<T>>) -> Finding {
        let Some(last) = pages.back() else { return Finding::NotYet };
        let items = &last.page.results;
        let is_unchanged = pages.len() == 1
            && items.get(..self.taken).is_some_and(|taken| mark(taken, self.order) == self.mark);
        if is_unchanged {
            return Finding::Behind(self.taken);
        }
        if self.order == Order::Moving {
            return Finding::Gone;
        }
        let found = items.iter().position(|item| mark(from_ref(item), self.order) == self.mark);
        let read: usize = pages.iter().map(|page| page.page.results.len()).sum();
        match found {
            Some(index) => Finding::Behind(index + 1),
            None if read < self.taken.min(LARGEST_PAGE) + LARGEST_PAGE => Finding::NotYet,
            None => Finding::Gone,
        }
    }
}
