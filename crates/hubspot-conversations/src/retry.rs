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
        let is_worth_it = match left {
            Some(left) => wait < left,
            None => wait <= self.longest_wait,
        };
        is_worth_it.then_some(wait)
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hubspot_conversations_api::{Operation, OperationId};
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::Retry;
    use crate::Error;
    use crate::error::Answer;

    const SECOND: Duration = Duration::from_secs(1);

    fn answered(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Error {
        let headers: HeaderMap = headers
            .iter()
            .map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let status = StatusCode::from_u16(status).unwrap_or_default();
        Error::answer(Answer::new(status, headers, body.into()), send())
    }

    fn send() -> &'static Operation {
        OperationId::SendMessage.operation()
    }

    fn read() -> &'static Operation {
        OperationId::GetThread.operation()
    }

    /// The wait after the first attempt, without a deadline.
    fn wait(error: &Error, operation: &Operation) -> Option<Duration> {
        Retry::default().wait(error, operation, 1, None)
    }

    #[test]
    fn a_lock_is_left_alone_for_two_seconds_at_least() {
        for (headers, expected) in [
            (&[][..], 2 * SECOND),
            (&[("retry-after", "0")], 2 * SECOND),
            (&[("retry-after", "5")], 5 * SECOND),
        ] {
            let locked = answered(423, headers, "");
            assert_eq!(wait(&locked, send()), Some(expected));
            assert_eq!(wait(&locked, read()), Some(expected));
        }
    }

    #[test]
    fn a_migration_takes_as_long_as_it_says() {
        let moving = answered(477, &[("retry-after", "7200")], "");
        assert_eq!(wait(&moving, read()), None, "two hours are not waited unasked");
        let patient = Retry::default().longest_wait(7200 * SECOND);
        assert_eq!(patient.wait(&moving, send(), 1, None), Some(7200 * SECOND));
        let deadline = |left| Retry::default().wait(&moving, read(), 1, Some(left));
        assert_eq!(deadline(7200 * SECOND), None, "no time would be left for the request");
        assert_eq!(deadline(7201 * SECOND), Some(7200 * SECOND));
        assert_eq!(wait(&answered(477, &[], ""), read()), None, "nobody knows how long");
    }

    #[test]
    fn a_burst_limit_is_waited_out() {
        let interval = ("x-hubspot-ratelimit-interval-milliseconds", "10000");
        let after = |headers: &[_]| wait(&answered(429, headers, "{}"), send());
        assert_eq!(after(&[interval]), Some(10 * SECOND));
        assert_eq!(after(&[interval, ("retry-after", "3")]), Some(3 * SECOND));
        let unknown = answered(429, &[], "");
        let waits = [1, 2, 3].map(|attempt| Retry::default().wait(&unknown, read(), attempt, None));
        assert_eq!(waits, [2, 4, 8].map(|seconds| Some(seconds * SECOND)));
    }

    #[test]
    fn a_daily_limit_is_final() {
        let daily = answered(429, &[("retry-after", "1")], r#"{"policyName":"DAILY"}"#);
        assert_eq!(wait(&daily, read()), None);
        assert!(daily.is_daily_limit() && !daily.is_ambiguous());
    }

    #[test]
    fn a_send_is_repeated_only_if_it_certainly_was_not_carried_out() {
        for status in [408, 500, 502, 503, 504, 521, 522, 523, 524, 525, 526] {
            let error = answered(status, &[("retry-after", "1")], "");
            assert_eq!(wait(&error, send()), None, "{status}");
            assert_eq!(wait(&error, read()), Some(SECOND), "{status}");
        }
        for status in [400, 401, 403, 404, 405, 409, 413, 414, 415, 422] {
            assert_eq!(wait(&answered(status, &[], ""), read()), None, "{status}");
        }
    }

    #[test]
    fn waits_double_up_to_a_ceiling_and_are_random_below_it() {
        let failed = answered(503, &[], "");
        let retry = Retry::default().attempts(u32::MAX).backoff(SECOND).longest_backoff(5 * SECOND);
        for (attempt, ceiling) in [(1, 1), (2, 2), (3, 4), (4, 5), (100, 5)] {
            let waits = (0..1_000).map(|_| retry.wait(&failed, read(), attempt, None));
            let waits: Vec<Duration> = waits.flatten().collect();
            assert_eq!(waits.len(), 1_000);
            let ceiling = ceiling * SECOND;
            assert!(waits.iter().all(|wait| *wait <= ceiling), "{attempt}");
            assert!(waits.iter().any(|wait| *wait > ceiling.mul_f64(0.9)), "{attempt}");
            assert!(waits.iter().any(|wait| *wait < ceiling.mul_f64(0.1)), "{attempt}");
        }
    }

    #[test]
    fn attempts_are_counted() {
        let failed = answered(503, &[], "");
        let after = |attempt| Retry::default().wait(&failed, read(), attempt, None).is_some();
        assert_eq!([1, 2, 3, 4, 5].map(after), [true, true, true, false, false]);
        assert_eq!(Retry::never().wait(&failed, read(), 1, None), None);
    }
}
