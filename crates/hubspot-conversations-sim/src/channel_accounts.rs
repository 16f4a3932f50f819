//! Channel accounts.

use hubspot_conversations_api::types::ChannelAccount;

use crate::call::{Answer, Call};
use crate::choices;
use crate::errors::ApiError;
use crate::paging::{self, Page};
use crate::query::Width;
use crate::sorting;
use crate::state::State;

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

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let channels = call.query.ids("channelId", Width::Int32)?;
    let inboxes = call.query.ids("inboxId", Width::Int32)?;
    let length = paging::length(&call.query, choices::MAX_LIMIT, state.short_pages)?;
    let passed = paging::position(call)?;

    let accounts = state
        .channel_accounts
        .values()
        .filter(|account| is_archived(account) == archived)
        .filter(|account| is_among(account.channel_id.as_ref(), &channels))
        .filter(|account| is_among(account.inbox_id.as_ref(), &inboxes))
        .collect();
    let accounts = sorting::sort(call, &FIELDS, accounts)?;
    Ok(Answer::ok(&Page::of_all(call, length, passed, &accounts)))
}

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let id = call.id("channelAccountId")?;
    let account = state.channel_accounts.get(&id).ok_or_else(ApiError::not_found)?;
    if is_archived(account) && !archived {
        return Err(ApiError::not_found());
    }
    Ok(Answer::ok(account))
}

pub(crate) fn is_archived(account: &ChannelAccount) -> bool {
    account.archived == Some(true)
}

/// Whether the list of wanted ids is empty or has this one.
fn is_among<T: AsRef<str>>(id: Option<&T>, wanted: &[u64]) -> bool {
    let id = id.and_then(|id| id.as_ref().parse().ok());
    wanted.is_empty() || id.is_some_and(|id| wanted.contains(&id))
}
