//! Channel accounts.

use crate::Client;
use crate::requests::{GetChannelAccount, ListChannelAccounts};
use crate::types::ChannelAccountId;

/// Accounts of channels, each connected to an inbox. From [`Client::channel_accounts`].
#[derive(Clone, Debug)]
pub struct ChannelAccounts {
    client: Client,
}

impl Client {
    /// Accounts of channels: mailboxes, chatflows, numbers.
    pub fn channel_accounts(&self) -> ChannelAccounts {
        ChannelAccounts { client: self.clone() }
    }
}

impl ChannelAccounts {
    /// Lists mailboxes, chatflows, numbers and the like. Scope: `conversations.read`.
    pub fn list(&self) -> ListChannelAccounts {
        ListChannelAccounts::new(&self.client)
    }

    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, account: impl Into<ChannelAccountId>) -> GetChannelAccount {
        GetChannelAccount::new(&self.client, account)
    }
}
