//! Lists, reads, opens, closes, archives and restores threads.

use std::ops::Bound;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{
    ContactId, InboxId, Thread, ThreadAssociations, ThreadStatus, ThreadUpdate, TicketId,
};
use serde::Serialize;

use crate::account::Account;
use crate::account::conversation::Conversation;
use crate::account::history_events::Cause;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::paging::{self, Page};
use crate::http::properties::{Properties, Shown};
use crate::http::query::{Query, Width};
use crate::http::response::ApiResponse;
use crate::resources::Handlers;

pub(crate) const HANDLERS: Handlers = &[
    (OperationId::ListThreads, list),
    (OperationId::GetThread, get),
    (OperationId::UpdateThread, update),
    (OperationId::ArchiveThread, archive),
];

/// The largest page of threads, as HubSpot documents it.
const MAX_LIMIT: usize = 500;

const BY_ID: &str = "id";
const BY_LATEST_MESSAGE: &str = "latestMessageTimestamp";

fn list(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let filter = Filter::read(&call.query)?;
    let order = Order::read(&call.query, &filter)?;
    let fields = Fields::read(&call.query)?;
    let length = paging::length(call, MAX_LIMIT)?;
    let threads = if filter.archived { &account.archive } else { &account.threads };

    let name = order.name();
    let page = if order.by_latest_message {
        let after = instant_and_id(call, &name)?;
        let mut found: Vec<_> = threads
            .iter()
            .filter(|(_, conversation)| filter.accepts(conversation))
            .map(|(&id, conversation)| {
                ((conversation.thread.latest_message_timestamp, id), conversation)
            })
            .filter(|(position, _)| match after {
                Some(after) if order.descending => *position < after,
                Some(after) => *position > after,
                None => true,
            })
            .collect();
        found.sort_by_key(|(position, _)| *position);
        if order.descending {
            found.reverse();
        }
        let found = found.into_iter().map(|((instant, id), conversation)| {
            let milliseconds = instant.map_or(0, |instant| instant.timestamp_millis());
            (format!("{milliseconds},{id}"), fields.show(conversation))
        });
        Page::cut(call, &name, length, found)
    } else {
        let after: Option<u64> = paging::number(call, &name)?;
        let found = |(&id, conversation)| {
            filter.accepts(conversation).then(|| (id, fields.show(conversation)))
        };
        let after_bound = after.map_or(Bound::Unbounded, Bound::Excluded);
        if order.descending {
            let rest = threads.range((Bound::Unbounded, after_bound)).rev();
            Page::cut(call, &name, length, rest.filter_map(found))
        } else {
            let rest = threads.range((after_bound, Bound::Unbounded));
            Page::cut(call, &name, length, rest.filter_map(found))
        }
    };
    Ok(ApiResponse::ok(&page))
}

fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let fields = Fields::read(&call.query)?;
    let id = call.id("threadId")?;
    let conversation = if archived { account.any_thread(id) } else { account.thread(id) }?;
    Ok(ApiResponse::ok(&fields.show(conversation)))
}

fn update(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let id = call.id("threadId")?;
    let update: ThreadUpdate = call.json()?;
    if archived && account.archive.contains_key(&id) {
        return restore(account, id, &update);
    }
    account.thread(id)?;
    let new = match (update.status, update.archived) {
        (Some(status @ (ThreadStatus::Open | ThreadStatus::Closed)), None | Some(false)) => status,
        (Some(_), None | Some(false)) => {
            return Err(ApiError::invalid("status", "expected OPEN or CLOSED"));
        }
        (_, Some(true)) => {
            return Err(ApiError::invalid("archived", "delete the thread to archive it"));
        }
        (None, _) => return Err(ApiError::invalid("status", "nothing to change")),
    };
    let at = account.tick();
    let conversation = account.set_status(id, &new, at, Cause::App)?;
    Ok(ApiResponse::ok(&conversation.thread))
}

fn archive(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    account.archive_thread(call.id("threadId")?)?;
    Ok(ApiResponse::no_content())
}

/// HubSpot documents that the status of an archived thread cannot be changed.
fn restore(account: &mut Account, id: u64, update: &ThreadUpdate) -> Result<ApiResponse, ApiError> {
    if update.status.is_some() {
        return Err(ApiError::invalid("status", "the status of an archived thread cannot change"));
    }
    if update.archived != Some(false) {
        return Err(ApiError::invalid("archived", "expected false"));
    }
    Ok(ApiResponse::ok(&account.restore_thread(id)?.thread))
}

/// The threads to list.
struct Filter {
    archived: bool,
    contact: Option<ContactId>,
    ticket: Option<TicketId>,
    inbox: Option<InboxId>,
    message_after: Option<DateTime<Utc>>,
    status: Option<ThreadStatus>,
}

