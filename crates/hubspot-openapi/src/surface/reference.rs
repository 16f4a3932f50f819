//! `$ref`s and JSON pointers.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

/// A place where there is nothing, which allows everything.
pub(super) const ANYTHING: &str = "/x-anything";

/// A document whose `$ref`s can be followed.
///
/// One that leads nowhere costs what it stands for, and is noted: HubSpot publishes some, and
/// `normalize` reads them alike.
pub(super) struct References<'a> {
    pub(super) document: &'a Value,
    notes: RefCell<BTreeSet<String>>,
}

impl<'a> References<'a> {
    pub(super) fn of(document: &'a Value) -> Self {
        Self { document, notes: RefCell::default() }
    }

    /// The `$ref`s that lead nowhere, a sentence each.
    pub(super) fn notes(&self) -> Vec<String> {
        self.notes.take().into_iter().collect()
    }

    /// What is at a place; null if nothing is.
    pub(super) fn at(&self, pointer: &str) -> &'a Value {
        self.document.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The pointer to what a reference names.
    pub(super) fn target(&self, holder: &str, reference: &str) -> Option<String> {
        let target = reference.strip_prefix('#').filter(|it| self.document.pointer(it).is_some());
        if target.is_none() {
            self.note(format!("the $ref {reference:?} at {holder} leads nowhere"));
        }
        target.map(str::to_owned)
    }

    /// Follows `$ref`s from a place to something that is none.
    pub(super) fn follow(&self, pointer: &str) -> Option<String> {
        let mut seen = HashSet::new();
        let mut pointer = pointer.to_owned();
        while let Some(reference) = self.at(&pointer)["$ref"].as_str() {
            let next = self.target(&pointer, reference)?;
            if !seen.insert(std::mem::replace(&mut pointer, next)) {
                self.cycle(&pointer);
                return None;
            }
        }
        Some(pointer)
    }

    /// Notes a `$ref` that has no end.
    pub(super) fn cycle(&self, pointer: &str) {
        self.note(format!("the $ref at {pointer} leads back to itself"));
    }

    fn note(&self, what: String) {
        self.notes.borrow_mut().insert(what);
    }
}

/// A key as it stands in a pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The name of the schema a pointer names, if it names a schema.
pub(super) fn schema_name(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}
