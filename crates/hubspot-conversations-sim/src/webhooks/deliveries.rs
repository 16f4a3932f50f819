//! What webhooks were told.

use std::collections::VecDeque;

/// How many deliveries are kept. The oldest are forgotten first.
const KEPT: usize = 10_000;

/// One request to a webhook, whether it worked or not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedDelivery {
    /// Where it went, without a query.
    pub url: String,
    /// What it told of, by HubSpot's names, in order: `conversation.newMessage`, or
    /// `OUTGOING_CHANNEL_MESSAGE_CREATED` for the webhook of a custom channel.
    pub events: Vec<String>,
    /// How often the same had been sent before, as `attemptNumber` says it: 0 the first time.
    pub attempt: u32,
    /// The status that was answered. `None` if there was no answer within five seconds.
    pub status: Option<u16>,
}

#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    kept: VecDeque<RecordedDelivery>,
}

impl Deliveries {
    pub(crate) fn push(&mut self, delivery: RecordedDelivery) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(delivery);
    }

    pub(crate) fn all(&self) -> Vec<RecordedDelivery> {
        self.kept.iter().cloned().collect()
    }
}
