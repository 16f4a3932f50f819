//! The accounts of a custom channel.

use crate::Client;
use crate::requests::{
    CreateCustomChannelAccount, GetCustomChannelAccount, ListCustomChannelAccounts,
    UpdateCustomChannelAccount, UpdateStagingToken,
};
use crate::types::{
    AccountToken, ChannelAccountId, ChannelId, CustomChannelAccountUpdate, InboxId,
    NewCustomChannelAccount, NewDeliveryIdentifier, StagingTokenUpdate,
};

/// The accounts of a custom channel. From [`Client::custom_channel_accounts`].
#[derive(Clone, Debug)]
pub struct CustomChannelAccounts {
    client: Client,
    channel: ChannelId,
}

impl Client {
    /// The accounts of a custom channel.
    pub fn custom_channel_accounts(&self, channel: impl Into<ChannelId>) -> CustomChannelAccounts {
        CustomChannelAccounts { client: self.clone(), channel: channel.into() }
    }
}

impl CustomChannelAccounts {
    /// Lists the accounts that are connected to inboxes. Scope: `conversations.custom_channels.read` or `….write`.
    pub fn list(&self) -> ListCustomChannelAccounts {
        ListCustomChannelAccounts::new(&self.client, &self.channel)
    }

    /// Reads one. Scope: `conversations.custom_channels.read` or `….write`.
    pub fn get(&self, account: impl Into<ChannelAccountId>) -> GetCustomChannelAccount {
        GetCustomChannelAccount::new(&self.client, &self.channel, account)
    }

    /// Connects an account to an inbox; messages may flow. Scope:
    /// `conversations.custom_channels.read` or `….write`.
    pub fn create(
        &self,
        name: impl Into<String>,
        inbox: impl Into<InboxId>,
    ) -> CreateCustomChannelAccount {
        let account = NewCustomChannelAccount::new(name, inbox).authorized(true);
        CreateCustomChannelAccount::new(&self.client, &self.channel, account)
    }

    /// Changes what is set on the request, and nothing else. Scope:
    /// `conversations.custom_channels.read` or `….write`.
    pub fn update(&self, account: impl Into<ChannelAccountId>) -> UpdateCustomChannelAccount {
        let update = CustomChannelAccountUpdate::new();
        UpdateCustomChannelAccount::new(&self.client, &self.channel, account, update)
    }

    /// Completes the account that a user is about to connect, whose token HubSpot handed to the
    /// channel's redirect URL. Scope: `conversations.custom_channels.read` or `….write`.
    pub fn complete(&self, token: impl Into<AccountToken>) -> UpdateStagingToken {
        let update = StagingTokenUpdate::new();
        UpdateStagingToken::new(&self.client, &self.channel, token, update)
    }
}

impl ListCustomChannelAccounts {
    /// Only the account with this address, or with one of those set before.
    pub fn address(self, address: NewDeliveryIdentifier) -> Self {
        self.address_type(address.type_).address_value(address.value)
    }
}
