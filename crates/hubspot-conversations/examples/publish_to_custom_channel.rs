//! Shows a message that came through a channel of your own in a HubSpot inbox.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with the scope conversations.custom_channels.write
//! cargo run --example publish_to_custom_channel CHANNEL ACCOUNT CUSTOMER MESSAGE TEXT
//! ```
//!
//! CUSTOMER is what your system calls the customer, MESSAGE what it calls the message. Prints
//! the ids of thread and message that HubSpot gave it.

use std::env;
use std::time::SystemTime;

use anyhow::bail;
use hubspot_conversations::types::{
    ConversationsMessage, DeliveryIdentifierType, MessageDirection, NewDeliveryIdentifier,
    Participant, PublishedMessage, ThreadId,
};
use hubspot_conversations::{Client, Error, Received};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [channel, account, customer, id, text] = arguments.as_slice() else {
        bail!("usage: publish_to_custom_channel CHANNEL ACCOUNT CUSTOMER MESSAGE TEXT");
    };
    let client = Client::from_env()?;

    // One of the channel's `delivery_identifier_types`. HubSpot leaves the value to the app.
    let address = NewDeliveryIdentifier::new(
        DeliveryIdentifierType::ChannelSpecificOpaqueId,
        customer.to_owned(),
    );
    let message = PublishedMessage::new(account.as_str(), MessageDirection::Incoming)
        .text(text.as_str())
        .timestamp(SystemTime::now().into())
        .senders([Participant::new(address)])
        // If the channel has its own thread ids: here, one thread per customer.
        .integration_thread_id(customer.as_str())
        .integration_idempotency_id(id.as_str());

    let published = publish(&client, channel, message).await?;
    let thread = published.conversations_thread_id.as_ref().map_or("", ThreadId::as_str);
    println!("{thread}\t{}", published.id);
    Ok(())
}

/// Publishes the message, and once more if it is not known whether that worked. HubSpot can tell the
/// repetition by the idempotency id, which messages of inboxes do not have.
async fn publish(
    client: &Client,
    channel: &str,
    message: PublishedMessage,
) -> Result<Received<ConversationsMessage>, Error> {
    let messages = client.custom_channel_messages(channel);
    match messages.publish(message.clone()).send().await {
        Err(error) if error.is_ambiguous() => {
            eprintln!("{error}");
            messages.publish(message).send().await
        }
        result => result,
    }
}
