//! Channel accounts.

use hubspot_conversations_api::{self as api, OperationId, Page, Received};

use crate::Client;
use crate::endpoint::{Endpoint, ListEndpoint, Request, Sealed, Sent};
use crate::parameters::parameters;
use crate::types::{ChannelAccount, ChannelAccountId, ChannelId, InboxId};

/// Accounts of channels, connected to inboxes. From [`Client::channel_accounts`].
#[derive(Clone, Debug)]
pub struct ChannelAccounts {
    client: Client,
}

impl ChannelAccounts {
    pub(crate) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Lists mailboxes, chatflows, numbers and the like. Scope: `conversations.read`.
    pub fn list(&self) -> Request<ListChannelAccounts> {
        Request::new(&self.client, ListChannelAccounts::default())
    }

    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, account: impl Into<ChannelAccountId>) -> Request<GetChannelAccount> {
        let endpoint = GetChannelAccount { account: account.into(), archived: None };
        Request::new(&self.client, endpoint)
    }
}

/// `list_channel_accounts`, with its parameters.
#[derive(Clone, Debug, Default)]
pub struct ListChannelAccounts {
    after: Option<String>,
    archived: Option<bool>,
    channels: Option<Vec<ChannelId>>,
    default_page_length: Option<i32>,
    inboxes: Option<Vec<InboxId>>,
    limit: Option<i32>,
    sort: Option<Vec<String>>,
}

parameters!(ListChannelAccounts: after, list_archived, default_page_length, limit, sort);

impl Request<ListChannelAccounts> {
    /// Only accounts of this channel, or of those named before.
    pub fn channel(mut self, channel: impl Into<ChannelId>) -> Self {
        self.endpoint.channels.get_or_insert_default().push(channel.into());
        self
    }

    /// Only accounts connected to this inbox, or to those named before.
    pub fn inbox(mut self, inbox: impl Into<InboxId>) -> Self {
        self.endpoint.inboxes.get_or_insert_default().push(inbox.into());
        self
    }
}

impl Sealed for ListChannelAccounts {}

impl Endpoint for ListChannelAccounts {
    const OPERATION: OperationId = OperationId::ListChannelAccounts;
    type Output = Page<ChannelAccount>;

    async fn call(&self, api: &api::Client) -> Sent<Page<ChannelAccount>> {
        api.list_channel_accounts(
            self.after.as_deref(),
            self.archived,
            self.channels.as_ref(),
            self.default_page_length,
            self.inboxes.as_ref(),
            self.limit,
            self.sort.as_ref(),
        )
        .await
    }
}

impl ListEndpoint for ListChannelAccounts {
    type Item = ChannelAccount;

    fn set_after(&mut self, after: String) {
        self.after = Some(after);
    }
}

/// `get_channel_account`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetChannelAccount {
    account: ChannelAccountId,
    archived: Option<bool>,
}

parameters!(GetChannelAccount: get_archived);

impl Sealed for GetChannelAccount {}

impl Endpoint for GetChannelAccount {
    const OPERATION: OperationId = OperationId::GetChannelAccount;
    type Output = Received<ChannelAccount>;

    async fn call(&self, api: &api::Client) -> Sent<Received<ChannelAccount>> {
        api.get_channel_account(&self.account, self.archived).await
    }
}
