//! Messages of custom channels, and how far their delivery has come.

use hubspot_conversations_api::types::{
    DeliveryStatus, DeliveryUpdate, Message, MessageDirection, MessageFailureDetails,
    MessageStatus, MessageStatusType,
};

use crate::call::{Answer, Call};
use crate::conversation::Conversation;
use crate::errors::ApiError;
use crate::messages::Entry;
use crate::state::State;

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let (channel, id) = (call.id32("channelId")?, call.capture("messageId")?);
    state.custom.channel(channel)?;
    let mut all = state.threads.values().chain(state.archive.values());
    let entry = all.find_map(|conversation| entry(conversation, channel, id));
    Ok(Answer::ok(&Entry::new(entry.ok_or_else(ApiError::not_found)?)))
}

pub(crate) fn update(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let (channel, id) = (call.id32("channelId")?, call.capture("messageId")?);
    state.custom.channel(channel)?;
    let mut all = state.threads.values().chain(state.archive.values());
    let found = all.find_map(|conversation| entry(conversation, channel, id));
    let Message::Message(found) = found.ok_or_else(ApiError::not_found)? else {
        return Err(ApiError::not_found());
    };
    if found.direction != Some(MessageDirection::Outgoing) {
        return Err(ApiError::invalid("statusType", "only outgoing messages are delivered"));
    }
    let new = status(call.json()?)?;

    let at = state.tick();
    let mut all = state.threads.values_mut().chain(state.archive.values_mut());
    let message = all.find_map(|conversation| conversation.message_mut(id));
    let message = message.ok_or_else(ApiError::not_found)?;
    message.status = Some(new);
    message.updated_at = Some(at);
    Ok(Answer::ok(&Entry::new(&message.clone().into())))
}

/// The message with this id, if it passed through the channel.
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
