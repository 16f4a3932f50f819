//! Accounts of custom channels. The account also lists them with its other channel accounts.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{
    ChannelAccount, CustomChannelAccountUpdate, DeliveryIdentifier, DeliveryIdentifierType,
    NewCustomChannelAccount,
};

use crate::account::custom_channels::is_of;
use crate::account::not_found::NotFound;
use crate::account::{Account, from_sent};
use crate::assumptions;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::query::Query;
use crate::http::response::ApiResponse;
use crate::http::sorted_list;
use crate::resources::Handlers;
use crate::resources::channel_accounts::{self, is_archived};
use crate::resources::custom_channels::channel_events::{self, AccountChange};
use crate::resources::custom_channels::field_checks::{check_address, check_name, reject_null};

pub(crate) const HANDLERS: Handlers = &[
    (OperationId::ListCustomChannelAccounts, list),
    (OperationId::CreateCustomChannelAccount, create),
    (OperationId::GetCustomChannelAccount, get),
    (OperationId::UpdateCustomChannelAccount, update),
];

fn list(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let channel = call.id32("channelId")?;
    account.custom.channel(channel)?;
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let addresses = AddressFilter::read(&call.query)?;

    let accounts = account
        .channel_accounts
        .values()
        .filter(|channel_account| {
            is_of(channel_account, channel) && is_archived(channel_account) == archived
        })
        .filter(|channel_account| addresses.accepts(channel_account.delivery_identifier.as_ref()))
        .collect();
    sorted_list::page(call, &channel_accounts::FIELDS, accounts)
}

fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let channel = call.id32("channelId")?;
    account.custom.channel(channel)?;
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let channel_account = account.channel_accounts.get(&call.id("channelAccountId")?);
    let channel_account = channel_account
        .filter(|channel_account| {
            is_of(channel_account, channel) && (archived || !is_archived(channel_account))
        })
        .ok_or(NotFound)?;
    Ok(ApiResponse::ok(channel_account))
}

fn create(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let channel = call.id32("channelId")?;
    account.custom.channel(channel)?;
    let new: NewCustomChannelAccount = call.json()?;
    check_name(&new.name)?;
    let inbox = account.open_inbox(new.inbox_id.as_str());
    let inbox = inbox.ok_or_else(|| ApiError::invalid("inboxId", "no such inbox"))?;
    new.address.as_ref().map(check_address).transpose()?;

    let at = account.tick();
    let id = connect(account, channel, inbox, new.name, at);
    let channel_account = account.channel_accounts.get_mut(&id).ok_or(NotFound)?;
    channel_account.authorized = new.authorized;
    channel_account.delivery_identifier = new.address.as_ref().map(from_sent::address);
    let response = ApiResponse::json(StatusCode::CREATED, channel_account);
    channel_events::account_changed(account, channel, id, AccountChange::Created);
    Ok(response)
}

fn update(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let channel = call.id32("channelId")?;
    account.custom.channel(channel)?;
    let id = call.id("channelAccountId")?;
    let is_there = |channel_account: &ChannelAccount| {
        is_of(channel_account, channel) && !is_archived(channel_account)
    };
    if !account.channel_accounts.get(&id).is_some_and(is_there) {
        return Err(ApiError::not_found());
    }
    reject_null(call, &["name", "authorized"])?;
    let update: CustomChannelAccountUpdate = call.json()?;
    update.name.as_deref().map(check_name).transpose()?;

    account.tick();
    let channel_account = account.channel_accounts.get_mut(&id).ok_or(NotFound)?;
    if let Some(name) = update.name {
        channel_account.name = Some(name);
    }
    channel_account.authorized = update.authorized.or(channel_account.authorized);
    let response = ApiResponse::ok(channel_account);
    channel_events::account_changed(account, channel, id, AccountChange::Updated);
    Ok(response)
}

/// Adds an authorized account without an address, and returns its id.
pub(crate) fn connect(
    account: &mut Account,
    channel: u64,
    inbox: u64,
    name: String,
    at: DateTime<Utc>,
) -> u64 {
    let id = assumptions::FIRST_CUSTOM_ACCOUNT + account.next_serial();
    let mut channel_account = ChannelAccount::new(id.into(), name, channel.into(), inbox.into());
    channel_account.active = Some(true);
    channel_account.authorized = Some(true);
    channel_account.created_at = Some(at);
    channel_account.archived = Some(false);
    account.channel_accounts.insert(id, channel_account);
    id
}

/// Archives the accounts of a channel that is archived.
pub(crate) fn archive_all(account: &mut Account, channel: u64, at: DateTime<Utc>) {
    // ASSUMPTION: the accounts of a custom channel are archived with it, and its webhook
    // receives a purge event for each.
    let accounts = account.channel_accounts.iter_mut();
    let mut archived = Vec::new();
    for (&id, channel_account) in accounts.filter(|(_, account)| is_of(account, channel)) {
        if !is_archived(channel_account) {
            channel_account.archived = Some(true);
            channel_account.archived_at = Some(at);
            archived.push(id);
        }
    }
    for id in archived {
        channel_events::account_changed(account, channel, id, AccountChange::Purged);
    }
}

/// The addresses that a list of accounts is filtered by.
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

    /// Whether an address matches a pair of type and value. Types and values are paired by index.
    fn accepts(&self, identifier: Option<&DeliveryIdentifier>) -> bool {
        let wanted = self.types.len().max(self.values.len());
        let fits = |identifier: &DeliveryIdentifier| {
            (0..wanted).any(|index| {
                self.types.get(index).is_none_or(|type_| identifier.type_.as_ref() == Some(type_))
                    && self
                        .values
                        .get(index)
                        .is_none_or(|value| identifier.value.as_deref() == Some(*value))
            })
        };
        wanted == 0 || identifier.is_some_and(fits)
    }
}
