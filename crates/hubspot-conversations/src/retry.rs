//! Whether to send a request again, and when.

use std::time::Duration;

use hubspot_conversations_api::Operation;

use crate::{Error, ErrorKind};

const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How long to wait before the request is sent again. `None` if it must not be.
///
/// Only idempotent operations are: a message that was sent twice cannot be taken back.
pub(crate) fn wait(
    error: &Error,
    operation: &Operation,
    attempt: u32,
    attempts: u32,
) -> Option<Duration> {
    if !operation.idempotent || attempt >= attempts || !is_passing(error) {
        return None;
    }
    let asked = error.retry_after().or_else(|| rate_limit_interval(error));
    match asked {
        Some(asked) if asked > LONGEST_WAIT => None,
        Some(asked) => Some(asked),
        None => Some(backoff(attempt)),
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
fn backoff(attempt: u32) -> Duration {
    let ceiling = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(attempt - 1)).min(LONGEST_WAIT);
    ceiling.mul_f64(fastrand::f64())
}
