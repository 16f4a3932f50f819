//! Custom channels: those an app brings to HubSpot.

use hubspot_conversations_api::{self as api, Change, OperationId, Page, Received};

use crate::Client;
use crate::endpoint::{Endpoint, ListEndpoint, Request, Sealed, Sent};
use crate::parameters::parameters;
use crate::types::{
    ChannelId, CustomChannel, CustomChannelUpdate, NewChannelCapabilities, NewCustomChannel,
};

/// Custom channels of the app. From [`Client::custom_channels`].
///
/// All of it takes a developer key: see
/// [`ClientBuilder::developer_key`](crate::ClientBuilder::developer_key). The account needs Sales or
/// Service Hub Professional, and apps that are legacy private apps cannot have channels.
#[derive(Clone, Debug)]
pub struct CustomChannels {
    client: Client,
}

impl CustomChannels {
    pub(crate) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Lists the channels the app has registered.
    pub fn list(&self) -> Request<ListCustomChannels> {
        Request::new(&self.client, ListCustomChannels::default())
    }

    /// Reads one.
    pub fn get(&self, channel: impl Into<ChannelId>) -> Request<GetCustomChannel> {
        Request::new(&self.client, GetCustomChannel { channel: channel.into() })
    }

    /// Registers a channel.
    pub fn create(
        &self,
        name: impl Into<String>,
        capabilities: NewChannelCapabilities,
    ) -> Request<CreateCustomChannel> {
        let channel = NewCustomChannel::new(name.into(), capabilities);
        Request::new(&self.client, CreateCustomChannel { channel })
    }

    /// Changes what is set on the request, and nothing else.
    pub fn update(&self, channel: impl Into<ChannelId>) -> Request<UpdateCustomChannel> {
        let update = CustomChannelUpdate::new();
        Request::new(&self.client, UpdateCustomChannel { channel: channel.into(), update })
    }

    /// Takes a channel away.
    pub fn archive(&self, channel: impl Into<ChannelId>) -> Request<ArchiveCustomChannel> {
        Request::new(&self.client, ArchiveCustomChannel { channel: channel.into() })
    }
}

/// `list_custom_channels`, with its parameters.
#[derive(Clone, Debug, Default)]
pub struct ListCustomChannels {
    after: Option<String>,
    default_page_length: Option<i32>,
    limit: Option<i32>,
    sort: Option<Vec<String>>,
}

parameters!(ListCustomChannels: after, default_page_length, limit, sort);

impl Sealed for ListCustomChannels {}

impl Endpoint for ListCustomChannels {
    const OPERATION: OperationId = OperationId::ListCustomChannels;
    type Output = Page<CustomChannel>;

    async fn call(&self, api: &api::Client) -> Sent<Page<CustomChannel>> {
        api.list_custom_channels(
            self.after.as_deref(),
            self.default_page_length,
            self.limit,
            self.sort.as_ref(),
        )
        .await
    }
}

impl ListEndpoint for ListCustomChannels {
    type Item = CustomChannel;

    fn set_after(&mut self, after: String) {
        self.after = Some(after);
    }
}

/// `get_custom_channel`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetCustomChannel {
    channel: ChannelId,
}

impl Sealed for GetCustomChannel {}

impl Endpoint for GetCustomChannel {
    const OPERATION: OperationId = OperationId::GetCustomChannel;
    type Output = Received<CustomChannel>;

    async fn call(&self, api: &api::Client) -> Sent<Received<CustomChannel>> {
        api.get_custom_channel(&self.channel).await
    }
}

/// `create_custom_channel`, with its parameters.
#[derive(Clone, Debug)]
pub struct CreateCustomChannel {
    channel: NewCustomChannel,
}

impl Request<CreateCustomChannel> {
    /// Where HubSpot reports outgoing messages and changes of accounts.
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint.channel.webhook_url = Some(url.into());
        self
    }

    /// What users are told of the channel.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.endpoint.channel.channel_description = Some(description.into());
        self
    }

    /// The address of the channel's logo.
    pub fn logo_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint.channel.channel_logo_url = Some(url.into());
        self
    }

    /// Where a user is sent to connect an account.
    pub fn account_connection_redirect_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint.channel.channel_account_connection_redirect_url = Some(url.into());
        self
    }
}

impl Sealed for CreateCustomChannel {}

impl Endpoint for CreateCustomChannel {
    const OPERATION: OperationId = OperationId::CreateCustomChannel;
    type Output = Received<CustomChannel>;

    async fn call(&self, api: &api::Client) -> Sent<Received<CustomChannel>> {
        api.create_custom_channel(&self.channel).await
    }
}

/// `update_custom_channel`, with its parameters.
#[derive(Clone, Debug)]
pub struct UpdateCustomChannel {
    channel: ChannelId,
    update: CustomChannelUpdate,
}

impl Request<UpdateCustomChannel> {
    /// Another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.endpoint.update.name = Some(name.into());
        self
    }

    /// Other capabilities, all of them.
    pub fn capabilities(mut self, capabilities: NewChannelCapabilities) -> Self {
        self.endpoint.update.capabilities = Some(capabilities);
        self
    }

    /// Where HubSpot reports outgoing messages: an address, or [`Change::Clear`].
    pub fn webhook_url(mut self, url: impl Into<Change<String>>) -> Self {
        self.endpoint.update.webhook_url = url.into();
        self
    }

    /// What users are told of the channel: a text, or [`Change::Clear`].
    pub fn description(mut self, description: impl Into<Change<String>>) -> Self {
        self.endpoint.update.channel_description = description.into();
        self
    }

    /// The channel's logo: an address, or [`Change::Clear`].
    pub fn logo_url(mut self, url: impl Into<Change<String>>) -> Self {
        self.endpoint.update.channel_logo_url = url.into();
        self
    }

    /// Where a user is sent to connect an account: an address, or [`Change::Clear`].
    pub fn account_connection_redirect_url(mut self, url: impl Into<Change<String>>) -> Self {
        self.endpoint.update.channel_account_connection_redirect_url = url.into();
        self
    }
}

impl Sealed for UpdateCustomChannel {}

impl Endpoint for UpdateCustomChannel {
    const OPERATION: OperationId = OperationId::UpdateCustomChannel;
    type Output = Received<CustomChannel>;

    async fn call(&self, api: &api::Client) -> Sent<Received<CustomChannel>> {
        api.update_custom_channel(&self.channel, &self.update).await
    }

    fn read_again(&self) -> Option<impl Endpoint<Output = Received<CustomChannel>>> {
        Some(GetCustomChannel { channel: self.channel.clone() })
    }
}

/// `archive_custom_channel`, with its parameters.
#[derive(Clone, Debug)]
pub struct ArchiveCustomChannel {
    channel: ChannelId,
}

impl Sealed for ArchiveCustomChannel {}

impl Endpoint for ArchiveCustomChannel {
    const OPERATION: OperationId = OperationId::ArchiveCustomChannel;
    type Output = ();

    async fn call(&self, api: &api::Client) -> Sent<()> {
        api.archive_custom_channel(&self.channel).await
    }
}
