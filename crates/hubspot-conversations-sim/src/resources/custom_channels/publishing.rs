//! Stores messages that passed through a custom channel.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{
    ActorId, ConversationsMessage, Message, MessageDirection, MessageStatus, MessageStatusType,
    Participant, PublishedMessage, Recipient, Sender, TruncationStatus,
};
use serde_json::Value;

use crate::account::{Account, from_sent, history_events, ids};
use crate::assumptions;
use crate::http::call::Call;
use crate::http::entry_body::EntryBody;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;
use crate::resources::Handlers;
use crate::resources::custom_channels::field_checks;
use crate::resources::custom_channels::validation::{Validated, validate};

pub(crate) const HANDLERS: Handlers = &[(OperationId::PublishCustomChannelMessage, publish)];

fn publish(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let channel = call.id32("channelId")?;
    account.custom.channel(channel)?;
    let new = read(call, account.clock.now())?;
    if let Some(before) = published_before(account, channel, &new) {
        // ASSUMPTION: a message that repeats the app's id of an earlier one is not stored; the
        // response contains the earlier message as it is now.
        return Ok(ApiResponse::json(StatusCode::CREATED, &EntryBody::new(before)));
    }
    let validated = validate(account, channel, &new)
        .map_err(|problems| ApiError::problems(assumptions::INVALID_SEND_MESSAGE, problems))?;
    let idempotency_id = new.integration_idempotency_id.clone();

    let (thread, entry) = store(account, channel, validated, new)?;
    let response = ApiResponse::json(StatusCode::CREATED, &EntryBody::new(&entry));
    if let (Some(theirs), Some(ours)) = (idempotency_id, entry.id()) {
        account.custom.published.insert((channel, theirs), (thread, ours.clone()));
    }
    account.append(thread, entry)?;
    Ok(response)
}

/// Parses the body. The document requires a timestamp, but HubSpot is known to accept a body
/// without one.
fn read(call: &Call, now: DateTime<Utc>) -> Result<PublishedMessage, ApiError> {
    const TIMESTAMP: &str = "timestamp";
    let mut fields = field_checks::fields(call)?;
    if fields.contains_key(TIMESTAMP) {
        return call.json();
    }
    fields.insert(TIMESTAMP.to_owned(), Value::from(now.to_rfc3339()));
    let body = Value::Object(fields).to_string();
    Call::read(body.as_bytes())
}

/// The message that was published earlier with the app's id.
fn published_before<'a>(
    account: &'a Account,
    channel: u64,
    new: &PublishedMessage,
) -> Option<&'a Message> {
    let theirs = new.integration_idempotency_id.clone()?;
    let (thread, ours) = account.custom.published.get(&(channel, theirs))?;
    account.any_thread(*thread).ok()?.entry(ours.as_str())
}

/// Finds or creates the message's visitor and thread. Returns the thread and its new entry, which
/// the caller adds.
fn store(
    account: &mut Account,
    channel: u64,
    validated: Validated,
    new: PublishedMessage,
) -> Result<(u64, Message), ApiError> {
    let at = account.tick();
    let is_incoming = new.message_direction == MessageDirection::Incoming;
    let from_visitor = if is_incoming { &new.senders } else { &new.recipients };
    let visitor = match (validated.contact, from_visitor.first()) {
        (Some(contact), _) => Some(contact),
        (None, Some(first)) => Some(actor(account, channel, first)),
        (None, None) => None,
    };
    let created_at = created_at(account, validated.thread, new.timestamp.unwrap_or(at), at);
    let thread = match (validated.thread, &visitor) {
        (Some(thread), _) => thread,
        (None, Some(visitor)) => {
            let thread = account.begin_thread(&validated.channel_account, visitor, created_at);
            account.custom.threads.insert(validated.key, thread);
            thread
        }
        (None, None) => return Err(ApiError::not_found()),
    };
    if is_incoming {
        account.reopen(thread, created_at)?;
    }

    let mut senders = Vec::new();
    for (index, participant) in new.senders.iter().enumerate() {
        let mut sender = Sender::new();
        sender.actor_id = match (is_incoming, index) {
            (true, 0) => visitor.clone(),
            (true, _) => Some(actor(account, channel, participant)),
            (false, _) => participant.sender_actor_id.clone(),
        };
        sender.name.clone_from(&participant.name);
        sender.delivery_identifier = Some(from_sent::address(&participant.delivery_identifier));
        senders.push(sender);
    }
    let mut entry = ConversationsMessage::new(ids::message(&mut account.random));
    entry.conversations_thread_id = Some(thread.into());
    entry.created_at = Some(created_at);
    entry.updated_at = Some(at);
    entry.created_by = senders
        .iter()
        .find_map(|sender| sender.actor_id.clone())
        .or_else(|| Some(history_events::app()));
    entry.client = Some(history_events::app_client());
    entry.senders = senders;
    entry.recipients = new.recipients.iter().map(recipient).collect();
    entry.archived = Some(false);
    entry.text = new.text;
    entry.rich_text = new.rich_text;
    entry.attachments = validated.attachments;
    entry.truncation_status = Some(TruncationStatus::NotTruncated);
    entry.status = Some(MessageStatus::new(match is_incoming {
        true => MessageStatusType::Received,
        false => MessageStatusType::Sent,
    }));
    entry.in_reply_to_id = new.in_reply_to_id;
    entry.direction = Some(new.message_direction);
    entry.channel_id = validated.channel_account.channel_id;
    entry.channel_account_id = Some(validated.channel_account.id);
    Ok((thread, entry.into()))
}

/// The creation time of a published message.
fn created_at(
    account: &Account,
    thread: Option<u64>,
    stated: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let thread = thread.and_then(|id| account.threads.get(&id));
    let last = thread.and_then(|thread| thread.history().last()?.created_at());
    // ASSUMPTION: a published message has the stated time, but not before the last entry of its
    // thread and not after the clock, because a history is in order of time.
    last.map_or(stated, |last| stated.max(last)).min(now)
}

/// The participant's visitor.
fn actor(account: &mut Account, channel: u64, participant: &Participant) -> ActorId {
    match &participant.sender_actor_id {
        Some(actor) => actor.clone(),
        None => account.visitor_at(channel, participant),
    }
}

fn recipient(participant: &Participant) -> Recipient {
    let mut recipient = Recipient::new();
    recipient.actor_id.clone_from(&participant.sender_actor_id);
    recipient.name.clone_from(&participant.name);
    recipient.delivery_identifier = Some(from_sent::address(&participant.delivery_identifier));
    recipient
}
