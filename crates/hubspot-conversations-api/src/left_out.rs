//! Places in a value's JSON that could not be read into its type.

use std::cell::{Cell, RefCell};
use std::fmt;

use crate::budget::{self, Budget};
use crate::decode::DecodeError;

/// A place whose JSON could not be read, and which is absent from the typed value.
///
/// It contains the path and the types, never the value. One entry covers all places of a value that
/// differ only in an index or in the key of a map.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LeftOut {
    path: String,
    expected: &'static str,
    found: &'static str,
}

impl LeftOut {
    pub(crate) fn new(path: &str, expected: &'static str, found: &'static str) -> Self {
        Self { path: path.to_owned(), expected, found }
    }

    /// Prepends the path of the outer value.
    pub(crate) fn within(mut self, outer: &str) -> Self {
        self.path = match self.path.as_str() {
            "" => outer.to_owned(),
            inner => format!("{outer}.{inner}"),
        };
        self
    }

    /// Path of the place as field names, such as `senders.deliveryIdentifier.type`, without indices
    /// and keys of maps. Empty for the whole value.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The expected type, such as `a whole number`.
    pub fn expected(&self) -> &str {
        self.expected
    }

    /// The JSON type found, such as `an object`.
    pub fn found(&self) -> &str {
        self.found
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "expected {}, found {}", self.expected, self.found),
            path => write!(f, "at `{path}`: expected {}, found {}", self.expected, self.found),
        }
    }
}

impl fmt::Debug for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The places left out so far by the decodes in progress on this thread.
///
/// A thread local, because serde's traits cannot pass a collector to the readers of nested values.
/// It works because decoding is synchronous.
struct Collected {
    readings: usize,
    places: Vec<LeftOut>,
}

thread_local! {
    /// Number of places. Every field reads it; if nothing is malformed, no field reads anything
    /// else.
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static COLLECTED: RefCell<Collected> =
        const { RefCell::new(Collected { readings: 0, places: Vec::new() }) };
}

fn change<T>(change: impl FnOnce(&mut Collected) -> T) -> T {
    COLLECTED.with_borrow_mut(|collected| {
        let changed = change(collected);
        COUNT.set(collected.places.len());
        changed
    })
}

/// A decode in progress. The places noted during it go to the outer one, if there is one.
pub(crate) struct Reading {
    since: Mark,
    budget: Budget,
}

impl Reading {
    pub(crate) fn begin() -> Self {
        change(|collected| {
            if collected.readings == 0 {
                budget::begin();
            }
            collected.readings += 1;
        });
        Self { since: Mark::here(), budget: budget::left() }
    }

    /// Takes the places left out since it began: no outer decode receives them.
    pub(crate) fn take(self) -> Vec<LeftOut> {
        change(|collected| collected.places.split_off(self.since.0))
    }

    /// Drops the places noted since it began: the JSON is read again, or kept in another form.
    pub(crate) fn discard(self) {
        budget::restore(self.budget);
        self.take();
    }

    /// The place noted last, as the reason why nothing could be read.
    pub(crate) fn reason(self) -> Option<DecodeError> {
        self.take().pop().map(DecodeError::from)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        change(|collected| {
            collected.readings -= 1;
            if collected.readings == 0 {
                collected.places.clear();
            }
        });
    }
}

/// Notes that the current value is left out. The readers of the enclosing values add its path.
pub(crate) fn note(expected: &'static str, found: &'static str) {
    change(|collected| {
        collected.places.push(LeftOut { path: String::new(), expected, found });
    });
}

/// The number of places left out at a point in time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(usize);

impl Mark {
    pub(crate) fn here() -> Self {
        Self(COUNT.get())
    }

    /// Whether this field itself has been left out since. It is then the last place noted.
    pub(crate) fn ends_with(self, field: &str) -> bool {
        change(|collected| {
            let places = &mut collected.places;
            let at = places[self.0..].iter().rposition(|place| place.path == field);
            if let Some(at) = at {
                let place = places.remove(self.0 + at);
                places.push(place);
            }
            at.is_some()
        })
    }

    /// Prepends this field to the paths of the places noted since.
    pub(crate) fn within(self, field: &str) {
        if Self::here() == self {
            return;
        }
        change(|collected| {
            let places = collected.places.split_off(self.0);
            collected.places.extend(places.into_iter().map(|place| place.within(field)));
        });
    }

    /// Drops the places noted since that are equal to places between an earlier mark and this one,
    /// so that a list of a million malformed elements has one place.
    pub(crate) fn without_repetition(self, since: Self) {
        if Self::here() == self {
            return;
        }
        change(|collected| {
            let new = collected.places.split_off(self.0);
            for place in new {
                if !collected.places[since.0..].contains(&place) {
                    collected.places.push(place);
                }
            }
        });
    }
}
