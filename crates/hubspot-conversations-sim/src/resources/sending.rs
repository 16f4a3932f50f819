//! Sends messages and adds comments.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{
    Actor, ActorId, AgentActor, Attachment, ChannelAccount, ChannelId, Comment,
    ConversationsMessage, FileAttachment, FileUsageType, Message, MessageDirection, MessageStatus,
    MessageStatusType, NewAttachment, NewComment, NewConversationsMessage, NewDeliveryIdentifier,
    NewMessage, NewRecipient, QuickRepliesAttachment, Recipient, RecipientField, Sender,
    SocialMediaAttachment, TruncationStatus,
};

use crate::account::history_events::{self, Cause};
use crate::account::not_found::NotFound;
use crate::account::{Account, channel_ids, from_sent, ids};
use crate::assumptions;
use crate::http::call::Call;
use crate::http::entry_body::EntryBody;
use crate::http::errors::{ApiError, Problem};
use crate::http::response::ApiResponse;
use crate::resources::Handlers;
use crate::resources::channel_accounts::can_send_through;
use crate::resources::custom_channels::channel_events;

pub(crate) const HANDLERS: Handlers = &[(OperationId::SendMessage, send)];

fn send(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let thread = call.id("threadId")?;
    account.thread(thread)?;
    match call.json()? {
        NewMessage::Message(new) => message(account, thread, new),
        NewMessage::Comment(new) => comment(account, thread, new),
        _ => Err(ApiError::invalid("type", "expected MESSAGE or COMMENT")),
    }
}

fn message(
    account: &mut Account,
    thread: u64,
    new: NewConversationsMessage,
) -> Result<ApiResponse, ApiError> {
    let (agent, channel_account) = check(account, &new)
        .map_err(|problems| ApiError::problems(assumptions::INVALID_SEND_MESSAGE, problems))?;
    let (agent, channel_account) = (agent.clone(), channel_account.clone());

    let is_email = channel_account.channel_id.as_ref().is_some_and(|id| is_email(id.as_str()));
    let at = account.tick();
    let mut entry = ConversationsMessage::new(ids::message(&mut account.random));
    entry.created_at = Some(at);
    entry.updated_at = Some(at);
    // ASSUMPTION: the agent who sends a message is also its creator.
    entry.created_by = Some(agent.id.clone());
    entry.client = Some(history_events::app_client());
    entry.senders = vec![sender(&agent, &channel_account, is_email)];
    entry.recipients =
        new.recipients.iter().flat_map(|recipient| recipients(recipient, is_email)).collect();
    entry.archived = Some(false);
    entry.text = Some(new.text);
    entry.rich_text = new.rich_text;
    entry.attachments = new.attachments.into_iter().filter_map(attachment).collect();
    // HubSpot ignores the subject on other channels.
    entry.subject = new.subject.filter(|_| is_email);
    entry.truncation_status = Some(TruncationStatus::NotTruncated);
    entry.status = Some(MessageStatus::new(MessageStatusType::Sent));
    entry.direction = Some(MessageDirection::Outgoing);
    entry.channel_id = channel_account.channel_id;
    entry.channel_account_id = Some(channel_account.id);

    entry.conversations_thread_id = Some(thread.into());
    let entry = Message::from(entry);
    let response = ApiResponse::json(StatusCode::CREATED, &EntryBody::new(&entry));
    channel_events::message_sent(account, thread, &entry);
    account.append(thread, entry)?;
    assign_replier(account, thread, agent.id, at)?;
    Ok(response)
}

/// Assigns the thread to the agent who replied, as HubSpot does.
fn assign_replier(
    account: &mut Account,
    thread: u64,
    agent: ActorId,
    replied_at: DateTime<Utc>,
) -> Result<(), NotFound> {
    let at = replied_at + assumptions::ASSIGNED_AFTER_REPLY;
    account.move_clock(at);
    account.set_assignee(thread, Some(agent.clone()), at, Cause::Agent(agent))
}

fn comment(account: &mut Account, thread: u64, new: NewComment) -> Result<ApiResponse, ApiError> {
    let mut problems = Vec::new();
    check_text(&new.text, &mut problems);
    check_attachments(&new.attachments, None, &mut problems);
    if !problems.is_empty() {
        return Err(ApiError::problems(assumptions::INVALID_SEND_MESSAGE, problems));
    }

    let at = account.tick();
    let mut entry = Comment::new(ids::message(&mut account.random));
    // ASSUMPTION: a comment, whose body names no author, is created and sent by the app.
    let mut sender = Sender::new();
    sender.actor_id = Some(history_events::app());
    entry.created_at = Some(at);
    entry.updated_at = Some(at);
    entry.created_by = Some(history_events::app());
    entry.client = Some(history_events::app_client());
    entry.senders = vec![sender];
    entry.archived = Some(false);
    entry.rich_text = Some(new.rich_text.unwrap_or_else(|| new.text.clone()));
    entry.text = Some(new.text);
    entry.attachments = new.attachments.into_iter().filter_map(attachment).collect();

    entry.conversations_thread_id = Some(thread.into());
    let entry = Message::from(entry);
    let response = ApiResponse::json(StatusCode::CREATED, &EntryBody::new(&entry));
    account.append(thread, entry)?;
    Ok(response)
}

