//! `convo channels`

use clap::Subcommand;
use hubspot_conversations::Client;
use hubspot_conversations::types::{Channel, ChannelId};

use crate::command_error::CommandError;
use crate::output::{Column, Output};

use super::id::id;
use super::listing::Listing;
use super::optional::Optional;

#[derive(Debug, Subcommand)]
pub(crate) enum Channels {
    /// List the channels that the account can use
    List {
        #[command(flatten)]
        listing: Listing,

        /// Sort by this field, such as name, or -name for descending order; can be repeated
        #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
        sort: Vec<String>,

        /// Number of records per page if --page-size is omitted
        #[arg(long, value_name = "N")]
        default_page_length: Option<u16>,
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
            Self::List { mut listing, sort, default_page_length } => {
                let request = channels
                    .list()
                    .with(listing.page_size(), |list, size| list.limit(size))
                    .with(listing.after.take(), |list, cursor| list.after(cursor))
                    .with_each(sort, |list, field| list.sort(field))
                    .with(default_page_length, |list, length| list.default_page_length(length));
                listing.print(request, output, &COLUMNS).await
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
