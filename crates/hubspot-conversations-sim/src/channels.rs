//! Channels.

use crate::call::{Answer, Call};
use crate::choices;
use crate::errors::ApiError;
use crate::paging::{self, Page};
use crate::sorting;
use crate::state::State;

/// Live chat on a page of the account.
pub(crate) const LIVE_CHAT: u64 = 1000;
/// Facebook Messenger.
pub(crate) const MESSENGER: u64 = 1001;
/// E-mail.
pub(crate) const EMAIL: u64 = 1002;
/// Forms.
pub(crate) const FORMS: u64 = 1003;
/// WhatsApp. It can be read, but the API cannot send through it.
pub(crate) const WHATSAPP: u64 = 1007;

const FIELDS: [&str; 2] = ["id", "name"];

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let length = paging::length(&call.query, choices::MAX_LIMIT, state.short_pages)?;
    let passed = paging::position(call)?;

    let channels = sorting::sort(call, &FIELDS, state.channels.values().collect())?;
    Ok(Answer::ok(&Page::of_all(call, length, passed, &channels)))
}

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let channel = state.channels.get(&call.id32("channelId")?).ok_or_else(ApiError::not_found)?;
    Ok(Answer::ok(channel))
}
