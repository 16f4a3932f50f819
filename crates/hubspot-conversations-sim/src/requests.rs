//! What was asked of the simulator.

use std::collections::VecDeque;

use hubspot_conversations_api::OperationId;

use crate::authorization::DEVELOPER_KEY;
use crate::oauth;

/// How many requests are kept. The oldest are forgotten first.
const KEPT: usize = 10_000;

/// How many bytes they take together at most.
const KEPT_BYTES: usize = 16 * 1024 * 1024;

/// What stands for a secret.
const MASK: &str = "***";

/// A request as it arrived. Headers are not kept, so that no access token is, a developer key
/// is masked, and so is everything that is sent to get an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The operation it asked for. `None` if the API has no such method and path.
    pub operation: Option<OperationId>,
    /// The HTTP method.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query as it was sent, without the `?`, but with `***` for the value of `hapikey`, and
    /// for all of it below `/oauth/`. Empty if there was none.
    pub query: String,
    /// The body, but `***` below `/oauth/`. Empty if there was none; what is not UTF-8 is replaced.
    pub body: String,
}

impl RecordedRequest {
    /// What is sent below `/oauth/` is nothing but secrets.
    pub(crate) fn without_secrets(mut self) -> Self {
        if self.path.starts_with(oauth::ROOT) {
            for text in [&mut self.query, &mut self.body] {
                if !text.is_empty() {
                    MASK.clone_into(text);
                }
            }
        }
        self
    }

    /// How much memory it takes, apart from what the allocator adds.
    fn bytes(&self) -> usize {
        let texts = [&self.method, &self.path, &self.query, &self.body];
        size_of::<Self>() + texts.map(String::capacity).iter().sum::<usize>()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Requests {
    kept: VecDeque<RecordedRequest>,
    bytes: usize,
}

impl Requests {
    /// A request that is larger than all that is kept leaves nothing, not even itself.
    pub(crate) fn push(&mut self, request: RecordedRequest) {
        self.bytes += request.bytes();
        self.kept.push_back(request);
        while self.kept.len() > KEPT || self.bytes > KEPT_BYTES {
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

/// The query with the developer key masked, and as it was sent otherwise.
pub(crate) fn without_key(query: &str) -> String {
    let is_key = |pair: &str| {
        let mut read = url::form_urlencoded::parse(pair.as_bytes());
        read.next().is_some_and(|(name, _)| name == DEVELOPER_KEY)
    };
    let pairs = query.split('&');
    let masked = pairs.map(|pair| match is_key(pair) {
        true => format!("{DEVELOPER_KEY}={MASK}"),
        false => pair.to_owned(),
    });
    masked.collect::<Vec<_>>().join("&")
}
