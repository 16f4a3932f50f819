//! What an error says of sending the request again: whether it was carried out, and whether that can pass.

use hubspot_conversations_api::Operation;
use reqwest::{Method, StatusCode};

use super::{Error, ErrorKind};

impl Error {
    /// Whether HubSpot certainly carried the request out, although the call failed: it answered with
    /// a success that cannot be used. Doing it again would do it twice. Never of a request that only
    /// reads.
    pub fn was_carried_out(&self) -> bool {
        self.0.failure.was_carried_out && !self.0.not_sent
    }

    /// Whether HubSpot may have carried the request out although it failed, and nobody can tell. Never
    /// of a request that only reads, nor of one that [certainly was](Self::was_carried_out).
    ///
    /// After a send, [`Messages::find_sent`](crate::Messages::find_sent) looks whether it arrived.
    pub fn is_ambiguous(&self) -> bool {
        !self.was_carried_out()
            && self.0.operation.is_some_and(changes)
            && self.attempts() > 0
            && (self.0.ambiguous_before || self.may_be_carried_out())
    }

    /// Whether the same request can succeed later, and can be sent again without being carried out
    /// twice.
    pub fn is_retryable(&self) -> bool {
        let repeatable = self.0.operation.is_some_and(|operation| operation.idempotent);
        let passes = self.is_passing() || matches!(self.kind(), ErrorKind::Deadline);
        (passes || self.is_daily_limit()) && (repeatable || !self.is_ambiguous())
    }

    /// Whether a change was carried out, and only its record is missing.
    pub(crate) fn lacks_record(&self) -> bool {
        match self.kind() {
            ErrorKind::NoRecord => true,
            ErrorKind::Decode => self.was_carried_out(),
            _ => false,
        }
    }

    /// Whether another attempt can succeed soon.
    pub(crate) fn is_passing(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::Interrupted
            | ErrorKind::Server => true,
            // What is complete and wrong would come again.
            ErrorKind::Decode => self.0.failure.is_cut_short,
            ErrorKind::RateLimited => !self.is_daily_limit(),
            ErrorKind::Rejected => {
                self.status().is_some_and(|status| matches!(status.as_u16(), 408 | 423 | 477))
            }
            _ => false,
        }
    }

    /// Whether the last attempt may have been carried out.
    pub(crate) fn may_be_carried_out(&self) -> bool {
        match self.kind() {
            _ if self.0.not_sent => false,
            ErrorKind::Timeout | ErrorKind::Interrupted | ErrorKind::Server | ErrorKind::Decode => {
                true
            }
            // An intermediary can time out behind HubSpot's back.
            ErrorKind::Rejected => self.status() == Some(StatusCode::REQUEST_TIMEOUT),
            ErrorKind::UnexpectedStatus => !self.status().is_some_and(|s| s.is_redirection()),
            _ => false,
        }
    }

    /// Whether the last attempt was certainly not carried out, and can pass.
    pub(crate) fn is_surely_not_carried_out(&self) -> bool {
        self.is_passing() && !self.may_be_carried_out()
    }
}

/// Whether the operation does more than read.
pub(crate) fn changes(operation: &Operation) -> bool {
    let reads = operation.method == Method::GET
        || (operation.method == Method::POST && operation.idempotent);
    !reads
}
