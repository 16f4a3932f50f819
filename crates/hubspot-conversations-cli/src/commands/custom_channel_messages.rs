//! `convo custom-channel-messages`

use std::path::PathBuf;

use clap::Subcommand;
use hubspot_conversations::Client;
use hubspot_conversations::types::{ChannelId, Message, MessageId};

use crate::failure::Failure;
use crate::given;
use crate::output::{Column, Output, one_line};

use super::id::id;
use super::messages::columns::{self, MESSAGE};
use super::text::Text;

#[derive(Debug, Subcommand)]
pub(crate) enum CustomChannelMessages {
    /// Tell HubSpot of a message that passed through the channel, given as JSON, once
    ///
    /// The JSON is the body HubSpot documents. If it is not certain that HubSpot has it, it is not
    /// sent again, and the error says so; with an `integrationIdempotencyId` HubSpot can tell a
    /// message that is published twice.
    Publish {
        /// The custom channel
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// The file with the JSON; `-` is standard input
        file: PathBuf,
    },

    /// Show a message of a custom channel
    Get {
        /// The custom channel
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// The message
        #[arg(value_name = "ID", value_parser = id::<MessageId>)]
        message: MessageId,
    },

    /// Say that an outgoing message was sent
    Sent {
        /// The custom channel
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// The message
        #[arg(value_name = "ID", value_parser = id::<MessageId>)]
        message: MessageId,
    },

    /// Say that an outgoing message was read
    Read {
        /// The custom channel
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// The message
        #[arg(value_name = "ID", value_parser = id::<MessageId>)]
        message: MessageId,
    },

    /// Say that an outgoing message could not be delivered, and why, for the agent to read
    Failed {
        /// The custom channel
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// The message
        #[arg(value_name = "ID", value_parser = id::<MessageId>)]
        message: MessageId,

        #[command(flatten)]
        reason: Text,
    },
}

impl CustomChannelMessages {
    pub(super) async fn run(self, client: &Client, output: &mut Output) -> Result<(), Failure> {
        let of = |channel| client.custom_channel_messages(channel);
        let (message, done) = match self {
            Self::Publish { channel, file } => {
                let message = given::read(&file, "message to publish")?;
                (of(channel).publish(message).send().await?, "published")
            }
            Self::Get { channel, message } => {
                let message = of(channel).get(message).send().await?;
                return output.record(&message.map(Message::from), &with_thread()).await;
            }
            Self::Sent { channel, message } => {
                (of(channel).sent(message).send().await?, "marked as sent")
            }
            Self::Read { channel, message } => {
                (of(channel).read(message).send().await?, "marked as read")
            }
            Self::Failed { channel, message, reason } => {
                let failed = of(channel).failed(message, reason.read()?);
                (failed.send().await?, "marked as failed")
            }
        };
        let done = format!("the message {} was {done}", one_line(message.id.as_str()));
        output.changed(done, &message.map(Message::from), &with_thread()).await
    }
}

/// How a message is shown whose thread is not known from the command line.
fn with_thread() -> Vec<Column<Message>> {
    let mut columns = Vec::from(MESSAGE);
    columns.insert(1, Column::detail("THREAD", columns::thread));
    columns
}
