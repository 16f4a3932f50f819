//! Custom channels: those an app brings to HubSpot.

use crate::Client;
use crate::requests::{
    ArchiveCustomChannel, CreateCustomChannel, GetCustomChannel, ListCustomChannels,
    UpdateCustomChannel,
};
use crate::types::{ChannelId, CustomChannelUpdate, NewChannelCapabilities, NewCustomChannel};

/// Custom channels of the app. From [`Client::custom_channels`].
///
/// All of it takes a developer key: see
/// [`ClientBuilder::developer_key`](crate::ClientBuilder::developer_key). The account needs Sales or
/// Service Hub Professional, and apps that are legacy private apps cannot have channels.
#[derive(Clone, Debug)]
pub struct CustomChannels {
    client: Client,
}

impl Client {
    /// Custom channels: those an app brings to HubSpot.
    pub fn custom_channels(&self) -> CustomChannels {
        CustomChannels { client: self.clone() }
    }
}

impl CustomChannels {
    /// Lists the channels the app has registered.
    pub fn list(&self) -> ListCustomChannels {
        ListCustomChannels::new(&self.client)
    }

    /// Reads one.
    pub fn get(&self, channel: impl Into<ChannelId>) -> GetCustomChannel {
        GetCustomChannel::new(&self.client, channel)
    }

    /// Registers a channel.
    pub fn create(
        &self,
        name: impl Into<String>,
        capabilities: NewChannelCapabilities,
    ) -> CreateCustomChannel {
        let channel = NewCustomChannel::new(name.into(), capabilities);
        CreateCustomChannel::new(&self.client, channel)
    }

    /// Changes what is set on the request, and nothing else.
    pub fn update(&self, channel: impl Into<ChannelId>) -> UpdateCustomChannel {
        UpdateCustomChannel::new(&self.client, channel, CustomChannelUpdate::new())
    }

    /// Takes a channel away.
    pub fn archive(&self, channel: impl Into<ChannelId>) -> ArchiveCustomChannel {
        ArchiveCustomChannel::new(&self.client, channel)
    }
}
