//! What a test sets and observes besides the account: faults, rate limits, and the requests that
//! arrived.

pub(crate) mod faults;
pub(crate) mod rate_limit;
pub(crate) mod recorded_requests;
pub(crate) mod request_stats;

use crate::instruments::faults::Faults;
use crate::instruments::rate_limit::Limiter;
use crate::instruments::recorded_requests::RecordedRequests;
use crate::instruments::request_stats::OperationStats;

#[derive(Debug, Default)]
pub(crate) struct Instruments {
    pub(crate) faults: Faults,
    /// `None` if all requests are admitted.
    pub(crate) limiter: Option<Limiter>,
    pub(crate) requests: RecordedRequests,
    pub(crate) stats: OperationStats,
}
