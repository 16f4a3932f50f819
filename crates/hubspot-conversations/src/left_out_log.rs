//! What is logged of places that could not be read.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use hubspot_conversations_api::{LeftOut, Operation, OperationId};

use crate::telemetry;

/// How many places are remembered. Places are of the document's types, so there are no more.
const MAX_PLACES: usize = 10_000;

/// The places that were logged. Each is logged once per operation and type found, not per item: a
/// flaw that is in one record of a list is mostly in all.
#[derive(Default)]
pub(crate) struct LeftOutLog(Mutex<HashSet<(OperationId, String, String)>>);

impl LeftOutLog {
    pub(crate) fn report(&self, operation: &'static Operation, left_out: &[LeftOut]) {
        for place in left_out {
            let key = (operation.id, place.path().to_owned(), place.found().to_owned());
            let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let is_new = logged.len() < MAX_PLACES && logged.insert(key);
            drop(logged);
            if is_new {
                telemetry::left_out(operation, place);
            }
        }
    }
}
