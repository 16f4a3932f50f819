//! What was asked of the simulator.

use std::collections::VecDeque;

use hubspot_conversations_api::OperationId;

/// How many requests are kept. The oldest are forgotten first.
const KEPT: usize = 10_000;

/// A request as it arrived. Headers are not kept, so that no access token is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The operation it asked for. `None` if the API has no such method and path.
    pub operation: Option<OperationId>,
    /// The HTTP method.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query as it was sent, without the `?`. Empty if there was none.
    pub query: String,
    /// The body. Empty if there was none; what is not UTF-8 is replaced.
    pub body: String,
}

#[derive(Debug, Default)]
pub(crate) struct Requests {
    kept: VecDeque<RecordedRequest>,
}

impl Requests {
    pub(crate) fn push(&mut self, request: RecordedRequest) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(request);
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.kept.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.kept.clear();
    }
}
