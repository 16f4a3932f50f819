//! Telling HubSpot of messages that passed through a custom channel.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    ActorId, Attachment, ChannelAccount, ConversationsMessage, Message, MessageDirection,
    MessageStatus, MessageStatusType, Participant, PublishedMessage, Recipient, Sender,
    ThreadStatus, ThreadingModel, TruncationStatus,
};
use serde_json::Value;

use crate::call::{Answer, Call};
use crate::choices;
use crate::custom_channels::accounts::{is_address, is_of};
use crate::custom_channels::threading::{self, ThreadKey};
use crate::custom_channels::{attachments, unchecked, visitors};
use crate::errors::{Problem, Refusal};
use crate::events::{self, Cause};
use crate::ids;
use crate::messages::Entry;
use crate::state::State;
use crate::threads;

pub(crate) fn publish(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let channel = call.id("channelId")?;
    state.custom.channel(channel)?;
    let new = read(call, state.clock.now())?;
    if let Some(before) = published_before(state, channel, &new) {
        return Ok(choices::repeated(before));
    }
    let checked = check(state, channel, &new)
        .map_err(|problems| Refusal::problems(choices::INVALID_SEND, problems))?;
    let idempotency_id = new.integration_idempotency_id.clone();

    let (thread, entry) = store(state, channel, checked, new)?;
    let answer = Answer::json(StatusCode::CREATED, &Entry::new(&entry));
    if let (Some(theirs), Some(ours)) = (idempotency_id, entry.id()) {
        state.custom.published.insert((channel, theirs), (thread, ours.clone()));
    }
    let conversation = state.threads.get_mut(&thread).ok_or_else(Refusal::not_found)?;
    conversation.append(entry);
    Ok(answer)
}

/// The document requires a timestamp, but HubSpot is known to do without.
fn read(call: &Call, now: DateTime<Utc>) -> Result<PublishedMessage, Refusal> {
    const TIMESTAMP: &str = "timestamp";
    let mut fields = unchecked::fields(call)?;
    if !fields.get(TIMESTAMP).is_none_or(Value::is_null) {
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

/// What was found out of a message by checking it.
struct Checked {
    account: ChannelAccount,
    key: ThreadKey,
    /// The thread it goes to. `None` if one has to begin.
    thread: Option<u64>,
    /// The contact the app says the visitor is.
    contact: Option<ActorId>,
    attachments: Vec<Attachment>,
}

/// Everything that is wrong with a message, or what it takes to store it.
fn check(state: &State, channel: u64, new: &PublishedMessage) -> Result<Checked, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut refuse = |field: &str, message: &str| problems.push(Problem::within(field, message));

    if choices::is_empty(&new.text) {
        refuse("text", "expected some text");
    }
    let (visitor_side, visitors) = match new.message_direction {
        MessageDirection::Incoming => ("senders", &new.senders),
        MessageDirection::Outgoing => ("recipients", &new.recipients),
        _ => {
            refuse("messageDirection", "expected INCOMING or OUTGOING");
            ("senders", &new.senders)
        }
    };
    if visitor_side == "senders" && visitors.is_empty() {
        refuse("senders", "expected at least one");
    }
    for (field, participants) in [("senders", &new.senders), ("recipients", &new.recipients)] {
        for participant in participants {
            if !is_address(&participant.delivery_identifier) {
                refuse(field, "expected a known type of delivery identifier and a value");
            }
            if !choices::can_take_part(state, field == visitor_side, participant) {
                refuse(field, "no such actor, or not one of this side");
            }
        }
    }
    let mut read = Vec::new();
    for attachment in new.attachments.iter().cloned() {
        match attachments::read(attachment) {
            Ok(attachment) => read.push(attachment),
            Err(problem) => refuse("attachments", problem),
        }
    }
    let contact = contact(state, new).unwrap_or_else(|field| {
        refuse(field, "no such contact");
        None
    });

    let account = new.channel_account_id.as_str().parse().ok();
    let account = account
        .and_then(|id: u64| Some((id, state.channel_accounts.get(&id)?)))
        .filter(|(_, account)| is_of(account, channel) && choices::can_send_through(account));
    let Some((account_id, account)) = account else {
        refuse("channelAccountId", "no such account of this channel");
        return Err(problems);
    };
    let model = choices::threading_model(state.custom.channels.get(&channel));
    let key = ThreadKey::new(&model, channel, account_id, new, visitors.first());
    let thread = key.as_ref().and_then(|key| threading::find(state, key));
    if key.is_none() && model == ThreadingModel::IntegrationThreadId {
        refuse("integrationThreadId", "the channel's threading model needs it");
    } else if thread.is_none() && visitors.is_empty() && visitor_side == "recipients" {
        refuse("recipients", "expected at least one, to begin a thread with");
    }
    match key {
        Some(key) if problems.is_empty() => {
            Ok(Checked { account: account.clone(), key, thread, contact, attachments: read })
        }
        _ => Err(problems),
    }
}

/// The contact the app says the visitor is. An error is the field that names an unknown one.
fn contact(state: &State, new: &PublishedMessage) -> Result<Option<ActorId>, &'static str> {
    if let Some(id) = new.associate_with_contact_id {
        return visitors::of_contact(state, id).map(Some).ok_or("associateWithContactId");
    }
    let resolved = new.pre_resolved_contacts.as_ref();
    match resolved.and_then(|resolved| resolved.contacts.first()) {
        Some(first) => {
            visitors::of_contact(state, first.contact_vid).map(Some).ok_or("preResolvedContacts")
        }
        None => Ok(None),
    }
}