/// The agent who sends and the channel account, or all problems of the message.
fn check<'a>(
    account: &'a Account,
    new: &NewConversationsMessage,
) -> Result<(&'a AgentActor, &'a ChannelAccount), Vec<Problem>> {
    let mut problems = Vec::new();
    let channel = new.channel_id.as_ref().map_or("", ChannelId::as_str);
    if !has_content_besides_text(new) {
        check_text(&new.text, &mut problems);
    }
    check_attachments(&new.attachments, Some(channel), &mut problems);

    // ASSUMPTION: a message needs at least one recipient on every channel, even on those where
    // HubSpot's own messages have none.
    if new.recipients.is_empty() {
        problems.push(Problem::within("recipients", "expected at least one recipient"));
    }
    for recipient in &new.recipients {
        if recipient.actor_id.as_ref().is_some_and(|id| id.as_str().starts_with("E-")) {
            problems.push(Problem::new("Actor type EMAIL is not supported for receiving"));
        } else if identifiers(recipient).next().is_none() {
            let message = "expected at least one delivery identifier";
            problems.push(Problem::within("deliveryIdentifiers", message));
        }
    }

    if channel == channel_ids::WHATSAPP.to_string() {
        problems.push(Problem::within("channelId", "cannot send through WhatsApp"));
    }
    let agent = match account.actors.get(&new.sender_actor_id) {
        Some(Actor::Agent(agent)) => Some(agent),
        _ => {
            problems.push(Problem::within("senderActorId", "expected the actor id of an agent"));
            None
        }
    };
    // An account of another inbox than the thread's is accepted, as HubSpot does.
    let channel_account = new.channel_account_id.as_ref().and_then(|id| id.as_str().parse().ok());
    let channel_account = channel_account
        .and_then(|id: u64| account.channel_accounts.get(&id))
        .filter(|channel_account| can_send_through(channel_account));
    match channel_account {
        None => problems.push(Problem::within("channelAccountId", "no such channel account")),
        Some(channel_account) if channel_account.channel_id != new.channel_id => {
            problems.push(Problem::within("channelId", "not the channel of the channel account"));
        }
        Some(_) => {}
    }

    match (agent, channel_account) {
        (Some(agent), Some(channel_account)) if problems.is_empty() => Ok((agent, channel_account)),
        _ => Err(problems),
    }
}

/// HubSpot accepts an e-mail without a text if it has a rich text or an attachment.
fn has_content_besides_text(new: &NewConversationsMessage) -> bool {
    let has_rich_text = new.rich_text.as_deref().is_some_and(|html| !html.trim().is_empty());
    let is_email = new.channel_id.as_ref().is_some_and(|channel| is_email(channel.as_str()));
    is_email && (has_rich_text || !new.attachments.is_empty())
}

fn is_email(channel: &str) -> bool {
    channel == channel_ids::EMAIL.to_string()
}

fn check_text(text: &str, problems: &mut Vec<Problem>) {
    if text.trim().is_empty() {
        problems.push(Problem::within("text", "expected some text"));
    }
}

fn check_attachments(new: &[NewAttachment], channel: Option<&str>, problems: &mut Vec<Problem>) {
    let is_chat = channel.is_some_and(|channel| {
        [channel_ids::LIVE_CHAT, channel_ids::MESSENGER]
            .iter()
            .any(|chat| channel == chat.to_string())
    });
    for attachment in new {
        if matches!(attachment, NewAttachment::QuickReplies(_)) && !is_chat {
            let message = "quick replies are for live chat and Messenger";
            problems.push(Problem::within("attachments", message));
        }
    }
}

/// All addresses of a recipient: HubSpot's document has a list and a single one.
fn identifiers(recipient: &NewRecipient) -> impl Iterator<Item = &NewDeliveryIdentifier> {
    recipient.delivery_identifiers.iter().chain(&recipient.delivery_identifier)
}

fn recipients(new: &NewRecipient, is_email: bool) -> impl Iterator<Item = Recipient> {
    identifiers(new).map(move |identifier| {
        let mut recipient = Recipient::new();
        recipient.actor_id.clone_from(&new.actor_id);
        recipient.name.clone_from(&new.name);
        recipient.recipient_field =
            new.recipient_field.clone().or(is_email.then_some(RecipientField::To));
        recipient.delivery_identifier = Some(from_sent::address(identifier));
        recipient
    })
}

fn sender(agent: &AgentActor, channel_account: &ChannelAccount, is_email: bool) -> Sender {
    let mut sender = Sender::new();
    sender.actor_id = Some(agent.id.clone());
    sender.name.clone_from(&agent.name);
    sender.sender_field = is_email.then(|| "FROM".to_owned());
    sender.delivery_identifier.clone_from(&channel_account.delivery_identifier);
    sender
}

/// Converts an attachment. A file is named by its id in the file manager or by its URL.
fn attachment(new: NewAttachment) -> Option<Attachment> {
    Some(match new {
        NewAttachment::File(new) => {
            let mut file = FileAttachment::new();
            file.url = Some(new.file_id.to_string()).filter(|id| id.contains("://"));
            file.file_id = Some(new.file_id);
            file.file_usage_type = Some(FileUsageType::Other);
            file.into()
        }
        NewAttachment::QuickReplies(new) => {
            let mut replies = QuickRepliesAttachment::new();
            replies.quick_replies =
                new.quick_replies.iter().filter_map(from_sent::through_json).collect();
            replies.allow_multi_select = Some(false);
            replies.allow_user_input = Some(true);
            replies.into()
        }
        NewAttachment::SocialMediaMetadata(new) => {
            let mut post = SocialMediaAttachment::new();
            post.social_metadata = from_sent::through_json(&new.social_metadata);
            post.into()
        }
        _ => return None,
    })
}
