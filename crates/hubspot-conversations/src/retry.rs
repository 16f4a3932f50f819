//! Whether to send a request again, and when.

mod budget;
mod retry_after;

use std::time::Duration;

use hubspot_conversations_api::Operation;

pub(crate) use budget::RetryBudget;
pub(crate) use retry_after::retry_after;

use crate::Error;

/// How long HubSpot holds a lock that it answers 423 for. It documents two seconds.
const LOCK: Duration = Duration::from_secs(2);

/// The first wait after a 429 that does not say how long. It doubles with each one that follows, and
/// three of them outlast HubSpot's ten seconds.
const UNKNOWN_RATE_LIMIT: Duration = Duration::from_secs(2);

/// The least wait before a throttled request is sent again. It doubles with each time, so that a
/// server that asks for no wait, or for next to none, is not asked again and again.
const LEAST_THROTTLE_WAIT: Duration = Duration::from_millis(500);

/// After so many doublings, waits of our own choice after a 429 stay as they are.
const MOST_DOUBLINGS: u32 = 3;

/// The longest wait of our own choice.
const LONGEST_BACKOFF: Duration = Duration::from_secs(24 * 60 * 60);

/// How often, and how quickly, a request is sent again after a transient failure.
///
/// What cannot be done twice, such as sending a message, is sent again only if it certainly was not
/// carried out: the connection was refused, or HubSpot answered 423, 429 or 477. Everything else is
/// sent again also after timeouts, broken connections, unreadable answers and 5xx.
///
/// Waits grow exponentially and are random between nothing and their ceiling ("full jitter"), so
/// that many programs do not come back at the same moment. Where HubSpot says how long to wait,
/// that is waited: `Retry-After`, else after a 429 `X-HubSpot-RateLimit-Interval-Milliseconds`.
///
/// # Throttled requests
///
/// A 429 is no failed attempt: HubSpot did nothing, and says when to come back. So are 423, while
/// it holds a lock, and 477 with a `Retry-After`, while it moves the account. They use up time, and
/// neither attempts nor the [budget](crate::ClientBuilder::retry_budget): a request is sent again
/// until its deadline, or without one for [`max_throttle_time`](Self::max_throttle_time). A limit of
/// the day is not waited for.
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

/// What a call has been through so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tries {
    /// Attempts that failed, and were not throttled.
    pub(crate) failed: u32,
    /// Attempts that HubSpot throttled.
    pub(crate) throttled: u32,
    /// The time since it first did so.
    pub(crate) throttled_for: Duration,
    /// For how long the rate limiter sends nothing.
    pub(crate) pause: Duration,
    /// The time until the deadline, if there is one.
    pub(crate) left: Option<Duration>,
}

impl Retry {
    /// Nothing is sent again, also not after a 429.
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// For a job of many requests that runs for minutes or hours, such as an export: 20 attempts,
    /// waits of up to a minute between them, half an hour of throttling for each request, and
    /// [waiting](Self::wait_for_budget) where the budget of retries is empty.
    ///
    /// A server that is down for some minutes delays such a job, and does not end it. All of it can
    /// be changed: `Retry::for_long_jobs().max_attempts(50)`.
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

    /// How often a request is attempted at most, the first time included. 4, if not set; at least 1,
    /// which sends nothing again. [Throttled](Self#throttled-requests) attempts do not count.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The ceiling of the first wait. It doubles with each attempt. 500 ms, if not set.
    pub fn backoff(mut self, ceiling: Duration) -> Self {
        self.backoff = ceiling;
        self
    }

    /// The highest that the ceiling of a wait grows to. 10 s, if not set.
    pub fn max_backoff(mut self, ceiling: Duration) -> Self {
        self.max_backoff = ceiling;
        self
    }

    /// The longest wait that HubSpot can ask for, be it before a request is sent again or before a
    /// first one gets its turn. A longer one is an error at once, and
    /// [`retry_after`](crate::Error::retry_after) tells how long it would have been. 60 s, if not
    /// set. Where a call has a deadline, that decides instead.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// For how long a request is sent again while HubSpot [throttles](Self#throttled-requests) it,
    /// from the first time on. 5 minutes, if not set; at least one
    /// [`max_retry_after`](Self::max_retry_after). Where a call has a deadline, that decides instead.
    pub fn max_throttle_time(mut self, time: Duration) -> Self {
        self.max_throttle_time = time;
        self
    }

