//! The requests that were sent to webhooks.

use std::collections::VecDeque;

/// How many deliveries are kept. The oldest are dropped first.
const MAX_KEPT: usize = 10_000;

/// One request to a webhook, accepted or not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedDelivery {
    /// The URL, without a query.
    pub url: String,
    /// HubSpot's names of the events, in order: `conversation.newMessage`, or
    /// `OUTGOING_CHANNEL_MESSAGE_CREATED` for the webhook of a custom channel.
    pub events: Vec<String>,
    /// The number of earlier attempts, as in `attemptNumber`: 0 for the first.
    pub attempt: u32,
    /// The status of the response. `None` if none arrived within five seconds.
    pub status: Option<u16>,
}

#[derive(Debug, Default)]
pub(crate) struct RecordedDeliveries {
    kept: VecDeque<RecordedDelivery>,
}

impl RecordedDeliveries {
    pub(crate) fn push(&mut self, delivery: RecordedDelivery) {
        if self.kept.len() == MAX_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(delivery);
    }

    pub(crate) fn all(&self) -> Vec<RecordedDelivery> {
        self.kept.iter().cloned().collect()
    }
}
