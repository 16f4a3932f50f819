//! Accounts that users are about to connect.

use hubspot_conversations_api::types::{StagingToken, StagingTokenUpdate};

use crate::answered;
use crate::call::{Answer, Call};
use crate::choices;
use crate::custom_channels::channel_events::{self, AccountChange};
use crate::custom_channels::{accounts, check_name};
use crate::errors::ApiError;
use crate::ids;
use crate::state::State;

/// An account that a user is about to connect.
#[derive(Debug)]
pub(crate) struct Staged {
    token: StagingToken,
    channel: u64,
    inbox: u64,
    /// The account, once it is connected.
    account: Option<u64>,
}

/// A user begins. Answers the account token that HubSpot hands to the app. `None` if there is no
/// such custom channel or inbox.
pub(crate) fn begin(state: &mut State, channel: &str, inbox: &str) -> Option<String> {
    let channel = channel.parse().ok().filter(|id| state.custom.channels.contains_key(id))?;
    let inbox = state.open_inbox(inbox)?;

    let at = state.tick();
    let account_token = ids::uuid(&mut state.random);
    let mut token = StagingToken::new(account_token.as_str().into());
    token.generic_channel_id = i32::try_from(channel).ok();
    token.inbox_id = i32::try_from(inbox).ok();
    token.user_id = Some(choices::CONNECTING_USER);
    token.created_at = Some(at);
    let staged = Staged { token, channel, inbox, account: None };
    state.custom.staged.insert(account_token.clone(), staged);
    Some(account_token)
}

/// The app says what it found out of the account.
pub(crate) fn update(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let channel = call.id32("channelId")?;
    state.custom.channel(channel)?;
    let account_token = call.capture("accountToken")?;
    let staged = state.custom.staged.get_mut(account_token);
    let staged =
        staged.filter(|staged| staged.channel == channel).ok_or_else(ApiError::not_found)?;
    let update: StagingTokenUpdate = call.json()?;
    update.account_name.as_deref().map(check_name).transpose()?;
    update.address.as_ref().map(accounts::check_address).transpose()?;

    let token = &mut staged.token;
    token.account_name = update.account_name.or(token.account_name.take());
    let address = update.address.as_ref().map(answered::address);
    token.delivery_identifier = address.or(token.delivery_identifier.take());
    let (token, inbox, mut account) = (token.clone(), staged.inbox, staged.account);
    let at = state.tick();
    if let Some(name) = choices::connected_name(&token) {
        let id = account
            .unwrap_or_else(|| accounts::connect(state, channel, inbox, name.to_owned(), at));
        if let Some(connected) = state.channel_accounts.get_mut(&id) {
            connected.name = Some(name.to_owned());
            connected.delivery_identifier.clone_from(&token.delivery_identifier);
        }
        let change = match account {
            None => AccountChange::Created,
            Some(_) => AccountChange::Updated,
        };
        channel_events::account(state, channel, id, change);
        account = Some(id);
    }
    if let Some(staged) = state.custom.staged.get_mut(account_token) {
        staged.account = account;
    }
    Ok(Answer::ok(&token))
}