    /// Whether to wait where the [budget of retries](crate::ClientBuilder::retry_budget) is empty,
    /// in place of failing. Not, if not set.
    ///
    /// It waits until another call's success gives a retry back, or for one
    /// [`max_backoff`](Self::max_backoff), and then sends the request again. So while a
    /// server is down, each call asks it once in that time.
    pub fn wait_for_budget(mut self, wait: bool) -> Self {
        self.wait_for_budget = wait;
        self
    }

    /// How long to wait before the request is sent again. `None` if it must not be.
    pub(crate) fn wait(
        &self,
        error: &Error,
        operation: &Operation,
        tries: Tries,
    ) -> Option<Duration> {
        if self.attempts == 1 || !error.is_passing() {
            return None;
        }
        if !operation.idempotent && !error.is_surely_not_carried_out() {
            return None;
        }
        let is_throttled = error.is_paced_by_hubspot();
        if !is_throttled && tries.failed >= self.attempts {
            return None;
        }
        let wait = self.wait_of(error, tries)?;
        let until_sent = wait.max(tries.pause);
        let is_worth_it = match tries.left {
            Some(left) => until_sent < left,
            None => {
                let total = tries.throttled_for.saturating_add(until_sent);
                until_sent <= self.max_retry_after
                    && (!is_throttled || total <= self.max_throttle_time.max(self.max_retry_after))
            }
        };
        is_worth_it.then_some(wait)
    }

    /// The longest wait for a turn that is worth it, where there is no deadline.
    pub(crate) fn max_wait(&self) -> Duration {
        self.max_retry_after
    }

    /// How long to wait for a retry of the budget. `None` if it is not waited for.
    pub(crate) fn budget_wait(&self) -> Option<Duration> {
        self.wait_for_budget.then_some(self.max_backoff.min(LONGEST_BACKOFF))
    }

    /// How long to wait after this error. `None` if nobody knows.
    fn wait_of(&self, error: &Error, tries: Tries) -> Option<Duration> {
        let asked = error.retry_after();
        let least = least_throttle_wait(tries.throttled);
        match error.status().map(|status| status.as_u16()) {
            Some(423) => Some(asked.unwrap_or(LOCK).max(LOCK).max(least)),
            Some(429) => Some(rate_limit_wait(error, tries.throttled)),
            // HubSpot moves the account, for up to a day.
            Some(477) => asked.map(|asked| asked.max(least)),
            _ => Some(self.jittered(tries.failed).max(asked.unwrap_or_default())),
        }
    }

    fn jittered(&self, attempt: u32) -> Duration {
        let ceiling = self.backoff.saturating_mul(doubled(attempt));
        ceiling.min(self.max_backoff).min(LONGEST_BACKOFF).mul_f64(fastrand::f64())
    }
}

/// How long to send nothing after the so manieth 429 of a call, of a limit that is not the day's.
///
/// HubSpot documents no `Retry-After` for it, and counts anew after the interval that its headers
/// tell. Neither is believed where it is nothing.
pub(crate) fn rate_limit_wait(error: &Error, throttled: u32) -> Duration {
    let told = error.retry_after().filter(|wait| !wait.is_zero());
    match told.or_else(|| error.rate_limit_interval()) {
        Some(told) => told.max(least_throttle_wait(throttled)),
        None => UNKNOWN_RATE_LIMIT.saturating_mul(doubled(throttled.min(MOST_DOUBLINGS + 1))),
    }
}

fn least_throttle_wait(throttled: u32) -> Duration {
    LEAST_THROTTLE_WAIT.saturating_mul(doubled(throttled.min(MOST_DOUBLINGS + 1)))
}

