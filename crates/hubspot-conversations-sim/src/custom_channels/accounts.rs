//! Accounts of custom channels. They are channel accounts like any other.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    ChannelAccount, CustomChannelAccountUpdate, DeliveryIdentifier, DeliveryIdentifierType,
    NewCustomChannelAccount, NewDeliveryIdentifier,
};

use crate::answered;
use crate::call::{Answer, Call};
use crate::channel_accounts::{self, is_archived};
use crate::choices;
use crate::custom_channels::channel_events::{self, AccountChange};
use crate::custom_channels::{check_name, unchecked};
use crate::errors::ApiError;
use crate::paging::{self, Page};
use crate::query::Query;
use crate::sorting;
use crate::state::State;

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let channel = call.id32("channelId")?;
    state.custom.channel(channel)?;
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let addresses = AddressFilter::read(&call.query)?;
    let length = paging::length(&call.query, choices::MAX_LIMIT, state.short_pages)?;
    let passed = paging::position(call)?;

    let accounts = state
        .channel_accounts
        .values()
        .filter(|account| is_of(account, channel) && is_archived(account) == archived)
        .filter(|account| addresses.accepts(account.delivery_identifier.as_ref()))
        .collect();
    let accounts = sorting::sort(call, &channel_accounts::FIELDS, accounts)?;
    Ok(Answer::ok(&Page::of_all(call, length, passed, &accounts)))
}

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let channel = call.id32("channelId")?;
    state.custom.channel(channel)?;
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let account = state.channel_accounts.get(&call.id("channelAccountId")?);
    let account = account
        .filter(|account| is_of(account, channel) && (archived || !is_archived(account)))
        .ok_or_else(ApiError::not_found)?;
    Ok(Answer::ok(account))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let channel = call.id32("channelId")?;
    state.custom.channel(channel)?;
    let new: NewCustomChannelAccount = call.json()?;
    check_name(&new.name)?;
    let inbox = state.open_inbox(new.inbox_id.as_str());
    let inbox = inbox.ok_or_else(|| ApiError::invalid("inboxId", "no such inbox"))?;
    new.address.as_ref().map(check_address).transpose()?;

    let at = state.tick();
    let id = connect(state, channel, inbox, new.name, at);
    let account = state.channel_accounts.get_mut(&id).ok_or_else(ApiError::not_found)?;
    account.authorized = new.authorized;
    account.delivery_identifier = new.address.as_ref().map(answered::address);
    let answer = Answer::json(StatusCode::CREATED, account);
    channel_events::account(state, channel, id, AccountChange::Created);
    Ok(answer)
}

pub(crate) fn update(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let channel = call.id32("channelId")?;
    state.custom.channel(channel)?;
    let id = call.id("channelAccountId")?;
    let is_there = |account: &ChannelAccount| is_of(account, channel) && !is_archived(account);
    if !state.channel_accounts.get(&id).is_some_and(is_there) {
        return Err(ApiError::not_found());
    }
    unchecked::refuse_null(call, &["name", "authorized"])?;
    let update: CustomChannelAccountUpdate = call.json()?;
    update.name.as_deref().map(check_name).transpose()?;

    state.tick();
    let account = state.channel_accounts.get_mut(&id).ok_or_else(ApiError::not_found)?;
    if let Some(name) = update.name {
        account.name = Some(name);
    }
    account.authorized = update.authorized.or(account.authorized);
    let answer = Answer::ok(account);
    channel_events::account(state, channel, id, AccountChange::Updated);
    Ok(answer)
}

/// Adds an account that is authorized and has no address yet, and says its id.
pub(crate) fn connect(
    state: &mut State,
    channel: u64,
    inbox: u64,
    name: String,
    at: DateTime<Utc>,
) -> u64 {
    let id = choices::FIRST_CUSTOM_ACCOUNT + state.next_serial();
    let mut account = ChannelAccount::new(id.into(), name, channel.into(), inbox.into());
    account.active = Some(true);
    account.authorized = Some(true);
    account.created_at = Some(at);
    account.archived = Some(false);
    state.channel_accounts.insert(id, account);
    id
}

pub(crate) fn is_of(account: &ChannelAccount, channel: u64) -> bool {
    account.channel_id == Some(channel.into())
}

pub(crate) fn check_address(identifier: &NewDeliveryIdentifier) -> Result<(), ApiError> {
    if is_address(identifier) {
        return Ok(());
    }
    Err(ApiError::invalid("deliveryIdentifier", "expected a value"))
}

/// Whether somebody can be reached there, as far as can be told.
pub(crate) fn is_address(identifier: &NewDeliveryIdentifier) -> bool {
    !identifier.value.is_empty()
}

/// Which addresses accounts are asked for by.
struct AddressFilter<'a> {
    types: Vec<DeliveryIdentifierType>,
    values: Vec<&'a str>,
}

impl<'a> AddressFilter<'a> {
    fn read(query: &'a Query) -> Result<Self, ApiError> {
        const TYPE: &str = "deliveryIdentifierType";
        let types: Vec<_> = query.all(TYPE).map(DeliveryIdentifierType::from).collect();
        let values: Vec<_> = query.all("deliveryIdentifierValue").collect();
        if !types.iter().all(|type_| DeliveryIdentifierType::KNOWN.contains(type_)) {
            return Err(ApiError::invalid(TYPE, "unknown type"));
        }
        if !types.is_empty() && !values.is_empty() && types.len() != values.len() {
            return Err(ApiError::invalid(TYPE, "expected as many types as values"));
        }
        Ok(Self { types, values })
    }

    /// Each type goes with the value in the same place.
    fn accepts(&self, identifier: Option<&DeliveryIdentifier>) -> bool {
        let wanted = self.types.len().max(self.values.len());
        let fits = |identifier: &DeliveryIdentifier| {
            (0..wanted).any(|place| {
                self.types.get(place).is_none_or(|type_| identifier.type_.as_ref() == Some(type_))
                    && self
                        .values
                        .get(place)
                        .is_none_or(|value| identifier.value.as_deref() == Some(*value))
            })
        };
        wanted == 0 || identifier.is_some_and(fits)
    }
}
