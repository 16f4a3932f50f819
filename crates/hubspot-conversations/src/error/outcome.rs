//! What became of a failed request at HubSpot, and whether to send it again.

use super::{Cause, Error, ErrorKind};

/// The outcome of a failed attempt at HubSpot, and whether another attempt can succeed soon. The
/// classification is made once, when the error is made; all retry decisions follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// HubSpot did not execute it, and another attempt would fail alike.
    Permanent,
    /// HubSpot did not execute it, and another attempt can succeed.
    NotExecuted,
    /// HubSpot did not execute it, and determines when to send it again: 423, 429, 477.
    Throttled,
    /// HubSpot may have executed it.
    Unknown {
        /// Whether another attempt can succeed.
        is_transient: bool,
    },
    /// HubSpot executed it, and its response is unusable.
    Executed,
}

impl Outcome {
    pub(super) fn of(cause: &Cause) -> Self {
        let status = cause.response.as_ref().map(|response| response.status);
        match (cause.kind, status.map(|status| status.as_u16())) {
            (ErrorKind::Connect, _) => Self::NotExecuted,
            (ErrorKind::RateLimited, _) if cause.is_daily_limit() => Self::Permanent,
            (ErrorKind::RateLimited, None) => Self::NotExecuted,
            (ErrorKind::RateLimited, Some(_)) | (ErrorKind::Rejected, Some(423 | 477)) => {
                Self::Throttled
            }
            (ErrorKind::Timeout | ErrorKind::Interrupted | ErrorKind::Server, _)
            // An intermediary can time out after HubSpot received the request.
            | (ErrorKind::Rejected, Some(408)) => Self::Unknown { is_transient: true },
            (ErrorKind::UnexpectedStatus, Some(300..=399)) => Self::Permanent,
            // A response that is complete and wrong would be the same again.
            (ErrorKind::UnexpectedStatus | ErrorKind::Decode, _) => {
                Self::Unknown { is_transient: false }
            }
            (ErrorKind::NoRecord, _) => Self::Executed,
            _ => Self::Permanent,
        }
    }

    /// Whether another attempt can succeed soon.
    pub(crate) fn is_transient(self) -> bool {
        matches!(self, Self::NotExecuted | Self::Throttled | Self::Unknown { is_transient: true })
    }

    /// Whether HubSpot may have executed the attempt.
    pub(crate) fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown { .. })
    }
}

impl Error {
    /// The outcome of the last attempt.
    pub(crate) fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// Whether HubSpot certainly executed the request, although the call failed: it responded with
    /// a success that cannot be used. Sending it again would do it twice. Never of a request that
    /// only reads.
    pub fn was_carried_out(&self) -> bool {
        self.0.outcome == Outcome::Executed
    }

    /// Whether HubSpot may have executed the request although it failed, which is not known. Never
    /// of a request that only reads, nor of one that [certainly was](Self::was_carried_out).
    ///
    /// After a send, [`Messages::find_sent`](crate::Messages::find_sent) looks whether it arrived.
    pub fn is_ambiguous(&self) -> bool {
        !self.was_carried_out()
            && self.0.operation.is_some_and(|operation| operation.is_change())
            && self.attempts() > 0
            && (self.0.ambiguous_before || self.0.outcome.is_unknown())
    }

    /// Whether the same request can succeed later, and can be sent again without being executed
    /// twice.
    pub fn is_retryable(&self) -> bool {
        let is_idempotent = self.0.operation.is_some_and(|operation| operation.idempotent);
        let can_succeed = self.0.outcome.is_transient()
            || self.kind() == ErrorKind::Deadline
            || self.is_daily_limit();
        can_succeed && (is_idempotent || !self.is_ambiguous())
    }

    /// Whether a change was executed, and only its record is missing.
    pub(crate) fn lacks_record(&self) -> bool {
        self.was_carried_out() && self.kind() != ErrorKind::TooLarge
    }

    /// Says that no request was sent, for lack of a token. The error of a token provider can be
    /// that of its own request, whose outcome says nothing about the call's.
    pub(crate) fn not_sent(self) -> Self {
        let outcome = match self.0.outcome {
            Outcome::Unknown { is_transient: true } => Outcome::NotExecuted,
            Outcome::Unknown { is_transient: false } | Outcome::Executed => Outcome::Permanent,
            known => known,
        };
        Self::new_context(self.0.cause, outcome)
    }
}
