//! Failures on demand, so that a program can be seen to survive them.

use std::collections::VecDeque;
use std::time::Duration;

use fastrand::Rng;
use hubspot_conversations_api::OperationId;

/// What goes wrong with one request.
///
/// Faults stand between the client and the API. What they keep from the API does not count for its
/// [`RateLimit`](crate::RateLimit), and what the API answers they spoil, be it a success or not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request is not carried out, and this is answered instead.
    Answer {
        /// The status.
        status: u16,
        /// Further headers, as name and value.
        headers: Vec<(String, String)>,
        /// The body, sent as it is.
        body: String,
    },
    /// The request is carried out, and this is answered instead of its result.
    ReplaceAnswer {
        /// The status.
        status: u16,
        /// Further headers, as name and value.
        headers: Vec<(String, String)>,
        /// The body, sent as it is.
        body: String,
    },
    /// Nobody accepts the connection, so that the request does not arrive and is not recorded.
    ///
    /// Over a socket, where the connection was accepted before there was a request, it closes as
    /// with [`LoseRequest`](Self::LoseRequest).
    RefuseConnection,
    /// The connection closes before the request is carried out.
    LoseRequest,
    /// The request is carried out, and the connection closes before anything is answered.
    LoseAnswer,
    /// The request is not carried out and never answered. The connection stays open.
    HoldRequest,
    /// The request is carried out and never answered. The connection stays open.
    HoldAnswer,
    /// The request is carried out, and answered after this time on tokio's clock.
    Delay(Duration),
    /// The request is carried out, and the connection closes after this many bytes of the body.
    CutBody(usize),
    /// The request is carried out, and nothing comes after this many bytes of the body. The
    /// connection stays open. A body that is not longer than that does not end either.
    StallBody(usize),
    /// The request is carried out, but a cursor in it that is still percent-encoded, as the JSON
    /// has it, is ignored: the list begins again with its first page, and a client that does not
    /// decode cursors reads it for ever. Other requests are carried out as without the fault.
    EncodedCursor,
}

impl Fault {
    /// Answers a status with an empty body.
    pub fn status(status: u16) -> Self {
        Self::answer(status, "")
    }

    /// Answers a status with a body.
    pub fn answer(status: u16, body: impl Into<String>) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.into() }
    }

    /// Adds a header to an answer. Other faults have none, and stay as they are.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } | Self::ReplaceAnswer { headers, .. } = &mut self {
            headers.push((name.into(), value.into()));
        }
        self
    }

    /// Carries the request out before it is answered like this. Other faults than answers stay as
    /// they are.
    #[must_use]
    pub fn although_carried_out(self) -> Self {
        match self {
            Self::Answer { status, headers, body } => Self::ReplaceAnswer { status, headers, body },
            other => other,
        }
    }
}

/// The faults that wait for their request, and those that come by chance.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: VecDeque<(Option<OperationId>, Fault)>,
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
        self.waiting.push_back((operation, fault));
    }

    pub(crate) fn come_by_chance(&mut self, faults: RandomFaults) {
        self.random = Some(faults);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The oldest fault that waits for this operation or for any; where none does, one by chance.
    pub(crate) fn take(&mut self, operation: OperationId) -> Option<Fault> {
        self.take_waiting(operation).or_else(|| self.random.as_mut()?.draw())
    }

    fn take_waiting(&mut self, operation: OperationId) -> Option<Fault> {
        let fits = |(waits_for, _): &(Option<OperationId>, Fault)| {
            waits_for.is_none_or(|waits_for| waits_for == operation)
        };
        let found = self.waiting.iter().position(fits)?;
        self.waiting.remove(found).map(|(_, fault)| fault)
    }
}
