//! Whether to send a request again, and when.

mod after;
mod budget;

use std::time::Duration;

use hubspot_conversations_api::Operation;

pub(crate) use after::retry_after;
pub(crate) use budget::RetryBudget;

use crate::Error;

/// How long HubSpot holds a lock that it answers 423 for. It documents two seconds.
const LOCK: Duration = Duration::from_secs(2);

/// The first wait after a 429 that says nothing of how long. Three such waits, each twice as long
/// as the one before, outlast HubSpot's ten seconds.
const UNKNOWN_RATE_LIMIT: Duration = Duration::from_secs(2);

/// How often, and how quickly, a request is sent again after a failure that can pass.
///
/// What cannot be done twice, such as sending a message, is sent again only if it certainly was not
/// carried out: the connection was refused, or HubSpot answered 423, 429 or 477. Everything else is
/// sent again also after timeouts, broken connections, unreadable answers and 5xx.
///
/// Waits grow exponentially and are random between nothing and their ceiling ("full jitter"), so
/// that many programs do not come back at the same moment. Where HubSpot says how long to wait,
/// that is waited: `Retry-After`, else after a 429 `X-HubSpot-RateLimit-Interval-Milliseconds`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Retry {
    attempts: u32,
    backoff: Duration,
    longest_backoff: Duration,
    longest_wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 4,
            backoff: Duration::from_millis(500),
            longest_backoff: Duration::from_secs(10),
            longest_wait: Duration::from_secs(60),
        }
    }
}

impl Retry {
    /// Nothing is sent again.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// How often a request is sent at most, the first time included. 4, if not set; at least 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The ceiling of the first wait. It doubles with each attempt. 500 ms, if not set.
    pub fn backoff(mut self, ceiling: Duration) -> Self {
        self.backoff = ceiling;
        self
    }

    /// The highest that the ceiling of a wait grows to. 10 s, if not set.
    pub fn longest_backoff(mut self, ceiling: Duration) -> Self {
        self.longest_backoff = ceiling;
        self
    }

    /// The longest wait that HubSpot can ask for; a longer one makes the failure an error at once.
    /// 60 s, if not set. Where a call has a deadline, that decides instead.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How long to wait before the request is sent again, after `attempt` attempts. `None` if it
    /// must not be. `left` is the time until the deadline, if there is one.
    pub(crate) fn wait(
        &self,
        error: &Error,
        operation: &Operation,
        attempt: u32,
        left: Option<Duration>,
    ) -> Option<Duration> {
        if attempt >= self.attempts || !error.is_passing() {
            return None;
        }
        if !operation.idempotent && !error.is_surely_not_carried_out() {
            return None;
        }
        let wait = self.wait_of(error, attempt)?;
        (wait <= left.unwrap_or(self.longest_wait)).then_some(wait)
    }

    /// How long to wait after this error. `None` if nobody knows.
    fn wait_of(&self, error: &Error, attempt: u32) -> Option<Duration> {
        let asked = error.retry_after();
        match error.status().map(|status| status.as_u16()) {
            Some(423) => Some(asked.unwrap_or(LOCK).max(LOCK)),
            Some(429) => Some(rate_limit_wait(error, attempt)),
            // HubSpot moves the account, for up to a day.
            Some(477) => asked,
            _ => Some(asked.unwrap_or_else(|| self.jittered(attempt))),
        }
    }

    fn jittered(&self, attempt: u32) -> Duration {
        let ceiling = self.backoff.saturating_mul(2_u32.saturating_pow(attempt - 1));
        ceiling.min(self.longest_backoff).mul_f64(fastrand::f64())
    }
}

/// How long to send nothing after a 429 of a limit that is not the day's.
///
/// HubSpot documents no `Retry-After` for it, and counts anew after the interval that its headers
/// tell.
pub(crate) fn rate_limit_wait(error: &Error, attempt: u32) -> Duration {
    error.retry_after().or_else(|| error.rate_limit_interval()).unwrap_or_else(|| {
        UNKNOWN_RATE_LIMIT.saturating_mul(2_u32.saturating_pow(attempt.min(4).saturating_sub(1)))
    })
}
