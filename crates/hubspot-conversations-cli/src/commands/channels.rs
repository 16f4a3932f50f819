//! `convo channels`

use clap::Subcommand;
use hubspot_conversations::Client;
use hubspot_conversations::types::{Channel, ChannelId};

use crate::command_error::CommandError;
use crate::output::{Column, Output};

use super::id::id;
use super::listing::{SortedListing, paged, sorted};
use super::optional::Optional;

#[derive(Debug, Subcommand)]
pub(crate) enum Channels {
    /// List the channels that the account can use
    List {
        #[command(flatten)]
        options: SortedListing,
    },

    /// Show a channel
    Get {
        /// Channel id; HubSpot's are 1000 (live chat), 1001 (Messenger), 1002 (e-mail), 1003 (forms)
        /// and 1007 (WhatsApp)
        #[arg(value_name = "ID", value_parser = id::<ChannelId>)]
        channel: ChannelId,
    },
}

impl Channels {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        let channels = client.channels();
        match self {
            Self::List { options } => {
                let request = sorted!(channels.list(), options);
                options.listing.print(request, output, &COLUMNS).await
            }
            Self::Get { channel } => {
                output.record(&channels.get(channel).send().await?, &COLUMNS).await
            }
        }
    }
}

const COLUMNS: [Column<Channel>; 2] = [
    Column::whole("ID", |channel| Some(channel.id.to_string())),
    Column::text("NAME", |channel| channel.name.clone()),
];
