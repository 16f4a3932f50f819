//! Which failures are retried, and after which waits.

use std::time::Duration;

use hubspot_conversations_api::{Operation, OperationId};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::{Attempts, Retry};
use crate::Error;
use crate::error::{ErrorResponse, Outcome};

const SECOND: Duration = Duration::from_secs(1);

fn answered(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Error {
    let headers: HeaderMap = headers
        .iter()
        .map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
    let status = StatusCode::from_u16(status).unwrap_or_default();
    Error::response(ErrorResponse::new(status, headers, body.into()), send())
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

/// The wait after this many attempts with the same error.
fn wait_by(
    retry: &Retry,
    error: &Error,
    operation: &Operation,
    attempts: u32,
    left: Option<Duration>,
) -> Option<Duration> {
    let throttled = if error.outcome() == Outcome::Throttled { attempts } else { 0 };
    let failed = attempts - throttled;
    retry.wait(error, operation, Attempts { failed, throttled, left, ..Attempts::default() })
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
            let attempts = Attempts { failed: 3, throttled: 100, ..Attempts::default() };
            let attempts = Attempts { throttled_for, pause, ..attempts };
            retry.wait(&throttled, send(), attempts).is_some()
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
    let attempts = Attempts { throttled: 7, throttled_for: Duration::MAX, ..Attempts::default() };
    assert!(retry.wait(&long, send(), attempts).is_some());
    assert_eq!(wait(&long, send()), None);
}
