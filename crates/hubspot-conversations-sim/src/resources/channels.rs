//! Channels.

use crate::account::Account;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;
use crate::http::sorted_list;

const FIELDS: [&str; 2] = ["id", "name"];

pub(crate) fn list(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    sorted_list::page(call, &FIELDS, account.channels.values().collect())
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let channel = account.channels.get(&call.id32("channelId")?).ok_or_else(ApiError::not_found)?;
    Ok(ApiResponse::ok(channel))
}
