//! The accounts of a custom channel.

use std::fmt;

use hubspot_conversations_api::{self as api, OperationId, Page, Received};

use crate::Client;
use crate::endpoint::{Endpoint, ListEndpoint, Request, Sealed, Sent};
use crate::parameters::parameters;
use crate::types::{
    AccountToken, ChannelAccount, ChannelAccountId, ChannelId, CustomChannelAccountUpdate,
    DeliveryIdentifierType, InboxId, NewCustomChannelAccount, NewDeliveryIdentifier, StagingToken,
    StagingTokenUpdate,
};

/// The accounts of a custom channel. From [`Client::custom_channel_accounts`].
#[derive(Clone, Debug)]
pub struct CustomChannelAccounts {
    client: Client,
    channel: ChannelId,
}

impl CustomChannelAccounts {
    pub(crate) fn new(client: &Client, channel: ChannelId) -> Self {
        Self { client: client.clone(), channel }
    }

    /// Lists the accounts that are connected to inboxes. Scope: `conversations.custom_channels.read` or `….write`.
    pub fn list(&self) -> Request<ListCustomChannelAccounts> {
        let endpoint = ListCustomChannelAccounts {
            channel: self.channel.clone(),
            after: None,
            archived: None,
            default_page_length: None,
            address_types: None,
            address_values: None,
            limit: None,
            sort: None,
        };
        Request::new(&self.client, endpoint)
    }

    /// Reads one. Scope: `conversations.custom_channels.read` or `….write`.
    pub fn get(&self, account: impl Into<ChannelAccountId>) -> Request<GetCustomChannelAccount> {
        let channel = self.channel.clone();
        let endpoint = GetCustomChannelAccount { channel, account: account.into(), archived: None };
        Request::new(&self.client, endpoint)
    }

    /// Connects an account to an inbox; messages may flow. Scope:
    /// `conversations.custom_channels.read` or `….write`.
    pub fn create(
        &self,
        name: impl Into<String>,
        inbox: impl Into<InboxId>,
    ) -> Request<CreateCustomChannelAccount> {
        let account = NewCustomChannelAccount::new(name.into(), inbox.into(), true);
        let channel = self.channel.clone();
        Request::new(&self.client, CreateCustomChannelAccount { channel, account })
    }

    /// Changes what is set on the request, and nothing else. Scope:
    /// `conversations.custom_channels.read` or `….write`.
    pub fn update(
        &self,
        account: impl Into<ChannelAccountId>,
    ) -> Request<UpdateCustomChannelAccount> {
        let update = CustomChannelAccountUpdate::new();
        let channel = self.channel.clone();
        let endpoint = UpdateCustomChannelAccount { channel, account: account.into(), update };
        Request::new(&self.client, endpoint)
    }

    /// Completes the account that a user is about to connect, whose token HubSpot handed to the
    /// channel's redirect URL. Scope: `conversations.custom_channels.read` or `….write`.
    pub fn complete(&self, token: impl Into<AccountToken>) -> Request<UpdateStagingToken> {
        let update = StagingTokenUpdate::new();
        let channel = self.channel.clone();
        Request::new(&self.client, UpdateStagingToken { channel, token: token.into(), update })
    }
}

/// `list_custom_channel_accounts`, with its parameters.
#[derive(Clone)]
pub struct ListCustomChannelAccounts {
    channel: ChannelId,
    after: Option<String>,
    archived: Option<bool>,
    default_page_length: Option<i32>,
    address_types: Option<Vec<DeliveryIdentifierType>>,
    address_values: Option<Vec<String>>,
    limit: Option<i32>,
    sort: Option<Vec<String>>,
}

/// Without the addresses, which are people's.
impl fmt::Debug for ListCustomChannelAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListCustomChannelAccounts")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

parameters!(ListCustomChannelAccounts: after, list_archived, default_page_length, limit, sort);

impl Request<ListCustomChannelAccounts> {
    /// Only the account with this address, or with one of those named before.
    pub fn address(mut self, address: NewDeliveryIdentifier) -> Self {
        self.endpoint.address_types.get_or_insert_default().push(address.type_);
        self.endpoint.address_values.get_or_insert_default().push(address.value);
        self
    }
}

impl Sealed for ListCustomChannelAccounts {}

impl Endpoint for ListCustomChannelAccounts {
    const OPERATION: OperationId = OperationId::ListCustomChannelAccounts;
    type Output = Page<ChannelAccount>;

