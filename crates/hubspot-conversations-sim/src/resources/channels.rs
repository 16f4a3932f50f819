//! Channels.

use hubspot_conversations_api::OperationId;

use crate::account::Account;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;
use crate::http::sorted_list;
use crate::resources::Handlers;

pub(crate) const HANDLERS: Handlers =
    &[(OperationId::ListChannels, list), (OperationId::GetChannel, get)];

const FIELDS: [&str; 2] = ["id", "name"];

fn list(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    sorted_list::page(call, &FIELDS, account.channels.values().collect())
}

fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let channel = account.channels.get(&call.id32("channelId")?).ok_or_else(ApiError::not_found)?;
    Ok(ApiResponse::ok(channel))
}
