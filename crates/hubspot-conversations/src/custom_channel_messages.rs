//! The messages of a custom channel.

use crate::Client;
use crate::requests::{
    GetCustomChannelMessage, PublishCustomChannelMessage, UpdateCustomChannelMessage,
};
use crate::types::{ChannelId, DeliveryStatus, DeliveryUpdate, MessageId, PublishedMessage};

/// The messages of a custom channel. From [`Client::custom_channel_messages`].
#[derive(Clone, Debug)]
pub struct CustomChannelMessages {
    client: Client,
    channel: ChannelId,
}

impl Client {
    /// The messages of a custom channel.
    pub fn custom_channel_messages(&self, channel: impl Into<ChannelId>) -> CustomChannelMessages {
        CustomChannelMessages { client: self.clone(), channel: channel.into() }
    }
}

impl CustomChannelMessages {
    /// Publishes a message of the channel to HubSpot, so that it appears in the inbox. Scope:
    /// `conversations.custom_channels.write`.
    ///
    /// It is sent once. Give it an `integration_idempotency_id`, so that HubSpot can tell a message
    /// that you publish again after a failure.
    pub fn publish(&self, message: PublishedMessage) -> PublishCustomChannelMessage {
        PublishCustomChannelMessage::new(&self.client, &self.channel, message)
    }

    /// Reads one. Scope: `conversations.custom_channels.read`.
    pub fn get(&self, message: impl Into<MessageId>) -> GetCustomChannelMessage {
        GetCustomChannelMessage::new(&self.client, &self.channel, message)
    }

    /// Says that an outgoing message was sent. Scope: `conversations.custom_channels.write`.
    pub fn sent(&self, message: impl Into<MessageId>) -> UpdateCustomChannelMessage {
        self.update(message.into(), DeliveryUpdate::new(DeliveryStatus::Sent))
    }

    /// Says that an outgoing message was read. Scope: `conversations.custom_channels.write`.
    pub fn read(&self, message: impl Into<MessageId>) -> UpdateCustomChannelMessage {
        self.update(message.into(), DeliveryUpdate::new(DeliveryStatus::Read))
    }

    /// Says that an outgoing message could not be delivered, and why, for the agent to read. Scope:
    /// `conversations.custom_channels.write`.
    pub fn failed(
        &self,
        message: impl Into<MessageId>,
        reason: impl Into<String>,
    ) -> UpdateCustomChannelMessage {
        let update = DeliveryUpdate::new(DeliveryStatus::Failed).error_message(reason);
        self.update(message.into(), update)
    }

    fn update(&self, message: MessageId, update: DeliveryUpdate) -> UpdateCustomChannelMessage {
        UpdateCustomChannelMessage::new(&self.client, &self.channel, message, update)
    }
}
