//! Counts of requests by outcome.

use std::collections::HashMap;

use hubspot_conversations_api::OperationId;

/// How many requests for an operation arrived, and their outcomes.
///
/// The numbers count from the start of the simulator, without requests for a method and path that
/// the API does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestStats {
    /// Requests that arrived. One whose connection was refused ([`Fault::RefuseConnection`]) did
    /// not.
    ///
    /// [`Fault::RefuseConnection`]: crate::Fault::RefuseConnection
    pub arrived: u64,
    /// Requests that were executed successfully, whatever response the client received.
    pub carried_out: u64,
    /// Requests that were rejected with 429 because they exceeded the
    /// [`RateLimit`](crate::RateLimit). A 429 from a fault is not counted here.
    pub rate_limited: u64,
    /// Requests that met a fault.
    pub met_fault: u64,
}

/// The counts of each operation.
#[derive(Debug, Default)]
pub(crate) struct OperationStats {
    by_operation: HashMap<OperationId, RequestStats>,
}

impl OperationStats {
    pub(crate) fn of(&mut self, operation: OperationId) -> &mut RequestStats {
        self.by_operation.entry(operation).or_default()
    }

    /// The counts of one operation, or with `None` of all operations together.
    pub(crate) fn sum(&self, operation: Option<OperationId>) -> RequestStats {
        let is_counted = |of: OperationId| operation.is_none_or(|operation| operation == of);
        let mut sum = RequestStats::default();
        for (_, stats) in self.by_operation.iter().filter(|(of, _)| is_counted(**of)) {
            sum.arrived += stats.arrived;
            sum.carried_out += stats.carried_out;
            sum.rate_limited += stats.rate_limited;
            sum.met_fault += stats.met_fault;
        }
        sum
    }
}
