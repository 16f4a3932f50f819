//! `convo custom-channel-messages`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hubspot_conversations::Client;
use hubspot_conversations::types::{ChannelId, Message, MessageId};

use crate::command_error::CommandError;
use crate::json_input;
use crate::output::{Column, Output};
use crate::terminal_text::one_line;

use super::id::id;
use super::messages::columns::{self, MESSAGE};
use super::text::Text;

#[derive(Debug, Subcommand)]
pub(crate) enum CustomChannelMessages {
    /// Publish a message that passed through the channel, from JSON
    ///
    /// The JSON is the request body that HubSpot documents. If the outcome is unknown, convo does not
    /// send it again, and reports an error. With an `integrationIdempotencyId`, HubSpot recognizes a
    /// message that is published twice.
    Publish {
        /// Custom channel id
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// JSON file; `-` reads standard input
        file: PathBuf,
    },

    /// Show a message of a custom channel
    Get(MessageArguments),

    /// Mark an outgoing message as sent
    Sent(MessageArguments),

    /// Mark an outgoing message as read
    Read(MessageArguments),

    /// Mark an outgoing message as failed, with the reason to show to the agent
    #[command(
        after_help = "Example:\n  convo custom-channel-messages failed 42 7f1c2a3e \"Number not in use.\""
    )]
    Failed {
        #[command(flatten)]
        arguments: MessageArguments,

        #[command(flatten)]
        reason: Text,
    },
}

// A doc comment would replace the descriptions of its commands.
#[derive(Args, Debug)]
pub(crate) struct MessageArguments {
    /// Custom channel id
    #[arg(value_parser = id::<ChannelId>)]
    channel: ChannelId,

    /// Message id
    #[arg(value_name = "ID", value_parser = id::<MessageId>)]
    message: MessageId,
}

impl CustomChannelMessages {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        let of = |channel| client.custom_channel_messages(channel);
        let (message, done) = match self {
            Self::Publish { channel, file } => {
                let message = json_input::read(&file, "message")?;
                (of(channel).publish(message).send().await?, "published")
            }
            Self::Get(MessageArguments { channel, message }) => {
                let message = of(channel).get(message).send().await?;
                return output.record(&message.map(Message::from), &with_thread()).await;
            }
            Self::Sent(MessageArguments { channel, message }) => {
                (of(channel).sent(message).send().await?, "marked as sent")
            }
            Self::Read(MessageArguments { channel, message }) => {
                (of(channel).read(message).send().await?, "marked as read")
            }
            Self::Failed { arguments: MessageArguments { channel, message }, reason } => {
                let failed = of(channel).failed(message, reason.read()?);
                (failed.send().await?, "marked as failed")
            }
        };
        let done = format!("the message {} was {done}", one_line(message.id.as_str()));
        output.changed(done, &message.map(Message::from), &with_thread()).await
    }
}

/// The columns of a message with its thread, which the command line does not name.
fn with_thread() -> Vec<Column<Message>> {
    let mut columns = Vec::from(MESSAGE);
    columns.insert(1, Column::detail("THREAD", columns::thread));
    columns
}