/// Finds or makes whom and what the message needs. Answers the thread and its new entry, which is
/// still to be added.
fn store(
    state: &mut State,
    channel: u64,
    checked: Checked,
    new: PublishedMessage,
) -> Result<(u64, Message), Refusal> {
    let at = state.tick();
    let is_incoming = new.message_direction == MessageDirection::Incoming;
    let from_visitor = if is_incoming { &new.senders } else { &new.recipients };
    let visitor = match (checked.contact, from_visitor.first()) {
        (Some(contact), _) => Some(contact),
        (None, Some(first)) => Some(actor(state, channel, first)),
        (None, None) => None,
    };
    let created_at = choices::published_at(state, checked.thread, new.timestamp, at);
    let thread = match (checked.thread, &visitor) {
        (Some(thread), _) => thread,
        (None, Some(visitor)) => {
            threading::begin(state, checked.key, &checked.account, visitor, created_at)
        }
        (None, None) => return Err(Refusal::not_found()),
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
        sender.delivery_identifier = Some(participant.delivery_identifier.clone());
        senders.push(sender);
    }
    let mut entry = ConversationsMessage::new(ids::message(&mut state.random));
    entry.conversations_thread_id = Some(thread.into());
    entry.created_at = Some(created_at);
    entry.updated_at = Some(at);
    entry.created_by =
        senders.iter().find_map(|sender| sender.actor_id.clone()).or_else(|| Some(events::app()));
    entry.client = Some(events::app_client());
    entry.senders = senders;
    entry.recipients = new.recipients.iter().map(recipient).collect();
    entry.archived = Some(false);
    entry.text = Some(new.text);
    entry.rich_text = new.rich_text;
    entry.attachments = checked.attachments;
    entry.truncation_status = Some(TruncationStatus::NotTruncated);
    entry.status = Some(MessageStatus::new(match is_incoming {
        true => MessageStatusType::Received,
        false => MessageStatusType::Sent,
    }));
    entry.in_reply_to_id = new.in_reply_to_id;
    entry.direction = Some(new.message_direction);
    entry.channel_id = Some(checked.account.channel_id);
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
    recipient.delivery_identifier = Some(participant.delivery_identifier.clone());
    recipient
}
