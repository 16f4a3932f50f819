//! Failures on demand, which show whether a program survives them.

use std::collections::VecDeque;
use std::time::Duration;

use fastrand::Rng;
use hubspot_conversations_api::OperationId;

/// What goes wrong with one request.
///
/// Faults act between the client and the API. A request that a fault keeps from the API does not
/// count towards the [`RateLimit`](crate::RateLimit). A fault that replaces or spoils a response does
/// so for successes and errors alike.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request is not executed, and this is the response.
    Answer {
        /// The status.
        status: u16,
        /// Further headers, as name and value.
        headers: Vec<(String, String)>,
        /// The body, sent unchanged.
        body: String,
    },
    /// The request is executed, and this is the response instead of its result.
    ReplaceAnswer {
        /// The status.
        status: u16,
        /// Further headers, as name and value.
        headers: Vec<(String, String)>,
        /// The body, sent unchanged.
        body: String,
    },
    /// The connection is refused: the request does not arrive and is not recorded.
    ///
    /// Over a socket, which was accepted before the request, the connection closes as with
    /// [`LoseRequest`](Self::LoseRequest).
    RefuseConnection,
    /// The connection closes, and the request is not executed.
    LoseRequest,
    /// The request is executed, and the connection closes before the response.
    LoseAnswer,
    /// The request is not executed and gets no response. The connection stays open.
    HoldRequest,
    /// The request is executed and gets no response. The connection stays open.
    HoldAnswer,
    /// The request is executed, and its response is sent after this time on tokio's clock.
    Delay(Duration),
    /// The request is executed, and the connection closes after this many bytes of the body.
    CutBody(usize),
    /// The request is executed, and the body stalls after this many bytes. The connection stays
    /// open. A shorter body stalls at its end.
    StallBody(usize),
    /// The request is executed, but a percent-encoded cursor, as the JSON contains it, is ignored:
    /// the list restarts with its first page, and a client that does not decode cursors never
    /// reaches its end. Other requests are executed as without the fault.
    EncodedCursor,
}

impl Fault {
    /// A response with an empty body, instead of executing the request.
    pub fn status(status: u16) -> Self {
        Self::answer(status, "")
    }

    /// A response with a body, instead of executing the request.
    pub fn answer(status: u16, body: impl Into<String>) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.into() }
    }

    /// Adds a header to the response. Other faults have no headers and stay unchanged.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } | Self::ReplaceAnswer { headers, .. } = &mut self {
            headers.push((name.into(), value.into()));
        }
        self
    }

    /// Executes the request before this response. Faults without a response of their own stay
    /// unchanged.
    #[must_use]
    pub fn although_carried_out(self) -> Self {
        match self {
            Self::Answer { status, headers, body } => Self::ReplaceAnswer { status, headers, body },
            other => other,
        }
    }
}

/// The queued faults, and the random ones.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    queue: VecDeque<(Option<OperationId>, Fault)>,
    random: Option<RandomFaults>,
}

#[derive(Debug)]
pub(crate) struct RandomFaults {
    random: Rng,
    share: f64,
    faults: Vec<Fault>,
}

impl RandomFaults {
    pub(crate) fn new(seed: u64, share: f64, faults: Vec<Fault>) -> Self {
        Self { random: Rng::with_seed(seed), share, faults }
    }

    fn draw(&mut self) -> Option<Fault> {
        let Self { random, share, faults } = self;
        if random.f64() < *share { random.choice(&*faults).cloned() } else { None }
    }
}

impl Faults {
    pub(crate) fn push(&mut self, operation: Option<OperationId>, fault: Fault) {
        self.queue.push_back((operation, fault));
    }

    pub(crate) fn set_random(&mut self, faults: RandomFaults) {
        self.random = Some(faults);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes the oldest fault queued for this operation or for any, or else a random one.
    pub(crate) fn take(&mut self, operation: OperationId) -> Option<Fault> {
        self.take_queued(operation).or_else(|| self.random.as_mut()?.draw())
    }

    fn take_queued(&mut self, operation: OperationId) -> Option<Fault> {
        let fits = |(wanted, _): &(Option<OperationId>, Fault)| {
            wanted.is_none_or(|wanted| wanted == operation)
        };
        let found = self.queue.iter().position(fits)?;
        self.queue.remove(found).map(|(_, fault)| fault)
    }
}
