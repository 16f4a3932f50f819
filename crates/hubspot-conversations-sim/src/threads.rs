//! Threads: reading, closing, archiving. Who is to answer them is in `assignees`.

use std::ops::Bound;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    ActorId, ChannelAccount, ContactId, InboxId, Thread, ThreadAssociations, ThreadStatus,
    ThreadUpdate, TicketId,
};
use serde::Serialize;

use crate::call::{Answer, Call};
use crate::choices;
use crate::conversation::Conversation;
use crate::custom_channels::visitors;
use crate::errors::ApiError;
use crate::history_events::{Cause, Event};
use crate::outbox::Change;
use crate::paging::{self, Page};
use crate::properties::{Properties, Shown};
use crate::query::{Query, Width};
use crate::state::State;

/// The largest page of threads. HubSpot documents it.
const MAX_LIMIT: usize = 500;

const BY_ID: &str = "id";
const BY_LATEST_MESSAGE: &str = "latestMessageTimestamp";

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let filter = Filter::read(&call.query)?;
    let order = Order::read(&call.query, &filter)?;
    let fields = Fields::read(&call.query)?;
    let length = paging::length(&call.query, MAX_LIMIT, state.short_pages)?;
    let threads = if filter.archived { &state.archive } else { &state.threads };

    let name = order.name();
    let page = if order.by_latest_message {
        let after = instant_and_id(call, &name)?;
        let mut found: Vec<_> = threads
            .iter()
            .filter(|(_, conversation)| filter.accepts(conversation))
            .map(|(&id, conversation)| {
                ((conversation.thread.latest_message_timestamp, id), conversation)
            })
            .filter(|(place, _)| match after {
                Some(after) if order.downwards => *place < after,
                Some(after) => *place > after,
                None => true,
            })
            .collect();
        found.sort_by_key(|(place, _)| *place);
        if order.downwards {
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
        if order.downwards {
            let rest = threads.range((Bound::Unbounded, after_bound)).rev();
            Page::cut(call, &name, length, rest.filter_map(found))
        } else {
            let rest = threads.range((after_bound, Bound::Unbounded));
            Page::cut(call, &name, length, rest.filter_map(found))
        }
    };
    Ok(Answer::ok(&page))
}

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let fields = Fields::read(&call.query)?;
    let id = call.id("threadId")?;
    let conversation = if archived { state.any_thread(id) } else { state.thread(id) }?;
    Ok(Answer::ok(&fields.show(conversation)))
}

pub(crate) fn update(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let id = call.id("threadId")?;
    let update: ThreadUpdate = call.json()?;
    if archived && state.archive.contains_key(&id) {
        return restore(state, id, &update);
    }
    state.thread(id)?;
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
    let at = state.tick();
    let conversation = set_status(state, id, &new, at, Cause::App)?;
    Ok(Answer::ok(&conversation.thread))
}

pub(crate) fn archive(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let id = call.id("threadId")?;
    let mut conversation =
        state.threads.remove(&id).ok_or_else(|| match state.archive.contains_key(&id) {
            true => choices::archived_again(),
            false => ApiError::not_found(),
        })?;
    conversation.archive(state.tick());
    state.archive.insert(id, conversation);
    choices::archived(&mut state.outbox, state.clock.now(), id);
    Ok(Answer::no_content())
}

/// HubSpot documents that the status of an archived thread cannot be changed.
fn restore(state: &mut State, id: u64, update: &ThreadUpdate) -> Result<Answer, ApiError> {
    if update.status.is_some() {
        return Err(ApiError::invalid("status", "the status of an archived thread cannot change"));
    }
    if update.archived != Some(false) {
        return Err(ApiError::invalid("archived", "expected false"));
    }
    state.tick();
    let mut conversation = state.archive.remove(&id).ok_or_else(ApiError::not_found)?;
    conversation.restore();
    let change = Change::Property { name: "isArchived", value: "false".to_owned() };
    state.outbox.thread_changed(state.clock.now(), id, change);
    let conversation = state.threads.entry(id).insert_entry(conversation).into_mut();
    Ok(Answer::ok(&conversation.thread))
}

