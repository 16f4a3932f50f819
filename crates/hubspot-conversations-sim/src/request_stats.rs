//! What became of the requests.

use std::collections::HashMap;

use hubspot_conversations_api::OperationId;

/// How many requests for an operation there were, and what became of them.
///
/// The numbers count from the start of the simulator. Requests for no operation of the API are in
/// none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestStats {
    /// Those that arrived. One whose connection was refused ([`Fault::RefuseConnection`]) did not.
    ///
    /// [`Fault::RefuseConnection`]: crate::Fault::RefuseConnection
    pub arrived: u64,
    /// Those among them that were carried out with success, whatever the client was told.
    pub carried_out: u64,
    /// Those among them that were refused with 429 because they went beyond the
    /// [`RateLimit`](crate::RateLimit). A 429 that is a fault is not counted here.
    pub rate_limited: u64,
    /// Those among them that met a fault.
    pub met_fault: u64,
}

/// The traffic of each operation.
#[derive(Debug, Default)]
pub(crate) struct Traffics {
    by_operation: HashMap<OperationId, RequestStats>,
}

impl Traffics {
    pub(crate) fn of(&mut self, operation: OperationId) -> &mut RequestStats {
        self.by_operation.entry(operation).or_default()
    }

    /// The traffic of one operation, or with `None` that of all together.
    pub(crate) fn sum(&self, operation: Option<OperationId>) -> RequestStats {
        let asked = |of: OperationId| operation.is_none_or(|operation| operation == of);
        let mut sum = RequestStats::default();
        for (_, traffic) in self.by_operation.iter().filter(|(of, _)| asked(**of)) {
            sum.arrived += traffic.arrived;
            sum.carried_out += traffic.carried_out;
            sum.rate_limited += traffic.rate_limited;
            sum.met_fault += traffic.met_fault;
        }
        sum
    }
}
