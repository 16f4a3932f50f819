//! The requests that the simulator received.

use std::collections::VecDeque;

use hubspot_conversations_api::OperationId;

/// How many requests are kept. The oldest are dropped first.
const MAX_KEPT: usize = 10_000;

/// How many bytes the kept requests may take together.
const MAX_KEPT_BYTES: usize = 16 * 1024 * 1024;

/// A request as received, without secrets: headers are not kept, the developer key is masked, and
/// so is everything that is sent to get an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The requested operation. `None` if the API has no such method and path.
    pub operation: Option<OperationId>,
    /// The HTTP method.
    pub method: String,
    /// The path, percent-encoded.
    pub path: String,
    /// The query as sent, without the `?`. The value of `hapikey` is `***`, and so is the whole
    /// query below `/oauth/`. Empty if there was none.
    pub query: String,
    /// The body; `***` below `/oauth/`. Empty if there was none. Bytes that are not UTF-8 are
    /// replaced.
    pub body: String,
}

impl RecordedRequest {
    /// The memory it takes, without the allocator's overhead.
    fn bytes(&self) -> usize {
        let texts = [&self.method, &self.path, &self.query, &self.body];
        size_of::<Self>() + texts.map(String::capacity).iter().sum::<usize>()
    }
}

#[derive(Debug, Default)]
pub(crate) struct RecordedRequests {
    kept: VecDeque<RecordedRequest>,
    bytes: usize,
}

impl RecordedRequests {
    /// Adds a request. One that exceeds the limit by itself drops all requests, including itself.
    pub(crate) fn push(&mut self, request: RecordedRequest) {
        self.bytes += request.bytes();
        self.kept.push_back(request);
        while self.kept.len() > MAX_KEPT || self.bytes > MAX_KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else { return };
            self.bytes -= oldest.bytes();
        }
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.kept.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
