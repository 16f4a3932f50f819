//! Inboxes and help desks.

use hubspot_conversations_api::types::Inbox;

use crate::call::{Answer, Call};
use crate::choices;
use crate::errors::ApiError;
use crate::paging::{self, Page};
use crate::sorting;
use crate::state::State;

const FIELDS: [&str; 7] =
    ["id", "name", "type", "createdAt", "updatedAt", "archived", "archivedAt"];

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let length = paging::length(&call.query, choices::MAX_LIMIT, state.short_pages)?;
    let passed = paging::position(call)?;

    let inboxes = state.inboxes.values().filter(|inbox| is_archived(inbox) == archived).collect();
    let inboxes = sorting::sort(call, &FIELDS, inboxes)?;
    Ok(Answer::ok(&Page::of_all(call, length, passed, &inboxes)))
}

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let inbox = state.inboxes.get(&call.id32("inboxId")?).ok_or_else(ApiError::not_found)?;
    if is_archived(inbox) && !archived {
        return Err(ApiError::not_found());
    }
    Ok(Answer::ok(inbox))
}

pub(crate) fn is_archived(inbox: &Inbox) -> bool {
    inbox.archived == Some(true)
}
