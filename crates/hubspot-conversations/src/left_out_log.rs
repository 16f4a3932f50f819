//! Logging of left-out places.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use hubspot_conversations_api::{LeftOut, Operation};

use crate::telemetry;

/// The most places remembered. Places belong to the document's types, so there are fewer.
const MAX_PLACES: usize = 10_000;

/// The places that were logged. Each is logged once per operation (or kind of event) and type found: a
/// malformed field of one record is mostly malformed in all.
#[derive(Default)]
pub(crate) struct LeftOutLog(Mutex<HashSet<(String, String, String)>>);

impl LeftOutLog {
    pub(crate) fn report(&self, operation: &'static Operation, left_out: &[LeftOut]) {
        self.log_new(operation.name, left_out, |place| telemetry::left_out(operation, place));
    }

    /// The same of a webhook's event.
    #[cfg(feature = "webhook")]
    pub(crate) fn report_of_event(&self, kind: &str, left_out: &[LeftOut]) {
        self.log_new(kind, left_out, |place| telemetry::left_out_of_event(kind, place));
    }

    fn log_new(&self, of: &str, left_out: &[LeftOut], log: impl Fn(&LeftOut)) {
        for place in left_out {
            let key = (of.to_owned(), place.path().to_owned(), place.found().to_owned());
            let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let is_new = logged.len() < MAX_PLACES && logged.insert(key);
            drop(logged);
            if is_new {
                log(place);
            }
        }
    }
}