/// 1 for the first time, and twice as much with each that follows.
fn doubled(times: u32) -> u32 {
    2_u32.saturating_pow(times.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hubspot_conversations_api::{Operation, OperationId};
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{Retry, Tries};
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
        wait_by(&Retry::default(), error, operation, 1, None)
    }

    /// The wait after so many attempts that all ended alike.
    fn wait_by(
        retry: &Retry,
        error: &Error,
        operation: &Operation,
        attempts: u32,
        left: Option<Duration>,
    ) -> Option<Duration> {
        let throttled = if error.is_paced_by_hubspot() { attempts } else { 0 };
        let tries = Tries { failed: attempts - throttled, throttled, left, ..Tries::default() };
        retry.wait(error, operation, tries)
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
        let patient = Retry::default().max_retry_after(7200 * SECOND);
        assert_eq!(wait_by(&patient, &moving, send(), 1, None), Some(7200 * SECOND));
        let deadline = |left| wait_by(&Retry::default(), &moving, read(), 1, Some(left));
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
        let retry = Retry::default();
        let waits = [1, 2, 3].map(|attempt| wait_by(&retry, &unknown, read(), attempt, None));
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
        let retry = Retry::default().max_attempts(u32::MAX).backoff(SECOND).max_backoff(5 * SECOND);
        for (attempt, ceiling) in [(1, 1), (2, 2), (3, 4), (4, 5), (100, 5)] {
            let waits = (0..1_000).map(|_| wait_by(&retry, &failed, read(), attempt, None));
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
        let retry = Retry::default();
        let after = |attempt| wait_by(&retry, &failed, read(), attempt, None).is_some();
        assert_eq!([1, 2, 3, 4, 5].map(after), [true, true, true, false, false]);
        assert_eq!(wait_by(&Retry::never(), &failed, read(), 1, None), None);
    }

    #[test]
    fn a_throttled_request_uses_up_time_and_no_attempts() {
        for status in [423, 429, 477] {
            let throttled = answered(status, &[("retry-after", "10")], "");
            let retry = Retry::default();
            let after = |throttled_for, pause| {
                let tries = Tries { failed: 3, throttled: 100, ..Tries::default() };
                let tries = Tries { throttled_for, pause, ..tries };
                retry.wait(&throttled, send(), tries).is_some()
            };
            assert!(after(290 * SECOND, Duration::ZERO), "{status}");
            assert!(!after(291 * SECOND, Duration::ZERO), "{status}: it would pass five minutes");
            assert!(!after(Duration::ZERO, 61 * SECOND), "{status}: its turn is too far off");
            assert_eq!(wait_by(&Retry::never(), &throttled, send(), 1, None), None, "{status}");
        }
    }

    #[test]
    fn no_wait_is_nothing_however_little_is_asked_for() {
        let nothing = [
            &[("retry-after", "0")][..],
            &[("retry-after", "0.000001")],
            &[("retry-after", "Mon, 02 Mar 2020 09:00:00 GMT")],
            &[("x-hubspot-ratelimit-interval-milliseconds", "0")],
            &[("x-hubspot-ratelimit-interval-milliseconds", "1")],
            &[("x-hubspot-ratelimit-interval-milliseconds", "-1")],
            &[("retry-after", "0"), ("x-hubspot-ratelimit-interval-milliseconds", "0")],
        ];
        for headers in nothing {
            for status in [423, 429] {
                let throttled = answered(status, headers, "");
                let waits = [1, 2, 3, 4]
                    .map(|attempt| wait_by(&Retry::default(), &throttled, send(), attempt, None));
                assert!(waits[0] >= Some(SECOND / 2), "{status} {headers:?}: {waits:?}");
                assert!(waits[3] >= Some(2 * SECOND), "{status} {headers:?}: {waits:?}");
            }
        }
        let moving = answered(477, &[("retry-after", "0")], "");
        assert_eq!(wait_by(&Retry::default(), &moving, send(), 3, None), Some(2 * SECOND));
        let failed = answered(503, &[("retry-after", "0")], "");
        let waits = (0..100).filter_map(|_| wait(&failed, read()));
        assert!(waits.sum::<Duration>() > SECOND, "503 is not asked again without a wait");
    }

    #[test]
    fn waits_of_any_length_are_computed_without_overflow() {
        let failed = answered(503, &[], "");
        let retry = Retry::default().backoff(Duration::MAX).max_backoff(Duration::MAX);
        let retry = retry.max_attempts(u32::MAX).max_retry_after(Duration::MAX);
        let retry = retry.max_throttle_time(Duration::MAX);
        for attempt in [1, 2, u32::MAX - 1] {
            assert!(wait_by(&retry, &failed, read(), attempt, None).is_some());
        }
        let long = answered(429, &[("retry-after", "18446744073709551615")], "");
        let tries = Tries { throttled: 7, throttled_for: Duration::MAX, ..Tries::default() };
        assert!(retry.wait(&long, send(), tries).is_some());
        assert_eq!(wait(&long, send()), None);
    }
}
