//! Channel accounts.

use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::ChannelAccount;

use crate::account::Account;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::query::Width;
use crate::http::response::ApiResponse;
use crate::http::sorted_list;
use crate::resources::Handlers;

pub(crate) const HANDLERS: Handlers =
    &[(OperationId::ListChannelAccounts, list), (OperationId::GetChannelAccount, get)];

pub(crate) const FIELDS: [&str; 9] = [
    "id",
    "name",
    "channelId",
    "inboxId",
    "active",
    "authorized",
    "createdAt",
    "archived",
    "archivedAt",
];

fn list(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let channels = call.query.ids("channelId", Width::Int32)?;
    let inboxes = call.query.ids("inboxId", Width::Int32)?;

    let accounts = account
        .channel_accounts
        .values()
        .filter(|channel_account| is_archived(channel_account) == archived)
        .filter(|channel_account| is_among(channel_account.channel_id.as_ref(), &channels))
        .filter(|channel_account| is_among(channel_account.inbox_id.as_ref(), &inboxes))
        .collect();
    sorted_list::page(call, &FIELDS, accounts)
}

fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let id = call.id("channelAccountId")?;
    let channel_account = account.channel_accounts.get(&id).ok_or_else(ApiError::not_found)?;
    if is_archived(channel_account) && !archived {
        return Err(ApiError::not_found());
    }
    Ok(ApiResponse::ok(channel_account))
}

pub(crate) fn is_archived(channel_account: &ChannelAccount) -> bool {
    channel_account.archived == Some(true)
}

/// Whether messages can be sent through a channel account.
pub(crate) fn can_send_through(channel_account: &ChannelAccount) -> bool {
    // ASSUMPTION: messages can be sent through accounts that are inactive or not authorized, because
    // HubSpot's example has such an account; archived ones count as unknown.
    !is_archived(channel_account)
}

/// Whether the wanted ids include this one, or are empty.
fn is_among<T: AsRef<str>>(id: Option<&T>, wanted: &[u64]) -> bool {
    let id = id.and_then(|id| id.as_ref().parse().ok());
    wanted.is_empty() || id.is_some_and(|id| wanted.contains(&id))
}
