//! Logging of left-out places.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use hubspot_conversations_api::LeftOut;

use crate::telemetry;

/// The most places remembered. Places belong to the document's types, so there are fewer.
const MAX_PLACES: usize = 10_000;

/// The places that were logged. Each is logged once per operation (or kind of event) and type found: a
/// malformed field of one record is mostly malformed in all.
#[derive(Default)]
pub(crate) struct LeftOutLog(Mutex<HashSet<(String, String, String)>>);

impl LeftOutLog {
    /// Logs the new ones of these places: of an operation's response, or of an event of this kind.
    pub(crate) fn report(
        &self,
        operation: Option<&str>,
        event: Option<&str>,
        left_out: &[LeftOut],
    ) {
        let of = operation.or(event).unwrap_or_default();
        for place in left_out {
            let key = (of.to_owned(), place.path().to_owned(), place.found().to_owned());
            let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let is_new = logged.len() < MAX_PLACES && logged.insert(key);
            drop(logged);
            if is_new {
                telemetry::left_out(operation, event, place);
            }
        }
    }
}
