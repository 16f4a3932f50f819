//! What a value's JSON held that its type could not take, and where.

use std::cell::{Cell, RefCell};
use std::fmt;

use crate::budget::{self, Budget};
use crate::decode::DecodeError;

/// A place whose JSON could not be read for what it means, and was left out of the typed value.
///
/// It tells the place and the types, never the value. One entry stands for all places of a value that
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

    /// Places it inside an outer value.
    pub(crate) fn within(mut self, outer: &str) -> Self {
        self.path = match self.path.as_str() {
            "" => outer.to_owned(),
            inner => format!("{outer}.{inner}"),
        };
        self
    }

    /// The names of the fields that lead to the place, such as `senders.deliveryIdentifier.type`.
    /// Indices and keys of maps are not in it. Empty for the whole value.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the field is read as, such as `a whole number`.
    pub fn expected(&self) -> &str {
        self.expected
    }

    /// What kind of JSON was found, such as `an object`.
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

/// What has been left out so far in the readings under way on this thread.
///
/// Reading is synchronous, so that readers deep inside a value need not be handed a collector; serde's
/// traits have no room for one.
struct Collected {
    readings: usize,
    places: Vec<LeftOut>,
}

thread_local! {
    /// How many places there are. Each field asks for it, and nothing else as long as there is no flaw.
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

/// A reading under way. What is noted while it lasts is kept for an outer one, if there is one.
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

    /// What has been left out since it began, so that no outer reading gets it.
    pub(crate) fn take(self) -> Vec<LeftOut> {
        change(|collected| collected.places.split_off(self.since.0))
    }

    /// Drops what was read since it began: it is read again, or kept in another form.
    pub(crate) fn discard(self) {
        budget::restore(self.budget);
        self.take();
    }

    /// What was noted last, as the reason why nothing could be read.
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

/// Notes that the value at hand is left out. Its place is told by those who read what it is in.
pub(crate) fn note(expected: &'static str, found: &'static str) {
    change(|collected| {
        collected.places.push(LeftOut { path: String::new(), expected, found });
    });
}

/// How much had been left out at a moment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(usize);

impl Mark {
    pub(crate) fn here() -> Self {
        Self(COUNT.get())
    }

    /// Whether this field itself has been left out since. It is then the last to have been.
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

    /// Says of what has been left out since which field it was in.
    pub(crate) fn within(self, field: &str) {
        if Self::here() == self {
            return;
        }
        change(|collected| {
            let places = collected.places.split_off(self.0);
            collected.places.extend(places.into_iter().map(|place| place.within(field)));
        });
    }

    /// Drops what has been left out since and is known from between an earlier mark and this one, so that
    /// a list of a million flawed elements has one place.
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
