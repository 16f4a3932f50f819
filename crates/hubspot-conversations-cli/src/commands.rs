//! The commands that call the API, one file per resource.

mod actors;
mod channel_accounts;
mod channels;
mod custom_channel_accounts;
mod custom_channel_messages;
mod custom_channels;
mod export;
mod free_text;
mod id;
mod inboxes;
mod listing;
mod messages;
mod optional;
mod point_in_time;
mod since;
mod text;
mod threads;
mod values;
mod visitors;

use clap::Subcommand;
use hubspot_conversations::Credential;

use crate::command_error::CommandError;
use crate::connection::Connection;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List and show inboxes and help desks
    #[command(subcommand)]
    Inboxes(inboxes::Inboxes),

    /// List and show channels, such as e-mail and live chat
    #[command(subcommand)]
    Channels(channels::Channels),

    /// List and show channel accounts, such as mailboxes and chatflows
    #[command(subcommand)]
    ChannelAccounts(channel_accounts::ChannelAccounts),

    /// List, assign, close and archive threads
    #[command(subcommand)]
    Threads(threads::Threads),

    /// Read, send and find the messages of a thread
    #[command(subcommand)]
    Messages(messages::Messages),

    /// Show actors: agents, visitors, bots and integrations
    #[command(subcommand)]
    Actors(actors::Actors),

    /// Create tokens that identify visitors to the chat widget
    #[command(subcommand)]
    Visitors(visitors::Visitors),

    /// Manage an app's custom channels; requires a developer key instead of a token
    #[command(subcommand)]
    CustomChannels(custom_channels::CustomChannels),

    /// Manage the accounts of custom channels
    #[command(subcommand)]
    CustomChannelAccounts(custom_channel_accounts::CustomChannelAccounts),

    /// Publish messages of custom channels, and report their delivery
    #[command(subcommand)]
    CustomChannelMessages(custom_channel_messages::CustomChannelMessages),

    Export(export::Export),
}

impl Command {
    /// The kind of credential that it requires.
    pub(crate) fn credential(&self) -> Credential {
        match self {
            Self::CustomChannels(_) => Credential::DeveloperKey,
            Self::Inboxes(_)
            | Self::Channels(_)
            | Self::ChannelAccounts(_)
            | Self::Threads(_)
            | Self::Messages(_)
            | Self::Actors(_)
            | Self::Visitors(_)
            | Self::CustomChannelAccounts(_)
            | Self::CustomChannelMessages(_)
            | Self::Export(_) => Credential::AccessToken,
        }
    }

    pub(crate) async fn run(
        self,
        connection: &Connection,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        let client = &connection.client;
        match self {
            Self::Inboxes(command) => command.run(client, output).await,
            Self::Channels(command) => command.run(client, output).await,
            Self::ChannelAccounts(command) => command.run(client, output).await,
            Self::Threads(command) => command.run(client, output).await,
            Self::Messages(command) => command.run(client, output).await,
            Self::Actors(command) => command.run(client, output).await,
            Self::Visitors(command) => command.run(client, output).await,
            Self::CustomChannels(command) => command.run(client, output).await,
            Self::CustomChannelAccounts(command) => command.run(client, output).await,
            Self::CustomChannelMessages(command) => command.run(client, output).await,
            Self::Export(command) => command.run(connection).await,
        }
    }
}
