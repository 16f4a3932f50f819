//! From a body to its events.

use hubspot_conversations_api as api;
use serde_json::value::RawValue;

use super::Event;
use crate::DecodeError;

/// Reads the body of a request: an array of up to a hundred events, as subscriptions send them, or
/// one event alone, as custom channels do.
///
/// Verify the body first: see [`Verifier`](super::Verifier).
///
/// # Errors
///
/// The body is not JSON in UTF-8, or neither an array nor an object. Anything within an array is an event,
/// if need be an unreadable one, and costs no other.
pub fn events(body: &[u8]) -> Result<Vec<Event>, DecodeError> {
    // An event keeps the JSON that was signed. What is not UTF-8 would be replaced in it.
    if std::str::from_utf8(body).is_err() {
        return Err(DecodeError::of::<Box<RawValue>>(body));
    }
    let start = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let events: Vec<Box<RawValue>> =
        if start == Some(&b'{') { vec![api::from_slice(body)?] } else { api::from_slice(body)? };
    Ok(events.into_iter().map(Event::read).collect())
}
