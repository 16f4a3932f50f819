//! The causes of a failure: one constructor each.

use std::sync::Arc;
use std::time::Duration;

use hubspot_conversations_api::{
    self as api, DecodeError, ErrorBody, Operation, TooLarge, Undecodable,
};

use super::connection::connection_failure;
use super::{Cause, Error, ErrorKind, ErrorResponse, Outcome, reasons, retry_after};
use crate::transport::TransportError;

const EMPTY: &str = "the answer is empty, and JSON was expected";

/// How many bytes of a body are kept.
const KEPT_BODY: usize = 1024 * 1024;

impl Error {
    pub(crate) fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Cause::new(kind, reason).into()
    }

    /// A request that cannot succeed and is not sent.
    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, reason)
    }

    /// A failure of the connection. The URL, which can hold ids and cursors, is removed.
    pub(crate) fn http(error: reqwest::Error, base_url: &str) -> Self {
        let error = error.without_url();
        let (kind, reason) = connection_failure(&error, base_url);
        Cause { http: Some(error), ..Cause::new(kind, reason) }.into()
    }

    /// A failure of a transport that is not the network.
    pub(crate) fn transport(error: &TransportError) -> Self {
        match error {
            TransportError::Unreachable => Self::new(ErrorKind::Connect, "cannot reach the server"),
            _ => Self::new(ErrorKind::Interrupted, "the connection broke"),
        }
    }

    pub(crate) fn timeout(after: Duration) -> Self {
        Self::new(ErrorKind::Timeout, format!("no answer within {after:?}"))
    }

    /// A wait that would not end before the deadline.
    pub(crate) fn deadline(what: &str, wait: Duration) -> Self {
        let reason = format!("{what} would have taken {wait:.1?}, which is past the deadline");
        Self::new(ErrorKind::Deadline, reason).with_retry_after(Some(wait))
    }

    /// A wait for the rate limit that is longer than the longest without a deadline.
    pub(crate) fn wait_too_long(wait: Duration) -> Self {
        let reason = format!(
            "the rate limit lets nothing through for {wait:.1?}, which is longer than is waited \
             without a deadline; nothing was sent"
        );
        Self::new(ErrorKind::RateLimited, reason).with_retry_after(Some(wait))
    }

    /// The deadline has passed.
    pub(crate) fn no_time_left(what: &str) -> Self {
        Self::new(ErrorKind::Deadline, format!("no time was left until the deadline for {what}"))
    }

    /// The limiter knows that the daily requests are used up; nothing was sent.
    pub(crate) fn daily_limit(reset: Option<Duration>, of_share: bool) -> Self {
        let what = if of_share { "this client's share of " } else { "" };
        let reason = format!("{what}{}; nothing was sent", reasons::daily_limit(reset));
        let cause = Cause::new(ErrorKind::RateLimited, reason);
        Cause { policy: Some(reasons::DAILY), wait: reset, ..cause }.into()
    }

    /// The error of this crate for one of the generated client.
    pub(crate) fn of_call(
        error: api::Error,
        operation: &'static Operation,
        base_url: &str,
    ) -> Self {
        match error {
            api::Error::InvalidRequest(reason) => Self::invalid(reason),
            api::Error::Connection(error) => Self::http(error, base_url),
            api::Error::Answer(answer) => Self::response((*answer).into(), operation),
            api::Error::Decode(undecodable) => Self::unreadable(*undecodable, operation),
            api::Error::TooLarge(too_large) => Self::too_large(*too_large, operation),
            api::Error::NoRecord { is_empty, has_arrived, .. } => {
                Self::no_record(is_empty, has_arrived, operation)
            }
            other => Self::new(ErrorKind::Decode, other.to_string()),
        }
    }

    /// A response that is not a success.
    pub(crate) fn response(response: ErrorResponse, operation: &Operation) -> Self {
        let wait = retry_after(&response.headers);
        let (kind, reason) = reasons::of_response(response.status, &response.body, wait, operation);
        Cause { response: Some(response), wait, ..Cause::new(kind, reason) }.into()
    }

    /// A success without the promised record.
    fn no_record(is_empty: bool, has_arrived: bool, operation: &Operation) -> Self {
        if operation.is_change() {
            let reason = "HubSpot carried it out, and returned no record of it";
            return Self::new(ErrorKind::NoRecord, reason);
        }
        let reason = if is_empty { EMPTY } else { "the answer says that there is no record" };
        let cause = Cause::new(ErrorKind::Decode, reason);
        let error = Self::from(Cause { unreadable: Some(Vec::new()), ..cause });
        // A body that was cut short at its first byte is empty, too.
        error.with_outcome(Outcome::Unknown { is_transient: is_empty && !has_arrived })
    }

    /// Adds that reading the record of a change failed after it, too.
    pub(crate) fn not_read_again(mut self, failure: &Self) -> Self {
        let reason =
            format!("{}; reading it failed: {}", self.0.cause.reason, failure.0.cause.reason);
        self.0.cause = Arc::new(Cause::new(self.kind(), reason));
        self
    }

    /// A success whose body exceeds the limit.
    fn too_large(too_large: TooLarge, operation: &Operation) -> Self {
        let TooLarge { limit, text, .. } = too_large;
        let reason = format!("the answer is larger than {limit}, which is the most that is read");
        let cause = Cause::new(ErrorKind::TooLarge, reason);
        let error = Self::from(Cause { unreadable: Some(text), ..cause });
        if operation.is_change() { error.with_outcome(Outcome::Executed) } else { error }
    }

    /// A success that could not be read.
    fn unreadable(undecodable: Undecodable, operation: &Operation) -> Self {
        let Undecodable { error, is_complete, has_arrived, text, .. } = undecodable;
        // Gateways and HubSpot itself have answered errors with a 200.
        let body = ErrorBody::read(&text);
        let is_error = body.says_error() || body.category().is_some() || body.message().is_some();
        let is_whole = is_complete || (operation.is_change() && has_arrived);
        // HTML comes from another server, and says nothing of HubSpot.
        let is_of_hubspot = !is_error && first_byte(&text) != Some(b'<');
        let outcome = match operation.is_change() && is_whole && is_of_hubspot {
            true => Outcome::Executed,
            false => Outcome::Unknown { is_transient: !is_whole },
        };
        Self::undecodable(error, text, outcome)
    }

    /// JSON that could not be read.
    pub(crate) fn decode(error: DecodeError, text: &[u8]) -> Self {
        let is_complete = serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
        let text = text[..text.len().min(KEPT_BODY)].to_vec();
        Self::undecodable(error, text, Outcome::Unknown { is_transient: !is_complete })
    }

    fn undecodable(error: DecodeError, text: Vec<u8>, outcome: Outcome) -> Self {
        let reason = match first_byte(&text) {
            None => EMPTY.to_owned(),
            Some(b'<') => {
                "the answer is HTML, and JSON was expected: check the base URL".to_owned()
            }
            Some(_) => format!("the answer is not what the API promises: {error}"),
        };
        let cause = Cause::new(ErrorKind::Decode, reason);
        let (decode, unreadable) = (Some(error), Some(text));
        Self::from(Cause { decode, unreadable, ..cause }).with_outcome(outcome)
    }

    /// Sets after which time another attempt makes sense.
    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        if let Some(cause) = Arc::get_mut(&mut self.0.cause) {
            cause.wait = wait;
        }
        self
    }

    fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.0.outcome = outcome;
        self
    }
}

/// The first byte of a body that is not white space.
fn first_byte(text: &[u8]) -> Option<u8> {
    text.trim_ascii_start().first().copied()
}
