//! Whether to retry a request, and when.

mod budget;
mod retry_after;
#[cfg(test)]
mod tests;

use std::time::Duration;

use hubspot_conversations_api::Operation;

pub(crate) use budget::RetryBudget;
pub(crate) use retry_after::retry_after;

use crate::Error;
use crate::backoff::Backoff;
use crate::error::Outcome;

/// How long HubSpot holds a lock after a 423. It documents two seconds.
const LOCK: Duration = Duration::from_secs(2);

/// The waits after a 429 that does not say how long. Three of them outlast HubSpot's ten seconds.
const UNKNOWN_RATE_LIMIT: Backoff =
    Backoff { first: Duration::from_secs(2), longest: Duration::from_secs(16) };

/// The least waits before a throttled request is sent again, so that a server that asks for no wait,
/// or a very short one, is not asked again and again.
const LEAST_THROTTLE_WAIT: Backoff =
    Backoff { first: Duration::from_millis(500), longest: Duration::from_secs(4) };

/// The longest wait that a setting can cause.
const LONGEST_BACKOFF: Duration = Duration::from_secs(24 * 60 * 60);

/// How a request is retried after transient failures.
///
/// A request that must not be executed twice, such as sending a message, is retried only if HubSpot
/// provably did not execute it: the connection was refused, or HubSpot answered 423, 429 or 477. Other
/// requests are also retried after timeouts, broken connections, truncated responses and 5xx.
///
/// Waits grow exponentially, with full jitter: random between zero and their ceiling. If HubSpot says
/// how long to wait, that is the least wait: `Retry-After`, or after a 429
/// `X-HubSpot-RateLimit-Interval-Milliseconds`.
///
/// # Throttled requests
///
/// A 429 is not a failed attempt: HubSpot did nothing, and says when to come back. The same holds for
/// 423, a lock, and 477 with `Retry-After`, a migration of the account. They cost time, but no attempts
/// and no [budget](crate::ClientBuilder::retry_budget): the request is retried until its deadline, or
/// without one for [`max_throttle_time`](Self::max_throttle_time). The daily limit is not waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Retry {
    attempts: u32,
    backoff: Duration,
    max_backoff: Duration,
    max_retry_after: Duration,
    max_throttle_time: Duration,
    wait_for_budget: bool,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 4,
            backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(10),
            max_retry_after: Duration::from_secs(60),
            max_throttle_time: Duration::from_secs(5 * 60),
            wait_for_budget: false,
        }
    }
}

/// The attempts of a call so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Attempts {
    /// Those that failed and were not throttled.
    pub(crate) failed: u32,
    /// Those that HubSpot throttled.
    pub(crate) throttled: u32,
    /// The time since the first of these.
    pub(crate) throttled_for: Duration,
    /// For how long the rate limiter sends nothing.
    pub(crate) pause: Duration,
    /// The time until the deadline, if there is one.
    pub(crate) left: Option<Duration>,
}

impl Retry {
    /// No retries, also not after a 429.
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// For a job of many requests, such as an export, which an outage of some minutes should only delay:
    /// 20 attempts, waits of up to a minute, half an hour of throttling per request, and
    /// [waiting](Self::wait_for_budget) for the retry budget.
    ///
    /// ```
    /// # async fn example(client: hubspot_conversations::Client) -> Result<(), hubspot_conversations::Error> {
    /// use hubspot_conversations::Retry;
    ///
    /// let mut threads = client.threads().list().retry(Retry::for_long_jobs()).stream();
    /// while let Some(thread) = threads.try_next().await? {
    ///     // …
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn for_long_jobs() -> Self {
        Self {
            attempts: 20,
            max_backoff: Duration::from_secs(60),
            max_throttle_time: Duration::from_secs(30 * 60),
            wait_for_budget: true,
            ..Self::default()
        }
    }

    /// The most attempts, with the first one. 4, if not set; at least 1, which means no retries.
    /// [Throttled](Self#throttled-requests) attempts do not count.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The ceiling of the first wait. It doubles with each attempt. 500 ms, if not set.
    pub fn backoff(mut self, ceiling: Duration) -> Self {
        self.backoff = ceiling;
        self
    }

