//! Messages of custom channels, and their delivery status.

use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{
    DeliveryStatus, DeliveryUpdate, Message, MessageDirection, MessageFailureDetails,
    MessageStatus, MessageStatusType,
};

use crate::account::Account;
use crate::account::conversation::Conversation;
use crate::account::not_found::NotFound;
use crate::http::call::Call;
use crate::http::entry_body::EntryBody;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;
use crate::resources::Handlers;

pub(crate) const HANDLERS: Handlers = &[
    (OperationId::GetCustomChannelMessage, get),
    (OperationId::UpdateCustomChannelMessage, update),
];

fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let (channel, id) = (call.id32("channelId")?, call.capture("messageId")?);
    account.custom.channel(channel)?;
    let mut all = account.threads.values().chain(account.archive.values());
    let entry = all.find_map(|conversation| entry(conversation, channel, id));
    Ok(ApiResponse::ok(&EntryBody::new(entry.ok_or(NotFound)?)))
}

fn update(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let (channel, id) = (call.id32("channelId")?, call.capture("messageId")?);
    account.custom.channel(channel)?;
    let mut all = account.threads.values().chain(account.archive.values());
    let found = all.find_map(|conversation| entry(conversation, channel, id));
    let Message::Message(found) = found.ok_or(NotFound)? else {
        return Err(ApiError::not_found());
    };
    if found.direction != Some(MessageDirection::Outgoing) {
        return Err(ApiError::invalid("statusType", "only outgoing messages are delivered"));
    }
    let new = status(call.json()?)?;

    let at = account.tick();
    let mut all = account.threads.values_mut().chain(account.archive.values_mut());
    let message = all.find_map(|conversation| conversation.message_mut(id));
    let message = message.ok_or(NotFound)?;
    message.status = Some(new);
    message.updated_at = Some(at);
    Ok(ApiResponse::ok(&EntryBody::new(&message.clone().into())))
}

/// The message with this id, if the channel carried it.
fn entry<'a>(conversation: &'a Conversation, channel: u64, id: &str) -> Option<&'a Message> {
    let entry = conversation.entry(id)?;
    let Message::Message(message) = entry else { return None };
    let is_of_channel = message.channel_id.as_ref()?.as_str() == channel.to_string();
    is_of_channel.then_some(entry)
}

fn status(update: DeliveryUpdate) -> Result<MessageStatus, ApiError> {
    let type_ = match update.status_type {
        DeliveryStatus::Sent => MessageStatusType::Sent,
        DeliveryStatus::Failed => MessageStatusType::Failed,
        DeliveryStatus::Read => MessageStatusType::Read,
        _ => return Err(ApiError::invalid("statusType", "expected SENT, FAILED or READ")),
    };
    let has_failed = type_ == MessageStatusType::Failed;
    let mut status = MessageStatus::new(type_);
    if has_failed && update.error_message.is_some() {
        let mut details = MessageFailureDetails::new();
        details.error_message = update.error_message;
        status.failure_details = Some(details);
    }
    Ok(status)
}
