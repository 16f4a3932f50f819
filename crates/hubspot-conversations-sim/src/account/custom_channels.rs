//! Data of custom channels, which apps register.

use std::collections::BTreeMap;

use hubspot_conversations_api::types::{ChannelAccount, CustomChannel, MessageId, StagingToken};

use crate::account::addresses::AddressBook;
use crate::account::not_found::NotFound;
use crate::account::thread_key::ThreadKey;

/// What custom channels have in addition to the data of every channel.
#[derive(Debug, Default)]
pub(crate) struct CustomChannels {
    pub(crate) channels: BTreeMap<u64, CustomChannel>,
    /// The accounts that users have begun to connect, by account token.
    pub(crate) staged: BTreeMap<String, StagedAccount>,
    /// The visitors by the addresses that messages come from.
    pub(crate) addresses: AddressBook,
    /// The thread that received the last message with each key.
    pub(crate) threads: BTreeMap<ThreadKey, u64>,
    /// The thread and id of each message that the app gave an id, by channel and that id.
    pub(crate) published: BTreeMap<(u64, String), (u64, MessageId)>,
}

impl CustomChannels {
    pub(crate) fn channel(&self, id: u64) -> Result<&CustomChannel, NotFound> {
        self.channels.get(&id).ok_or(NotFound)
    }
}

/// An account that a user has begun to connect.
#[derive(Debug)]
pub(crate) struct StagedAccount {
    pub(crate) token: StagingToken,
    pub(crate) channel: u64,
    pub(crate) inbox: u64,
    /// The id of the channel account. `None` until it is connected.
    pub(crate) account: Option<u64>,
}

/// Whether a channel account belongs to a channel.
pub(crate) fn is_of(account: &ChannelAccount, channel: u64) -> bool {
    account.channel_id == Some(channel.into())
}
