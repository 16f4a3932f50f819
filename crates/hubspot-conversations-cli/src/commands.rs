//! The commands that need the API, a file for each resource.

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

use crate::failure::Failure;
use crate::output::Output;
use crate::settings::Connection;
pub(crate) use values::pair;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Inboxes and help desks: where threads arrive
    #[command(subcommand)]
    Inboxes(inboxes::Inboxes),

    /// Channels: e-mail, live chat and other ways for messages to arrive
    #[command(subcommand)]
    Channels(channels::Channels),

    /// Accounts of channels: mailboxes, chatflows, numbers
    #[command(subcommand)]
    ChannelAccounts(channel_accounts::ChannelAccounts),

    /// Threads: conversations with one contact each
    #[command(subcommand)]
    Threads(threads::Threads),

    /// The messages, comments and events of a thread
    #[command(subcommand)]
    Messages(messages::Messages),

    /// Actors: the people and programs who do something
    #[command(subcommand)]
    Actors(actors::Actors),

    /// Visitors who are signed in to a page of your own
    #[command(subcommand)]
    Visitors(visitors::Visitors),

    /// Custom channels: those an app brings to HubSpot; takes a developer key in place of a token
    #[command(subcommand)]
    CustomChannels(custom_channels::CustomChannels),

    /// Accounts of custom channels, connected to inboxes
    #[command(subcommand)]
    CustomChannelAccounts(custom_channel_accounts::CustomChannelAccounts),

    /// Messages of custom channels: publishing them, and saying how far their delivery has come
    #[command(subcommand)]
    CustomChannelMessages(custom_channel_messages::CustomChannelMessages),

    Export(export::Export),
}

impl Command {
    /// What it takes to be allowed to.
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
    ) -> Result<(), Failure> {
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
