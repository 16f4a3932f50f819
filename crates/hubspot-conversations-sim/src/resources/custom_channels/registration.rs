//! Registers, lists, updates and archives custom channels.

use axum::http::StatusCode;
use hubspot_conversations_api::types::{
    Channel, CustomChannel, CustomChannelUpdate, NewCustomChannel,
};
use hubspot_conversations_api::{Change, OperationId};

use crate::account::not_found::NotFound;
use crate::account::{Account, from_sent};
use crate::assumptions;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;
use crate::http::sorted_list;
use crate::resources::Handlers;
use crate::resources::custom_channels::field_checks::{check_name, reject_null};
use crate::resources::custom_channels::{accounts, capabilities};

pub(crate) const HANDLERS: Handlers = &[
    (OperationId::ListCustomChannels, list),
    (OperationId::CreateCustomChannel, create),
    (OperationId::GetCustomChannel, get),
    (OperationId::UpdateCustomChannel, update),
    (OperationId::ArchiveCustomChannel, archive),
];

const FIELDS: [&str; 7] = [
    "id",
    "name",
    "webhookUrl",
    "channelDescription",
    "channelLogoUrl",
    "channelAccountConnectionRedirectUrl",
    "createdAt",
];

fn list(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    sorted_list::page(call, &FIELDS, account.custom.channels.values().collect())
}

fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    Ok(ApiResponse::ok(account.custom.channel(call.id32("channelId")?)?))
}

fn create(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    capabilities::check(call)?;
    let new: NewCustomChannel = call.json()?;
    check_name(&new.name)?;

    let at = account.tick();
    let id = assumptions::FIRST_CUSTOM_CHANNEL + account.next_serial();
    let mut channel = CustomChannel::new(id.into(), new.name.clone());
    channel.capabilities = from_sent::through_json(&new.capabilities);
    channel.webhook_url = new.webhook_url;
    channel.channel_description = new.description;
    channel.channel_logo_url = new.logo_url;
    channel.channel_account_connection_redirect_url = new.account_connection_redirect_url;
    channel.created_at = Some(at);
    let response = ApiResponse::json(StatusCode::CREATED, &channel);
    account.custom.channels.insert(id, channel);
    // The account also lists it with its other channels.
    account.channels.insert(id, Channel::new(id.into(), new.name));
    Ok(response)
}

/// Updates the fields in the body. `null` clears a field.
fn update(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let id = call.id32("channelId")?;
    account.custom.channel(id)?;
    capabilities::check(call)?;
    reject_null(call, &["name", "capabilities"])?;
    let update: CustomChannelUpdate = call.json()?;
    update.name.as_deref().map(check_name).transpose()?;

    account.tick();
    let channel = account.custom.channels.get_mut(&id).ok_or(NotFound)?;
    if let Some(name) = update.name {
        channel.name = Some(name.clone());
        account.channels.insert(id, Channel::new(id.into(), name));
    }
    if let Some(capabilities) = &update.capabilities {
        channel.capabilities = from_sent::through_json(capabilities);
    }
    apply(&mut channel.webhook_url, update.webhook_url);
    apply(&mut channel.channel_description, update.description);
    apply(&mut channel.channel_logo_url, update.logo_url);
    apply(
        &mut channel.channel_account_connection_redirect_url,
        update.account_connection_redirect_url,
    );
    Ok(ApiResponse::ok(channel))
}

fn archive(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let id = call.id32("channelId")?;
    account.custom.channel(id)?;
    let at = account.tick();
    accounts::archive_all(account, id, at);
    account.custom.channels.remove(&id);
    account.channels.remove(&id);
    Ok(ApiResponse::no_content())
}

fn apply<T>(field: &mut Option<T>, change: Change<T>) {
    match change {
        Change::Keep => {}
        Change::Clear => *field = None,
        Change::Set(value) => *field = Some(value),
    }
}
