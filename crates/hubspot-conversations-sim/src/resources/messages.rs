//! Reads a thread's history. `sending` writes to it.

use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{Message, OriginalContent};

use crate::account::Account;
use crate::assumptions;
use crate::http::call::Call;
use crate::http::entry_body::EntryBody;
use crate::http::errors::ApiError;
use crate::http::paging::{self, Page};
use crate::http::properties::Properties;
use crate::http::response::ApiResponse;
use crate::resources::Handlers;

pub(crate) const HANDLERS: Handlers = &[
    (OperationId::ListMessages, list),
    (OperationId::GetMessage, get),
    (OperationId::GetOriginalContent, original_content),
];

const OLDEST_FIRST: &str = "createdAt";
const NEWEST_FIRST: &str = "-createdAt";

fn list(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let conversation = account.any_thread(call.id("threadId")?)?;
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let properties = Properties::read(&call.query)?;
    let length = paging::length(call, assumptions::MAX_LIMIT)?;
    let order = match call.query.all("sort").collect::<Vec<_>>()[..] {
        [] | [NEWEST_FIRST] => NEWEST_FIRST,
        [OLDEST_FIRST] => OLDEST_FIRST,
        _ => return Err(ApiError::invalid("sort", "expected createdAt or -createdAt")),
    };
    let after = paging::number(call, order)?;

    // ASSUMPTION: a history is archived as a whole, with its thread: a list contains all of it or
    // none; single entries are returned either way.
    let history = match conversation.archived_at.is_some() == archived {
        true => conversation.history(),
        false => &[],
    };
    let show = |index: usize| (index, properties.show(EntryBody::new(&history[index])));
    let page = if order == NEWEST_FIRST {
        let end = after.unwrap_or(history.len()).min(history.len());
        Page::cut(call, order, length, (0..end).rev().map(show))
    } else {
        let start = after.map_or(0, |after: usize| after.saturating_add(1));
        Page::cut(call, order, length, (start..history.len()).map(show))
    };
    Ok(ApiResponse::ok(&page))
}

fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let conversation = account.any_thread(call.id("threadId")?)?;
    let entry = conversation.entry(call.capture("messageId")?).ok_or_else(ApiError::not_found)?;
    Ok(ApiResponse::ok(&Properties::read(&call.query)?.show(EntryBody::new(entry))))
}

fn original_content(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let conversation = account.any_thread(call.id("threadId")?)?;
    let id = call.capture("messageId")?;
    let entry = conversation.entry(id).ok_or_else(ApiError::not_found)?;
    let properties = Properties::read(&call.query)?;
    match conversation.originals.get(id) {
        Some(original) => Ok(ApiResponse::ok(&properties.show(original))),
        None => Ok(ApiResponse::ok(&properties.show(shown_content(entry)))),
    }
}

/// The content of an entry that is not truncated. Events have none.
fn shown_content(entry: &Message) -> OriginalContent {
    let mut content = OriginalContent::new();
    (content.text, content.rich_text) = match entry {
        Message::Message(entry) => (entry.text.clone(), entry.rich_text.clone()),
        Message::Comment(entry) => (entry.text.clone(), entry.rich_text.clone()),
        Message::WelcomeMessage(entry) => (entry.text.clone(), entry.rich_text.clone()),
        _ => (None, None),
    };
    content
}
