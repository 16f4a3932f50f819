//! Channels.

use crate::Client;
use crate::requests::{GetChannel, ListChannels};
use crate::types::ChannelId;

/// Channels: ways for messages to arrive. From [`Client::channels`].
#[derive(Clone, Debug)]
pub struct Channels {
    client: Client,
}

impl Client {
    /// Channels: e-mail, live chat, and others.
    pub fn channels(&self) -> Channels {
        Channels { client: self.clone() }
    }
}

impl Channels {
    /// Lists the channels the account can use. Scope: `conversations.read`.
    pub fn list(&self) -> ListChannels {
        ListChannels::new(&self.client)
    }

    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, channel: impl Into<ChannelId>) -> GetChannel {
        GetChannel::new(&self.client, channel)
    }
}
