//! Which thread a published message belongs to.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    ActorId, ChannelAccount, Participant, PublishedMessage, ThreadingModel,
};

use crate::custom_channels::visitors::Address;
use crate::state::State;
use crate::threads;

/// What the messages of a thread have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ThreadKey {
    /// The account, and the thread's id in the channel.
    Id(u64, String),
    /// The account, and the visitor's address.
    Address(u64, Address),
}

impl ThreadKey {
    /// The key of a message's thread by the channel's threading model. `None` if the message lacks
    /// what the model goes by.
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

/// The thread that messages with this key go to. `None` if there is none, or it is archived.
pub(crate) fn find(state: &State, key: &ThreadKey) -> Option<u64> {
    state.custom.threads.get(key).copied().filter(|id| state.threads.contains_key(id))
}

/// Begins a thread in the account's inbox, and lets further messages with the key go to it.
pub(crate) fn begin(
    state: &mut State,
    key: ThreadKey,
    account: &ChannelAccount,
    visitor: &ActorId,
    at: DateTime<Utc>,
) -> u64 {
    let id = threads::begin(state, account, visitor, at);
    state.custom.threads.insert(key, id);
    id
}
