//! What webhook events say of their own, beside what all of them say. No document describes them.

use serde_json::Value;

use crate::record::record;
use crate::types::{ChannelAccountId, ChannelId, DeliveryIdentifier, Message, MessageId, ThreadId};

/// An event of a thread.
#[non_exhaustive]
pub struct ThreadFields {
    /// The thread.
    pub object_id: ThreadId,
}

record!(ThreadFields: object_id = "objectId";);

/// A property of a thread changed.
#[non_exhaustive]
pub struct PropertyChangeFields {
    /// The thread.
    pub object_id: ThreadId,
    /// The property.
    pub property_name: Option<String>,
    /// Its new value, as whatever JSON it is.
    pub property_value: Option<Value>,
}

record!(
    PropertyChangeFields: object_id = "objectId";
    property_name = "propertyName", property_value = "propertyValue"
);

/// A thread has one entry more.
#[non_exhaustive]
pub struct NewMessageFields {
    /// The thread.
    pub object_id: ThreadId,
    /// The entry.
    pub message_id: MessageId,
    /// What kind of entry it is.
    pub message_type: Option<String>,
}

record!(
    NewMessageFields: object_id = "objectId", message_id = "messageId";
    message_type = "messageType"
);

/// A message that a custom channel is to deliver.
#[non_exhaustive]
pub struct ChannelMessageFields {
    /// The message.
    pub message: Box<Message>,
    /// The custom channel.
    pub channel_id: Option<ChannelId>,
    /// The thread's ids in the channel.
    pub channel_integration_thread_ids: Vec<String>,
}

record!(
    ChannelMessageFields: message = "message";
    channel_id = "channelId", channel_integration_thread_ids = "channelIntegrationThreadIds"
);

/// An account of a custom channel came, changed or went.
#[non_exhaustive]
pub struct ChannelAccountFields {
    /// The account.
    pub channel_account_id: ChannelAccountId,
    /// Its custom channel.
    pub channel_id: Option<ChannelId>,
    /// Where the account is reached.
    pub channel_account_delivery_identifier: Option<DeliveryIdentifier>,
}

record!(
    ChannelAccountFields: channel_account_id = "channelAccountId";
    channel_id = "channelId",
    channel_account_delivery_identifier = "channelAccountDeliveryIdentifier"
);
