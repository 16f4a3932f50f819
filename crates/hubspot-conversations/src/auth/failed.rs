//! Why a refresh failed.

use std::time::Duration;

use crate::{Error, ErrorKind};

/// How often a refresh asks for a token before it gives up.
pub(super) const ATTEMPTS: u32 = 3;

/// The longest wait between two attempts. Callers may be waiting all the while.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Why a refresh failed. Unlike an [`Error`], of which every call gets one of its own to fill in,
/// it is shared by all that waited.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub(super) kind: ErrorKind,
    pub(super) reason: String,
    /// After how long the server wants to be asked again.
    pub(super) retry_after: Option<Duration>,
}

impl Failed {
    pub(super) fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), retry_after: None }
    }

    /// How long to wait before the next attempt. `None` if there is to be none.
    pub(super) fn wait(&self, attempt: u32) -> Option<Duration> {
        if attempt >= ATTEMPTS || !self.is_passing() {
            return None;
        }
        let ceiling = Duration::from_millis(250) * 2_u32.pow(attempt);
        // Half of it for certain: an outage of a moment should be over by then.
        let least = ceiling.mul_f64(0.5 + fastrand::f64() / 2.0);
        let wait = self.retry_after.unwrap_or_default().max(least);
        (wait <= LONGEST_WAIT).then_some(wait)
    }

    fn is_passing(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Connect
                | ErrorKind::Timeout
                | ErrorKind::Interrupted
                | ErrorKind::Server
                | ErrorKind::RateLimited
                | ErrorKind::Decode
        )
    }

    pub(super) fn after(mut self, attempts: u32) -> Self {
        if attempts > 1 {
            self.reason = format!("{} ({attempts} attempts)", self.reason);
        }
        self
    }

    pub(super) fn error(&self) -> Error {
        Error::no_token(self.kind, &self.reason).with_retry_after(self.retry_after)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::new(error.kind(), error.to_string())
    }
}
