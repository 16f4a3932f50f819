//! What decides which thread a published message belongs to.

use hubspot_conversations_api::types::{Participant, PublishedMessage, ThreadingModel};

use crate::account::addresses::Address;

/// What the messages of a thread have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ThreadKey {
    /// The channel account, and the thread's id in the channel.
    Id(u64, String),
    /// The channel account, and the visitor's address.
    Address(u64, Address),
}

impl ThreadKey {
    /// The key of a message by the channel's threading model. `None` if the message lacks the value
    /// that the model needs.
    pub(crate) fn new(
        model: &ThreadingModel,
        channel: u64,
        account: u64,
        new: &PublishedMessage,
        visitor: Option<&Participant>,
    ) -> Option<Self> {
        match model {
            ThreadingModel::IntegrationThreadId => {
                new.integration_thread_id.clone().map(|id| Self::Id(account, id))
            }
            _ => visitor.map(|visitor| {
                Self::Address(account, Address::new(channel, &visitor.delivery_identifier))
            }),
        }
    }
}
