//! The fields of webhook events beyond the common ones. No document describes them.

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
    /// Its new value, as arbitrary JSON.
    pub property_value: Option<Value>,
}

record!(
    PropertyChangeFields: object_id = "objectId";
    property_name = "propertyName", property_value = "propertyValue"
);

/// A new entry of a thread's history.
#[non_exhaustive]
pub struct NewMessageFields {
    /// The thread.
    pub object_id: ThreadId,
    /// The entry.
    pub message_id: MessageId,
    /// The type of the entry.
    pub message_type: Option<String>,
}

record!(
    NewMessageFields: object_id = "objectId", message_id = "messageId";
    message_type = "messageType"
);

/// A message for a custom channel to deliver.
#[non_exhaustive]
pub struct ChannelMessageFields {
    /// The message.
    pub message: Box<Message>,
    /// The custom channel.
    pub channel_id: Option<ChannelId>,
    /// Ids of the thread in the channel.
    pub channel_integration_thread_ids: Vec<String>,
}

record!(
    ChannelMessageFields: message = "message";
    channel_id = "channelId", channel_integration_thread_ids = "channelIntegrationThreadIds"
);

/// An account of a custom channel was created, changed or removed.
#[non_exhaustive]
pub struct ChannelAccountFields {
    /// The account.
    pub channel_account_id: ChannelAccountId,
    /// Its custom channel.
    pub channel_id: Option<ChannelId>,
    /// The account's address.
    pub channel_account_delivery_identifier: Option<DeliveryIdentifier>,
}

record!(
    ChannelAccountFields: channel_account_id = "channelAccountId";
    channel_id = "channelId",
    channel_account_delivery_identifier = "channelAccountDeliveryIdentifier"
);
