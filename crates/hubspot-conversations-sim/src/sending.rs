//! Sending messages and adding comments.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    Actor, ActorId, AgentActor, Attachment, ChannelAccount, ChannelId, Comment,
    ConversationsMessage, FileAttachment, FileUsageType, Message, MessageDirection, MessageStatus,
    MessageStatusType, NewAttachment, NewComment, NewConversationsMessage, NewDeliveryIdentifier,
    NewMessage, NewRecipient, QuickRepliesAttachment, Recipient, RecipientField, Sender,
    SocialMediaAttachment, TruncationStatus,
};

use crate::answered;
use crate::assignees;
use crate::call::{Answer, Call};
use crate::channels;
use crate::choices;
use crate::custom_channels::channel_events;
use crate::errors::{ApiError, Problem};
use crate::history_events::{self, Cause};
use crate::ids;
use crate::messages::Entry;
use crate::state::State;

pub(crate) fn send(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let thread = call.id("threadId")?;
    state.thread(thread)?;
    match call.json()? {
        NewMessage::Message(new) => message(state, thread, new),
        NewMessage::Comment(new) => comment(state, thread, new),
        _ => Err(ApiError::invalid("type", "expected MESSAGE or COMMENT")),
    }
}

fn message(
    state: &mut State,
    thread: u64,
    new: NewConversationsMessage,
) -> Result<Answer, ApiError> {
    let (agent, account) = check(state, &new)
        .map_err(|problems| ApiError::problems(choices::INVALID_SEND, problems))?;
    let (agent, account) = (agent.clone(), account.clone());

    let is_email = account.channel_id.as_ref().is_some_and(|id| is_email(id.as_str()));
    let at = state.tick();
    let mut entry = ConversationsMessage::new(ids::message(&mut state.random));
    entry.created_at = Some(at);
    entry.updated_at = Some(at);
    entry.created_by = Some(choices::message_creator(&agent.id));
    entry.client = Some(history_events::app_client());
    entry.senders = vec![sender(&agent, &account, is_email)];
    entry.recipients =
        new.recipients.iter().flat_map(|recipient| recipients(recipient, is_email)).collect();
    entry.archived = Some(false);
    entry.text = Some(new.text);
    entry.rich_text = new.rich_text;
    entry.attachments = new.attachments.into_iter().filter_map(attachment).collect();
    // HubSpot ignores the subject of what is not e-mail.
    entry.subject = new.subject.filter(|_| is_email);
    entry.truncation_status = Some(TruncationStatus::NotTruncated);
    entry.status = Some(MessageStatus::new(MessageStatusType::Sent));
    entry.direction = Some(MessageDirection::Outgoing);
    entry.channel_id = account.channel_id;
    entry.channel_account_id = Some(account.id);

    entry.conversations_thread_id = Some(thread.into());
    let entry = Message::from(entry);
    let answer = Answer::json(StatusCode::CREATED, &Entry::new(&entry));
    channel_events::message_sent(state, thread, &entry);
    state.append(thread, entry)?;
    assign_replier(state, thread, agent.id, at)?;
    Ok(answer)
}

/// HubSpot makes the agent who replies responsible for the thread.
fn assign_replier(
    state: &mut State,
    thread: u64,
    agent: ActorId,
    replied_at: DateTime<Utc>,
) -> Result<(), ApiError> {
    let at = replied_at + choices::ASSIGNED_AFTER_REPLY;
    state.move_clock(at);
    assignees::set(state, thread, Some(agent.clone()), at, Cause::Agent(agent))
}

fn comment(state: &mut State, thread: u64, new: NewComment) -> Result<Answer, ApiError> {
    let mut problems = Vec::new();
    check_text(&new.text, &mut problems);
    check_attachments(&new.attachments, None, &mut problems);
    if !problems.is_empty() {
        return Err(ApiError::problems(choices::INVALID_SEND, problems));
    }

    let at = state.tick();
    let mut entry = Comment::new(ids::message(&mut state.random));
    let mut sender = Sender::new();
    sender.actor_id = Some(choices::comment_creator());
    entry.created_at = Some(at);
    entry.updated_at = Some(at);
    entry.created_by = Some(choices::comment_creator());
    entry.client = Some(history_events::app_client());
    entry.senders = vec![sender];
    entry.archived = Some(false);
    entry.rich_text = Some(new.rich_text.unwrap_or_else(|| new.text.clone()));
    entry.text = Some(new.text);
    entry.attachments = new.attachments.into_iter().filter_map(attachment).collect();

    entry.conversations_thread_id = Some(thread.into());
    let entry = Message::from(entry);
    let answer = Answer::json(StatusCode::CREATED, &Entry::new(&entry));
    state.append(thread, entry)?;
    Ok(answer)
}

