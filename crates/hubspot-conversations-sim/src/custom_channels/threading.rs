//! Which thread a published message belongs to.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    ActorId, ChannelAccount, Participant, PublishedMessage, Thread, ThreadStatus, ThreadingModel,
};

use crate::choices;
use crate::conversation::Conversation;
use crate::custom_channels::visitors::{self, Address};
use crate::state::State;

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
    let id = choices::FIRST_NEW_THREAD + state.next_serial();
    let mut thread = Thread::new(id.into());
    thread.status = Some(ThreadStatus::Open);
    thread.inbox_id = Some(account.inbox_id.clone());
    thread.associated_contact_id = visitors::contact(visitor);
    thread.original_channel_id = Some(account.channel_id.clone());
    thread.original_channel_account_id = Some(account.id.clone());
    thread.created_at = Some(at);
    thread.spam = Some(false);
    thread.archived = Some(false);
    state.threads.insert(id, Conversation::new(thread));
    state.custom.threads.insert(key, id);
    id
}
