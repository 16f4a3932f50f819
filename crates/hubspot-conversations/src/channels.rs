//! Channels.

use hubspot_conversations_api::{self as api, OperationId, Page, Received};

use crate::Client;
use crate::endpoint::{Endpoint, ListEndpoint, Request, Sealed, Sent};
use crate::parameters::parameters;
use crate::types::{Channel, ChannelId};

/// Channels: ways for messages to arrive. From [`Client::channels`].
#[derive(Clone, Debug)]
pub struct Channels {
    client: Client,
}

impl Channels {
    pub(crate) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Lists the channels the account can use. Scope: `conversations.read`.
    pub fn list(&self) -> Request<ListChannels> {
        Request::new(&self.client, ListChannels::default())
    }

    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, channel: impl Into<ChannelId>) -> Request<GetChannel> {
        Request::new(&self.client, GetChannel { channel: channel.into() })
    }
}

/// `list_channels`, with its parameters.
#[derive(Clone, Debug, Default)]
pub struct ListChannels {
    after: Option<String>,
    default_page_length: Option<i32>,
    limit: Option<i32>,
    sort: Option<Vec<String>>,
}

parameters!(ListChannels: after, default_page_length, limit, sort);

impl Sealed for ListChannels {}

impl Endpoint for ListChannels {
    const OPERATION: OperationId = OperationId::ListChannels;
    type Output = Page<Channel>;

    async fn call(&self, api: &api::Client) -> Sent<Page<Channel>> {
        api.list_channels(
            self.after.as_deref(),
            self.default_page_length,
            self.limit,
            self.sort.as_ref(),
        )
        .await
    }
}

impl ListEndpoint for ListChannels {
    type Item = Channel;

    fn set_after(&mut self, after: String) {
        self.after = Some(after);
    }
}

/// `get_channel`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetChannel {
    channel: ChannelId,
}

impl Sealed for GetChannel {}

impl Endpoint for GetChannel {
    const OPERATION: OperationId = OperationId::GetChannel;
    type Output = Received<Channel>;

    async fn call(&self, api: &api::Client) -> Sent<Received<Channel>> {
        api.get_channel(&self.channel).await
    }
}