/// The agent who sends and the account that is sent through, or everything that is wrong.
fn check<'a>(
    state: &'a State,
    new: &NewConversationsMessage,
) -> Result<(&'a AgentActor, &'a ChannelAccount), Vec<Problem>> {
    let mut problems = Vec::new();
    let channel = new.channel_id.as_ref().map_or("", ChannelId::as_str);
    if !says_something_beside_its_text(new) {
        check_text(&new.text, &mut problems);
    }
    check_attachments(&new.attachments, Some(channel), &mut problems);

    if new.recipients.len() < choices::MIN_RECIPIENTS {
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

    if channel == channels::WHATSAPP.to_string() {
        problems.push(Problem::within("channelId", "cannot send through WhatsApp"));
    }
    let agent = match state.actors.get(&new.sender_actor_id) {
        Some(Actor::Agent(agent)) => Some(agent),
        _ => {
            problems.push(Problem::within("senderActorId", "expected the actor id of an agent"));
            None
        }
    };
    // An account of another inbox than the thread's is accepted, as HubSpot does.
    let account = new.channel_account_id.as_ref().and_then(|id| id.as_str().parse().ok());
    let account = account
        .and_then(|id: u64| state.channel_accounts.get(&id))
        .filter(|account| choices::can_send_through(account));
    match account {
        None => problems.push(Problem::within("channelAccountId", "no such channel account")),
        Some(account) if account.channel_id != new.channel_id => {
            problems.push(Problem::within("channelId", "not the channel of the channel account"));
        }
        Some(_) => {}
    }

    match (agent, account) {
        (Some(agent), Some(account)) if problems.is_empty() => Ok((agent, account)),
        _ => Err(problems),
    }
}

/// HubSpot takes an e-mail without a text if it has a rich one or an attachment.
fn says_something_beside_its_text(new: &NewConversationsMessage) -> bool {
    let has_rich_text = new.rich_text.as_deref().is_some_and(|html| !html.trim().is_empty());
    let is_email = new.channel_id.as_ref().is_some_and(|channel| is_email(channel.as_str()));
    is_email && (has_rich_text || !new.attachments.is_empty())
}

fn is_email(channel: &str) -> bool {
    channel == channels::EMAIL.to_string()
}

fn check_text(text: &str, problems: &mut Vec<Problem>) {
    if text.trim().is_empty() {
        problems.push(Problem::within("text", "expected some text"));
    }
}

fn check_attachments(new: &[NewAttachment], channel: Option<&str>, problems: &mut Vec<Problem>) {
    let is_chat = channel.is_some_and(|channel| {
        [channels::LIVE_CHAT, channels::MESSENGER].iter().any(|chat| channel == chat.to_string())
    });
    for attachment in new {
        if matches!(attachment, NewAttachment::QuickReplies(_)) && !is_chat {
            let message = "quick replies are for live chat and Messenger";
            problems.push(Problem::within("attachments", message));
        }
    }
}

/// All addresses of a recipient: HubSpot's document has a list and, beside it, a single one.
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
        recipient.delivery_identifier = Some(answered::address(identifier));
        recipient
    })
}

fn sender(agent: &AgentActor, account: &ChannelAccount, is_email: bool) -> Sender {
    let mut sender = Sender::new();
    sender.actor_id = Some(agent.id.clone());
    sender.name.clone_from(&agent.name);
    sender.sender_field = is_email.then(|| "FROM".to_owned());
    sender.delivery_identifier.clone_from(&account.delivery_identifier);
    sender
}

/// A file is named by its id in the file manager or by an address it can be fetched from.
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
            replies.quick_replies = new.quick_replies.iter().filter_map(answered::same).collect();
            replies.allow_multi_select = Some(false);
            replies.allow_user_input = Some(true);
            replies.into()
        }
        NewAttachment::SocialMediaMetadata(new) => {
            let mut post = SocialMediaAttachment::new();
            post.social_metadata = answered::same(&new.social_metadata);
            post.into()
        }
        _ => return None,
    })
}
