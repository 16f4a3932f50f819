//! Inboxes and help desks.

use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::Inbox;

use crate::account::Account;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;
use crate::http::sorted_list;
use crate::resources::Handlers;

pub(crate) const HANDLERS: Handlers =
    &[(OperationId::ListInboxes, list), (OperationId::GetInbox, get)];

const FIELDS: [&str; 7] =
    ["id", "name", "type", "createdAt", "updatedAt", "archived", "archivedAt"];

fn list(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let inboxes = account.inboxes.values().filter(|inbox| is_archived(inbox) == archived).collect();
    sorted_list::page(call, &FIELDS, inboxes)
}

fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let inbox = account.inboxes.get(&call.id32("inboxId")?).ok_or_else(ApiError::not_found)?;
    if is_archived(inbox) && !archived {
        return Err(ApiError::not_found());
    }
    Ok(ApiResponse::ok(inbox))
}

pub(crate) fn is_archived(inbox: &Inbox) -> bool {
    inbox.archived == Some(true)
}