impl Filter {
    fn read(query: &Query) -> Result<Self, ApiError> {
        let inboxes = query.ids("inboxId", Width::Int32)?;
        if inboxes.len() > 1 {
            return Err(ApiError::invalid("inboxId", "only one inbox can be named"));
        }
        let status = query.text("threadStatus")?.map(ThreadStatus::from);
        if let Some(ThreadStatus::Unrecognized(_)) = status {
            return Err(ApiError::invalid("threadStatus", "expected OPEN or CLOSED"));
        }
        let contact = query.id("associatedContactId", Width::Int64)?;
        if contact.is_some() && status.is_none() {
            return Err(ApiError::invalid("threadStatus", "associatedContactId needs it"));
        }
        if contact.is_some() && !inboxes.is_empty() {
            return Err(ApiError::invalid("inboxId", "cannot go with associatedContactId"));
        }
        Ok(Self {
            archived: query.boolean("archived")?.unwrap_or(false),
            contact: contact.map(ContactId::from),
            ticket: query.id("associatedTicketId", Width::Int64)?.map(TicketId::from),
            inbox: inboxes.first().copied().map(InboxId::from),
            message_after: query.instant(LATEST_MESSAGE_AFTER)?,
            status,
        })
    }

    fn accepts(&self, conversation: &Conversation) -> bool {
        let thread = &conversation.thread;
        let ticket = || conversation.associations.as_ref()?.associated_ticket_id.as_ref();
        (self.contact.is_none() || self.contact == thread.associated_contact_id)
            && (self.ticket.is_none() || self.ticket.as_ref() == ticket())
            && (self.inbox.is_none() || self.inbox == thread.inbox_id)
            && (self.status.is_none() || self.status == thread.status)
            && (self.message_after.is_none()
                || self.message_after < thread.latest_message_timestamp)
    }
}

const LATEST_MESSAGE_AFTER: &str = "latestMessageTimestampAfter";

/// The order of the list.
struct Order {
    by_latest_message: bool,
    descending: bool,
}

impl Order {
    fn read(query: &Query, filter: &Filter) -> Result<Self, ApiError> {
        let keys: Vec<&str> = query.all("sort").collect();
        let key = match keys[..] {
            [] => BY_ID,
            [key] => key,
            _ => return Err(ApiError::invalid("sort", "only one field can be named")),
        };
        let (field, descending) = key.strip_prefix('-').map_or((key, false), |field| (field, true));
        if field != BY_ID && field != BY_LATEST_MESSAGE {
            return Err(ApiError::invalid("sort", "expected id or latestMessageTimestamp"));
        }
        if descending && filter.contact.is_none() {
            return Err(ApiError::invalid("sort", "only with associatedContactId downwards"));
        }
        let by_latest_message = field == BY_LATEST_MESSAGE;
        if by_latest_message && filter.message_after.is_none() {
            return Err(ApiError::invalid(LATEST_MESSAGE_AFTER, "needed to sort by it"));
        }
        Ok(Self { by_latest_message, descending })
    }

    /// The order's name in the cursor, so that a cursor of another order is rejected.
    fn name(&self) -> String {
        let field = if self.by_latest_message { BY_LATEST_MESSAGE } else { BY_ID };
        format!("{}{field}", if self.descending { "-" } else { "" })
    }
}

type InstantAndId = (Option<DateTime<Utc>>, u64);

fn instant_and_id(call: &Call, order: &str) -> Result<Option<InstantAndId>, ApiError> {
    let Some(position) = paging::position(call, order)? else { return Ok(None) };
    let parts = position.split_once(',').and_then(|(milliseconds, id)| {
        Some((DateTime::from_timestamp_millis(milliseconds.parse().ok()?), id.parse().ok()?))
    });
    parts.map(Some).ok_or_else(paging::not_a_cursor)
}

/// The parts of a thread that the response contains.
struct Fields {
    associations: bool,
    properties: Properties,
}

/// A thread, with its associations if they were requested.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    #[serde(flatten)]
    thread: &'a Thread,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_associations: Option<&'a ThreadAssociations>,
}

impl Fields {
    fn read(query: &Query) -> Result<Self, ApiError> {
        if query.all("association").any(|name| name != "TICKET") {
            return Err(ApiError::invalid("association", "expected TICKET"));
        }
        Ok(Self {
            associations: query.all("association").next().is_some(),
            properties: Properties::read(query)?,
        })
    }

    fn show<'a>(&self, conversation: &'a Conversation) -> Shown<View<'a>> {
        let associations = conversation.associations.as_ref();
        self.properties.show(View {
            thread: &conversation.thread,
            thread_associations: associations.filter(|_| self.associations),
        })
    }
}
