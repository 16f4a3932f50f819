//! What is left of the rate limit, for people who watch a long job.

use std::time::Duration;

/// The remaining requests of the rate limit at one moment. From
/// [`Client::rate_limit_status`](crate::Client::rate_limit_status).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitStatus {
    /// How many requests the client can send before the window of ten seconds is full. `None` if
    /// nothing is limited.
    pub remaining: Option<u32>,
    /// How long the next request will wait for its turn. Zero if it can be sent now.
    pub wait: Duration,
}
