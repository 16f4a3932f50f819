//! Whether to send a request again, and when.

use std::time::Duration;

use hubspot_conversations_api::Operation;

use crate::{Error, ErrorKind};

/// The longest wait for an idempotent request to be sent again.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How often, and how quickly, requests are sent again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retry {
    /// How often a request is sent at most.
    pub(crate) attempts: u32,
    /// The ceiling of the first wait. It doubles with each attempt.
    pub(crate) backoff: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 3, backoff: Duration::from_millis(250) }
    }
}

/// How long to wait before the request is sent again. `None` if it must not be.
///
/// Only idempotent operations are: a message that was sent twice cannot be taken back.
pub(crate) fn wait(
    error: &Error,
    operation: &Operation,
    attempt: u32,
    retry: Retry,
) -> Option<Duration> {
    if !operation.idempotent || attempt >= retry.attempts || !is_passing(error) {
        return None;
    }
    let asked = error.retry_after().or_else(|| rate_limit_interval(error));
    match asked {
        Some(asked) if asked > LONGEST_WAIT => None,
        Some(asked) => Some(asked),
        None => Some(backoff(attempt, retry.backoff)),
    }
}

/// Whether the same request can succeed later.
fn is_passing(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect
        | ErrorKind::Timeout
        | ErrorKind::Interrupted
        | ErrorKind::Server
        | ErrorKind::Decode => true,
        ErrorKind::RateLimited => error.policy_name() != Some("DAILY"),
        ErrorKind::Rejected => error.status().is_some_and(|status| status.as_u16() == 423),
        _ => false,
    }
}

/// After how long HubSpot counts requests anew. It does not document `Retry-After` for 429.
fn rate_limit_interval(error: &Error) -> Option<Duration> {
    if error.kind() != ErrorKind::RateLimited {
        return None;
    }
    let interval = error.headers()?.get("x-hubspot-ratelimit-interval-milliseconds")?;
    interval.to_str().ok()?.parse().ok().map(Duration::from_millis)
}

/// Exponential with full jitter, so that many clients do not come back at the same moment.
fn backoff(attempt: u32, first: Duration) -> Duration {
    let ceiling = first.saturating_mul(2_u32.saturating_pow(attempt - 1)).min(LONGEST_WAIT);
    ceiling.mul_f64(fastrand::f64())
}
