//! Telling HubSpot of messages that passed through a custom channel.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    ActorId, ConversationsMessage, Message, MessageDirection, MessageStatus, MessageStatusType,
    Participant, PublishedMessage, Recipient, Sender, ThreadStatus, TruncationStatus,
};
use serde_json::Value;

use crate::answered;
use crate::call::{Answer, Call};
use crate::choices;
use crate::custom_channels::checking::{Checked, check};
use crate::custom_channels::{threading, unchecked, visitors};
use crate::errors::ApiError;
use crate::history_events::{self, Cause};
use crate::ids;
use crate::messages::Entry;
use crate::state::State;
use crate::threads;

pub(crate) fn publish(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let channel = call.id32("channelId")?;
    state.custom.channel(channel)?;
    let new = read(call, state.clock.now())?;
    if let Some(before) = published_before(state, channel, &new) {
        return Ok(choices::repeated(before));
    }
    let checked = check(state, channel, &new)
        .map_err(|problems| ApiError::problems(choices::INVALID_SEND, problems))?;
    let idempotency_id = new.integration_idempotency_id.clone();

    let (thread, entry) = store(state, channel, checked, new)?;
    let answer = Answer::json(StatusCode::CREATED, &Entry::new(&entry));
    if let (Some(theirs), Some(ours)) = (idempotency_id, entry.id()) {
        state.custom.published.insert((channel, theirs), (thread, ours.clone()));
    }
    state.append(thread, entry)?;
    Ok(answer)
}

/// The document requires a timestamp, but HubSpot is known to do without.
fn read(call: &Call, now: DateTime<Utc>) -> Result<PublishedMessage, ApiError> {
    const TIMESTAMP: &str = "timestamp";
    let mut fields = unchecked::fields(call)?;
    if fields.contains_key(TIMESTAMP) {
        return call.json();
    }
    fields.insert(TIMESTAMP.to_owned(), Value::from(now.to_rfc3339()));
    let body = Value::Object(fields).to_string();
    Call::read(body.as_bytes())
}

/// The message that was published with the same id of the app's.
fn published_before<'a>(
    state: &'a State,
    channel: u64,
    new: &PublishedMessage,
) -> Option<&'a Message> {
    let theirs = new.integration_idempotency_id.clone()?;
    let (thread, ours) = state.custom.published.get(&(channel, theirs))?;
    state.any_thread(*thread).ok()?.entry(ours.as_str())
}

/// Finds or makes whom and what the message needs. Answers the thread and its new entry, which is
/// still to be added.
fn store(
    state: &mut State,
    channel: u64,
    checked: Checked,
    new: PublishedMessage,
) -> Result<(u64, Message), ApiError> {
    let at = state.tick();
    let is_incoming = new.message_direction == MessageDirection::Incoming;
    let from_visitor = if is_incoming { &new.senders } else { &new.recipients };
    let visitor = match (checked.contact, from_visitor.first()) {
        (Some(contact), _) => Some(contact),
        (None, Some(first)) => Some(actor(state, channel, first)),
        (None, None) => None,
    };
    let created_at = choices::published_at(state, checked.thread, new.timestamp.unwrap_or(at), at);
    let thread = match (checked.thread, &visitor) {
        (Some(thread), _) => thread,
        (None, Some(visitor)) => {
            threading::begin(state, checked.key, &checked.account, visitor, created_at)
        }
        (None, None) => return Err(ApiError::not_found()),
    };
    if is_incoming && choices::REOPENS {
        threads::set_status(state, thread, &ThreadStatus::Open, created_at, Cause::Hubspot)?;
    }

    let mut senders = Vec::new();
    for (place, participant) in new.senders.iter().enumerate() {
        let mut sender = Sender::new();
        sender.actor_id = match (is_incoming, place) {
            (true, 0) => visitor.clone(),
            (true, _) => Some(actor(state, channel, participant)),
            (false, _) => participant.sender_actor_id.clone(),
        };
        sender.name.clone_from(&participant.name);
        sender.delivery_identifier = Some(answered::address(&participant.delivery_identifier));
        senders.push(sender);
    }
    let mut entry = ConversationsMessage::new(ids::message(&mut state.random));
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
    entry.attachments = checked.attachments;
    entry.truncation_status = Some(TruncationStatus::NotTruncated);
    entry.status = Some(MessageStatus::new(match is_incoming {
        true => MessageStatusType::Received,
        false => MessageStatusType::Sent,
    }));
    entry.in_reply_to_id = new.in_reply_to_id;
    entry.direction = Some(new.message_direction);
    entry.channel_id = checked.account.channel_id;
    entry.channel_account_id = Some(checked.account.id);
    Ok((thread, entry.into()))
}

/// The visitor a participant is.
fn actor(state: &mut State, channel: u64, participant: &Participant) -> ActorId {
    match &participant.sender_actor_id {
        Some(actor) => actor.clone(),
        None => visitors::at(state, channel, participant),
    }
}

fn recipient(participant: &Participant) -> Recipient {
    let mut recipient = Recipient::new();
    recipient.actor_id.clone_from(&participant.sender_actor_id);
    recipient.name.clone_from(&participant.name);
    recipient.delivery_identifier = Some(answered::address(&participant.delivery_identifier));
    recipient
}
