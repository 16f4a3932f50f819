//! The messages of a custom channel.

use hubspot_conversations_api::{self as api, OperationId, Received};

use crate::Client;
use crate::endpoint::{Endpoint, Request, Sealed, Sent};
use crate::types::{
    ChannelId, ConversationsMessage, DeliveryStatus, DeliveryUpdate, MessageId, PublishedMessage,
};

/// The messages of a custom channel. From [`Client::custom_channel_messages`].
#[derive(Clone, Debug)]
pub struct CustomChannelMessages {
    client: Client,
    channel: ChannelId,
}

impl CustomChannelMessages {
    pub(crate) fn new(client: &Client, channel: ChannelId) -> Self {
        Self { client: client.clone(), channel }
    }

    /// Tells HubSpot of a message that passed through the channel, so that it appears in the inbox.
    /// Scope: `conversations.custom_channels.write`.
    ///
    /// It is sent once. Give it an `integration_idempotency_id`, so that HubSpot can tell a message
    /// that you publish again after a failure.
    pub fn publish(&self, message: PublishedMessage) -> Request<PublishCustomChannelMessage> {
        let channel = self.channel.clone();
        Request::new(&self.client, PublishCustomChannelMessage { channel, message })
    }

    /// Reads one. Scope: `conversations.custom_channels.read`.
    pub fn get(&self, message: impl Into<MessageId>) -> Request<GetCustomChannelMessage> {
        let channel = self.channel.clone();
        Request::new(&self.client, GetCustomChannelMessage { channel, message: message.into() })
    }

    /// Says that an outgoing message was sent. Scope: `conversations.custom_channels.write`.
    pub fn sent(&self, message: impl Into<MessageId>) -> Request<UpdateCustomChannelMessage> {
        self.update(message.into(), DeliveryUpdate::new(DeliveryStatus::Sent))
    }

    /// Says that an outgoing message was read. Scope: `conversations.custom_channels.write`.
    pub fn read(&self, message: impl Into<MessageId>) -> Request<UpdateCustomChannelMessage> {
        self.update(message.into(), DeliveryUpdate::new(DeliveryStatus::Read))
    }

    /// Says that an outgoing message could not be delivered, and why, for the agent to read. Scope:
    /// `conversations.custom_channels.write`.
    pub fn failed(
        &self,
        message: impl Into<MessageId>,
        reason: impl Into<String>,
    ) -> Request<UpdateCustomChannelMessage> {
        let mut update = DeliveryUpdate::new(DeliveryStatus::Failed);
        update.error_message = Some(reason.into());
        self.update(message.into(), update)
    }

    fn update(
        &self,
        message: MessageId,
        update: DeliveryUpdate,
    ) -> Request<UpdateCustomChannelMessage> {
        let channel = self.channel.clone();
        Request::new(&self.client, UpdateCustomChannelMessage { channel, message, update })
    }
}

/// `publish_custom_channel_message`, with its parameters.
#[derive(Clone, Debug)]
pub struct PublishCustomChannelMessage {
    channel: ChannelId,
    message: PublishedMessage,
}

impl Sealed for PublishCustomChannelMessage {}

impl Endpoint for PublishCustomChannelMessage {
    const OPERATION: OperationId = OperationId::PublishCustomChannelMessage;
    type Output = Received<ConversationsMessage>;

    async fn call(&self, api: &api::Client) -> Sent<Received<ConversationsMessage>> {
        api.publish_custom_channel_message(&self.channel, &self.message).await
    }
}

/// `get_custom_channel_message`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetCustomChannelMessage {
    channel: ChannelId,
    message: MessageId,
}

impl Sealed for GetCustomChannelMessage {}

impl Endpoint for GetCustomChannelMessage {
    const OPERATION: OperationId = OperationId::GetCustomChannelMessage;
    type Output = Received<ConversationsMessage>;

    async fn call(&self, api: &api::Client) -> Sent<Received<ConversationsMessage>> {
        api.get_custom_channel_message(&self.channel, &self.message).await
    }
}

/// `update_custom_channel_message`, with its parameters.
#[derive(Clone, Debug)]
pub struct UpdateCustomChannelMessage {
    channel: ChannelId,
    message: MessageId,
    update: DeliveryUpdate,
}

impl Sealed for UpdateCustomChannelMessage {}

impl Endpoint for UpdateCustomChannelMessage {
    const OPERATION: OperationId = OperationId::UpdateCustomChannelMessage;
    type Output = Received<ConversationsMessage>;

    async fn call(&self, api: &api::Client) -> Sent<Received<ConversationsMessage>> {
        api.update_custom_channel_message(&self.channel, &self.message, &self.update).await
    }

    fn read_again(&self) -> Option<impl Endpoint<Output = Received<ConversationsMessage>>> {
        let (channel, message) = (self.channel.clone(), self.message.clone());
        Some(GetCustomChannelMessage { channel, message })
    }
}
