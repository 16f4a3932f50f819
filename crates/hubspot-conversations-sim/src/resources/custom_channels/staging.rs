//! Accounts that users have begun to connect.

use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{StagingToken, StagingTokenUpdate};

use crate::account::custom_channels::StagedAccount;
use crate::account::{Account, from_sent, ids};
use crate::assumptions;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;
use crate::resources::Handlers;
use crate::resources::custom_channels::accounts;
use crate::resources::custom_channels::channel_events::{self, AccountChange};
use crate::resources::custom_channels::field_checks::{check_address, check_name};

pub(crate) const HANDLERS: Handlers = &[(OperationId::UpdateStagingToken, update)];

/// Begins to connect an account, as a user does. Returns the account token that HubSpot sends to the
/// app. `None` if the custom channel or the inbox does not exist.
pub(crate) fn begin(account: &mut Account, channel: &str, inbox: &str) -> Option<String> {
    let channel = channel.parse().ok().filter(|id| account.custom.channels.contains_key(id))?;
    let inbox = account.open_inbox(inbox)?;

    let at = account.tick();
    let account_token = ids::uuid(&mut account.random);
    let mut token = StagingToken::new(account_token.as_str().into());
    token.generic_channel_id = i32::try_from(channel).ok();
    token.inbox_id = i32::try_from(inbox).ok();
    token.user_id = Some(assumptions::CONNECTING_USER);
    token.created_at = Some(at);
    let staged = StagedAccount { token, channel, inbox, account: None };
    account.custom.staged.insert(account_token.clone(), staged);
    Some(account_token)
}

/// Sets the account's name and address, as the app does.
fn update(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let channel = call.id32("channelId")?;
    account.custom.channel(channel)?;
    let account_token = call.capture("accountToken")?;
    let staged = account.custom.staged.get_mut(account_token);
    let staged =
        staged.filter(|staged| staged.channel == channel).ok_or_else(ApiError::not_found)?;
    let update: StagingTokenUpdate = call.json()?;
    update.account_name.as_deref().map(check_name).transpose()?;
    update.address.as_ref().map(check_address).transpose()?;

    let token = &mut staged.token;
    token.account_name = update.account_name.or(token.account_name.take());
    let address = update.address.as_ref().map(from_sent::address);
    token.delivery_identifier = address.or(token.delivery_identifier.take());
    let (token, inbox, mut channel_account) = (token.clone(), staged.inbox, staged.account);
    let at = account.tick();
    // ASSUMPTION: a staged account is connected as soon as the app has set its name and its address,
    // and follows later changes of its token.
    let address = token.delivery_identifier.as_ref();
    if let (Some(_), Some(name)) = (address, token.account_name.as_deref()) {
        let id = channel_account
            .unwrap_or_else(|| accounts::connect(account, channel, inbox, name.to_owned(), at));
        if let Some(connected) = account.channel_accounts.get_mut(&id) {
            connected.name = Some(name.to_owned());
            connected.delivery_identifier.clone_from(&token.delivery_identifier);
        }
        let change = match channel_account {
            None => AccountChange::Created,
            Some(_) => AccountChange::Updated,
        };
        channel_events::account_changed(account, channel, id, change);
        channel_account = Some(id);
    }
    if let Some(staged) = account.custom.staged.get_mut(account_token) {
        staged.account = channel_account;
    }
    Ok(ApiResponse::ok(&token))
}