    async fn call(&self, api: &api::Client) -> Sent<Page<ChannelAccount>> {
        api.list_custom_channel_accounts(
            &self.channel,
            self.after.as_deref(),
            self.archived,
            self.default_page_length,
            self.address_types.as_ref(),
            self.address_values.as_ref(),
            self.limit,
            self.sort.as_ref(),
        )
        .await
    }
}

impl ListEndpoint for ListCustomChannelAccounts {
    type Item = ChannelAccount;

    fn set_after(&mut self, after: String) {
        self.after = Some(after);
    }
}

/// `get_custom_channel_account`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetCustomChannelAccount {
    channel: ChannelId,
    account: ChannelAccountId,
    archived: Option<bool>,
}

parameters!(GetCustomChannelAccount: get_archived);

impl Sealed for GetCustomChannelAccount {}

impl Endpoint for GetCustomChannelAccount {
    const OPERATION: OperationId = OperationId::GetCustomChannelAccount;
    type Output = Received<ChannelAccount>;

    async fn call(&self, api: &api::Client) -> Sent<Received<ChannelAccount>> {
        api.get_custom_channel_account(&self.channel, &self.account, self.archived).await
    }
}

/// `create_custom_channel_account`, with its parameters.
#[derive(Clone, Debug)]
pub struct CreateCustomChannelAccount {
    channel: ChannelId,
    account: NewCustomChannelAccount,
}

impl Request<CreateCustomChannelAccount> {
    /// The address people write to.
    pub fn address(mut self, address: NewDeliveryIdentifier) -> Self {
        self.endpoint.account.delivery_identifier = Some(address);
        self
    }

    /// Whether messages may flow. `true`, if not set.
    pub fn authorized(mut self, authorized: bool) -> Self {
        self.endpoint.account.authorized = authorized;
        self
    }
}

impl Sealed for CreateCustomChannelAccount {}

impl Endpoint for CreateCustomChannelAccount {
    const OPERATION: OperationId = OperationId::CreateCustomChannelAccount;
    type Output = Received<ChannelAccount>;

    async fn call(&self, api: &api::Client) -> Sent<Received<ChannelAccount>> {
        api.create_custom_channel_account(&self.channel, &self.account).await
    }
}

/// `update_custom_channel_account`, with its parameters.
#[derive(Clone, Debug)]
pub struct UpdateCustomChannelAccount {
    channel: ChannelId,
    account: ChannelAccountId,
    update: CustomChannelAccountUpdate,
}

impl Request<UpdateCustomChannelAccount> {
    /// Another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.endpoint.update.name = Some(name.into());
        self
    }

    /// Whether messages may flow.
    pub fn authorized(mut self, authorized: bool) -> Self {
        self.endpoint.update.authorized = Some(authorized);
        self
    }
}

impl Sealed for UpdateCustomChannelAccount {}

impl Endpoint for UpdateCustomChannelAccount {
    const OPERATION: OperationId = OperationId::UpdateCustomChannelAccount;
    type Output = Received<ChannelAccount>;

    async fn call(&self, api: &api::Client) -> Sent<Received<ChannelAccount>> {
        api.update_custom_channel_account(&self.channel, &self.account, &self.update).await
    }

    fn read_again(&self) -> Option<impl Endpoint<Output = Received<ChannelAccount>>> {
        let (channel, account) = (self.channel.clone(), self.account.clone());
        Some(GetCustomChannelAccount { channel, account, archived: None })
    }
}

/// `update_staging_token`, with its parameters.
#[derive(Clone)]
pub struct UpdateStagingToken {
    channel: ChannelId,
    token: AccountToken,
    update: StagingTokenUpdate,
}

/// Without the token, which is a secret until the account is connected.
impl fmt::Debug for UpdateStagingToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateStagingToken").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl Request<UpdateStagingToken> {
    /// The name users will see.
    pub fn account_name(mut self, name: impl Into<String>) -> Self {
        self.endpoint.update.account_name = Some(name.into());
        self
    }

    /// The address people write to.
    pub fn address(mut self, address: NewDeliveryIdentifier) -> Self {
        self.endpoint.update.delivery_identifier = Some(address);
        self
    }
}

impl Sealed for UpdateStagingToken {}

impl Endpoint for UpdateStagingToken {
    const OPERATION: OperationId = OperationId::UpdateStagingToken;
    type Output = Received<StagingToken>;

    async fn call(&self, api: &api::Client) -> Sent<Received<StagingToken>> {
        api.update_staging_token(&self.channel, &self.token, &self.update).await
    }
}