/// Begins a thread in the account's inbox, and says its id.
pub(crate) fn begin(
    state: &mut State,
    account: &ChannelAccount,
    visitor: &ActorId,
    at: DateTime<Utc>,
) -> u64 {
    let id = choices::FIRST_NEW_THREAD + state.next_serial();
    let mut thread = Thread::new(id.into());
    thread.status = Some(ThreadStatus::Open);
    thread.inbox_id.clone_from(&account.inbox_id);
    thread.associated_contact_id = visitors::contact(visitor);
    thread.original_channel_id.clone_from(&account.channel_id);
    thread.original_channel_account_id = Some(account.id.clone());
    thread.created_at = Some(at);
    thread.spam = Some(false);
    thread.archived = Some(false);
    state.threads.insert(id, Conversation::new(thread));
    state.outbox.thread_changed(state.clock.now(), id, Change::Began);
    id
}

/// Opens or closes a thread. Nothing happens if it is so already.
pub(crate) fn set_status<'a>(
    state: &'a mut State,
    id: u64,
    new: &ThreadStatus,
    at: DateTime<Utc>,
    cause: Cause,
) -> Result<&'a Conversation, ApiError> {
    let conversation = state.threads.get_mut(&id).ok_or_else(ApiError::not_found)?;
    if !choices::is_event(&conversation.thread.status.as_ref(), &Some(new)) {
        return Ok(conversation);
    }
    let event = Event { thread: &conversation.thread.id, at, cause };
    let event = event.status_change(&mut state.random, new.clone());
    conversation.append(event);
    conversation.thread.closed_at = (*new == ThreadStatus::Closed).then_some(at);
    conversation.thread.status = Some(new.clone());
    let change = Change::Property { name: "status", value: new.to_string() };
    state.outbox.thread_changed(state.clock.now(), id, change);
    Ok(conversation)
}

/// Which threads to list.
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

/// In which order to list them.
struct Order {
    by_latest_message: bool,
    downwards: bool,
}

impl Order {
    fn read(query: &Query, filter: &Filter) -> Result<Self, ApiError> {
        let keys: Vec<&str> = query.all("sort").collect();
        let key = match keys[..] {
            [] => BY_ID,
            [key] => key,
            _ => return Err(ApiError::invalid("sort", "only one field can be named")),
        };
        let (field, downwards) = key.strip_prefix('-').map_or((key, false), |field| (field, true));
        if field != BY_ID && field != BY_LATEST_MESSAGE {
            return Err(ApiError::invalid("sort", "expected id or latestMessageTimestamp"));
        }
        if downwards && filter.contact.is_none() {
            return Err(ApiError::invalid("sort", "only with associatedContactId downwards"));
        }
        let by_latest_message = field == BY_LATEST_MESSAGE;
        if by_latest_message && filter.message_after.is_none() {
            return Err(ApiError::invalid(LATEST_MESSAGE_AFTER, "needed to sort by it"));
        }
        Ok(Self { by_latest_message, downwards })
    }

    /// What the cursor remembers, so that it is not taken for one of another order.
    fn name(&self) -> String {
        let field = if self.by_latest_message { BY_LATEST_MESSAGE } else { BY_ID };
        format!("{}{field}", if self.downwards { "-" } else { "" })
    }
}

type InstantAndId = (Option<DateTime<Utc>>, u64);

fn instant_and_id(call: &Call, order: &str) -> Result<Option<InstantAndId>, ApiError> {
    let Some(place) = paging::place(call, order)? else { return Ok(None) };
    let parts = place.split_once(',').and_then(|(milliseconds, id)| {
        Some((DateTime::from_timestamp_millis(milliseconds.parse().ok()?), id.parse().ok()?))
    });
    parts.map(Some).ok_or_else(choices::not_a_cursor)
}

/// What to show of a thread.
struct Fields {
    associations: bool,
    properties: Properties,
}

/// A thread, with its associations if they were asked for.
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
