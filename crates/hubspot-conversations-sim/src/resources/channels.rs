//! Channels.

use crate::account::Account;
use crate::assumptions;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::paging::{self, Page};
use crate::http::response::ApiResponse;
use crate::http::sorting;

const FIELDS: [&str; 2] = ["id", "name"];

pub(crate) fn list(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let length = paging::length(call, assumptions::MAX_LIMIT)?;
    let offset = paging::offset(call)?;

    let channels = sorting::sort(call, &FIELDS, account.channels.values().collect())?;
    Ok(ApiResponse::ok(&Page::of_all(call, length, offset, &channels)))
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let channel = account.channels.get(&call.id32("channelId")?).ok_or_else(ApiError::not_found)?;
    Ok(ApiResponse::ok(channel))
}