    /// The highest ceiling of a wait. 10 s, if not set.
    pub fn max_backoff(mut self, ceiling: Duration) -> Self {
        self.max_backoff = ceiling;
        self
    }

    /// The longest wait that HubSpot can ask for, before a retry or for the rate limit. A longer one is an
    /// error at once, whose [`retry_after`](crate::Error::retry_after) is the wait. 60 s, if not set. If
    /// the call has a deadline, that decides instead.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// How long a [throttled](Self#throttled-requests) request is retried, from the first 429 on.
    /// 5 minutes, if not set; at least [`max_retry_after`](Self::max_retry_after). If the call has a
    /// deadline, that decides instead.
    pub fn max_throttle_time(mut self, time: Duration) -> Self {
        self.max_throttle_time = time;
        self
    }

    /// Whether to wait while the [retry budget](crate::ClientBuilder::retry_budget) is empty, instead of
    /// failing: until a success returns a retry, or for one [`max_backoff`](Self::max_backoff). `false`,
    /// if not set.
    pub fn wait_for_budget(mut self, wait: bool) -> Self {
        self.wait_for_budget = wait;
        self
    }

    /// How long to wait before the next attempt. `None` if there must not be one.
    pub(crate) fn wait(
        &self,
        error: &Error,
        operation: &Operation,
        attempts: Attempts,
    ) -> Option<Duration> {
        let outcome = error.outcome();
        let is_throttled = outcome == Outcome::Throttled;
        let is_safe = operation.idempotent || !outcome.is_unknown();
        let is_exhausted = !is_throttled && attempts.failed >= self.attempts;
        if self.attempts == 1 || !outcome.is_transient() || !is_safe || is_exhausted {
            return None;
        }
        let wait = self.wait_after(error, attempts)?;
        let until_sent = wait.max(attempts.pause);
        let is_worth_it = match attempts.left {
            Some(left) => until_sent < left,
            None => {
                let total = attempts.throttled_for.saturating_add(until_sent);
                until_sent <= self.max_retry_after
                    && (!is_throttled || total <= self.max_throttle_time.max(self.max_retry_after))
            }
        };
        is_worth_it.then_some(wait)
    }

    /// The longest wait for the rate limit where there is no deadline.
    pub(crate) fn max_wait(&self) -> Duration {
        self.max_retry_after
    }

    /// How long to wait for the retry budget. `None` if it is not waited for.
    pub(crate) fn budget_wait(&self) -> Option<Duration> {
        self.wait_for_budget.then_some(self.max_backoff.min(LONGEST_BACKOFF))
    }

    /// How long to wait after this error. `None` if that is not known.
    fn wait_after(&self, error: &Error, attempts: Attempts) -> Option<Duration> {
        let asked = error.retry_after();
        let least = LEAST_THROTTLE_WAIT.after(attempts.throttled);
        match error.status().map(|status| status.as_u16()) {
            Some(423) => Some(asked.unwrap_or(LOCK).max(LOCK).max(least)),
            Some(429) => Some(rate_limit_wait(error, attempts.throttled)),
            // HubSpot moves the account, for up to a day.
            Some(477) => asked.map(|asked| asked.max(least)),
            _ => {
                let longest = self.max_backoff.min(LONGEST_BACKOFF);
                let ceiling = Backoff { first: self.backoff, longest }.after(attempts.failed);
                Some(ceiling.mul_f64(fastrand::f64()).max(asked.unwrap_or_default()))
            }
        }
    }
}

/// How long to send nothing after the n-th 429 of a call, of a limit that is not the day's.
///
/// HubSpot documents no `Retry-After` for it, and counts anew after the interval in its headers.
/// Neither is believed if it is zero.
pub(crate) fn rate_limit_wait(error: &Error, throttled: u32) -> Duration {
    let asked = error.retry_after().filter(|wait| !wait.is_zero());
    match asked.or_else(|| error.rate_limit_interval()) {
        Some(asked) => asked.max(LEAST_THROTTLE_WAIT.after(throttled)),
        None => UNKNOWN_RATE_LIMIT.after(throttled),
    }
}
