//! Failures on demand, so that a program can be seen to survive them.

use std::collections::VecDeque;
use std::time::Duration;

use hubspot_conversations_api::OperationId;

/// What goes wrong with one request.
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
    /// The connection closes before the request is carried out.
    LoseRequest,
    /// The request is carried out, and the connection closes before anything is answered.
    LoseAnswer,
    /// The request is carried out, and answered after this time.
    Delay(Duration),
    /// The request is carried out, and the connection closes after this many bytes of the body.
    CutBody(usize),
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
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.into(), value.into()));
        }
        self
    }
}

/// The faults that wait for their request.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: VecDeque<(Option<OperationId>, Fault)>,
}

impl Faults {
    pub(crate) fn push(&mut self, operation: Option<OperationId>, fault: Fault) {
        self.waiting.push_back((operation, fault));
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The oldest fault that waits for this operation or for any.
    pub(crate) fn take(&mut self, operation: OperationId) -> Option<Fault> {
        let fits = |(waits_for, _): &(Option<OperationId>, Fault)| {
            waits_for.is_none_or(|waits_for| waits_for == operation)
        };
        let found = self.waiting.iter().position(fits)?;
        self.waiting.remove(found).map(|(_, fault)| fault)
    }
}
