//! Custom channels, which an app brings to HubSpot: registering them. Their accounts and messages
//! are in the modules below.

pub(crate) mod accounts;
mod attachments;
mod capabilities;
pub(crate) mod channel_events;
mod checking;
pub(crate) mod deliveries;
pub(crate) mod publishing;
pub(crate) mod staging;
mod threading;
mod unchecked;
pub(crate) mod visitors;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use hubspot_conversations_api::Change;
use hubspot_conversations_api::types::{
    Channel, CustomChannel, CustomChannelUpdate, MessageId, NewCustomChannel,
};

use crate::answered;
use crate::call::{Answer, Call};
use crate::choices;
use crate::custom_channels::staging::Staged;
use crate::custom_channels::threading::ThreadKey;
use crate::custom_channels::visitors::Visitors;
use crate::errors::ApiError;
use crate::paging::{self, Page};
use crate::sorting;
use crate::state::State;

const FIELDS: [&str; 7] = [
    "id",
    "name",
    "webhookUrl",
    "channelDescription",
    "channelLogoUrl",
    "channelAccountConnectionRedirectUrl",
    "createdAt",
];

/// What is known of custom channels beside what every channel has.
#[derive(Debug, Default)]
pub(crate) struct CustomChannels {
    pub(crate) channels: BTreeMap<u64, CustomChannel>,
    /// The accounts that users are about to connect, by account token.
    staged: BTreeMap<String, Staged>,
    /// Whom the addresses belong to that messages come from.
    pub(crate) visitors: Visitors,
    /// The thread that messages went to the last time.
    threads: BTreeMap<ThreadKey, u64>,
    /// The thread and the id of each message that has an id of the app's, by channel and that id.
    published: BTreeMap<(u64, String), (u64, MessageId)>,
}

impl CustomChannels {
    fn channel(&self, id: u64) -> Result<&CustomChannel, ApiError> {
        self.channels.get(&id).ok_or_else(ApiError::not_found)
    }
}

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let length = paging::length(&call.query, choices::MAX_LIMIT, state.short_pages)?;
    let passed = paging::position(call)?;

    let channels = sorting::sort(call, &FIELDS, state.custom.channels.values().collect())?;
    Ok(Answer::ok(&Page::of_all(call, length, passed, &channels)))
}

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    Ok(Answer::ok(state.custom.channel(call.id32("channelId")?)?))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    capabilities::check(call)?;
    let new: NewCustomChannel = call.json()?;
    check_name(&new.name)?;

    let at = state.tick();
    let id = choices::FIRST_CUSTOM_CHANNEL + state.next_serial();
    let mut channel = CustomChannel::new(id.into(), new.name.clone());
    channel.capabilities = answered::same(&new.capabilities);
    channel.webhook_url = new.webhook_url;
    channel.channel_description = new.description;
    channel.channel_logo_url = new.logo_url;
    channel.channel_account_connection_redirect_url = new.account_connection_redirect_url;
    channel.created_at = Some(at);
    let answer = Answer::json(StatusCode::CREATED, &channel);
    state.custom.channels.insert(id, channel);
    // It is a channel like any other.
    state.channels.insert(id, Channel::new(id.into(), new.name));
    Ok(answer)
}

/// What is absent stays, and `null` takes away.
pub(crate) fn update(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let id = call.id32("channelId")?;
    state.custom.channel(id)?;
    capabilities::check(call)?;
    unchecked::refuse_null(call, &["name", "capabilities"])?;
    let update: CustomChannelUpdate = call.json()?;
    update.name.as_deref().map(check_name).transpose()?;

    state.tick();
    let channel = state.custom.channels.get_mut(&id).ok_or_else(ApiError::not_found)?;
    if let Some(name) = update.name {
        channel.name = Some(name.clone());
        state.channels.insert(id, Channel::new(id.into(), name));
    }
    if let Some(capabilities) = &update.capabilities {
        channel.capabilities = answered::same(capabilities);
    }
    change(&mut channel.webhook_url, update.webhook_url);
    change(&mut channel.channel_description, update.description);
    change(&mut channel.channel_logo_url, update.logo_url);
    change(
        &mut channel.channel_account_connection_redirect_url,
        update.account_connection_redirect_url,
    );
    Ok(Answer::ok(channel))
}

fn change<T>(field: &mut Option<T>, change: Change<T>) {
    match change {
        Change::Keep => {}
        Change::Clear => *field = None,
        Change::Set(value) => *field = Some(value),
    }
}

pub(crate) fn archive(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let id = call.id32("channelId")?;
    state.custom.channel(id)?;
    let at = state.tick();
    choices::archive_accounts(state, id, at);
    state.custom.channels.remove(&id);
    state.channels.remove(&id);
    Ok(Answer::no_content())
}

fn check_name(name: &str) -> Result<(), ApiError> {
    match name.trim() {
        "" => Err(ApiError::invalid("name", "expected some text")),
        _ => Ok(()),
    }
}
