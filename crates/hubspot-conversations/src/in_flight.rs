//! Changes in flight: sent, with an outcome that is not known yet.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hubspot_conversations_api::Operation;

/// The changes in flight of a client and its clones.
#[derive(Default)]
pub(crate) struct InFlight(Mutex<Vec<&'static Operation>>);

impl InFlight {
    /// Notes a change until the guard is dropped.
    pub(crate) fn begin(&self, operation: &'static Operation) -> Change<'_> {
        self.operations().push(operation);
        Change { all: self, operation }
    }

    pub(crate) fn now(&self) -> Vec<&'static Operation> {
        self.operations().clone()
    }

    fn operations(&self) -> MutexGuard<'_, Vec<&'static Operation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A change in flight.
pub(crate) struct Change<'a> {
    all: &'a InFlight,
    operation: &'static Operation,
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        let mut operations = self.all.operations();
        if let Some(index) = operations.iter().position(|other| other.id == self.operation.id) {
            operations.swap_remove(index);
        }
    }
}
