//! `convo channel-accounts`

use clap::Subcommand;
use hubspot_conversations::Client;
use hubspot_conversations::types::{ChannelAccount, ChannelAccountId, ChannelId, InboxId};

use crate::command_error::CommandError;
use crate::output::{Column, Output};

use super::id::id;
use super::listing::{SortedListing, paged, sorted};
use super::optional::Optional;
use super::values::yes_no;

#[derive(Debug, Subcommand)]
pub(crate) enum ChannelAccounts {
    /// List channel accounts, such as mailboxes, chatflows and phone numbers
    List {
        #[command(flatten)]
        options: SortedListing,

        /// Only accounts of this channel; can be repeated
        #[arg(long, value_name = "ID", value_parser = id::<ChannelId>)]
        channel: Vec<ChannelId>,

        /// Only accounts connected to this inbox; can be repeated
        #[arg(long, value_name = "ID", value_parser = id::<InboxId>)]
        inbox: Vec<InboxId>,

        /// List archived records instead of active ones
        #[arg(long)]
        archived: bool,
    },

    /// Show a channel account
    Get {
        /// Channel account id
        #[arg(value_name = "ID", value_parser = id::<ChannelAccountId>)]
        account: ChannelAccountId,

        /// Show an archived record
        #[arg(long)]
        archived: bool,
    },
}

impl ChannelAccounts {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        let accounts = client.channel_accounts();
        match self {
            Self::List { options, channel, inbox, archived } => {
                let request = sorted!(accounts.list(), options)
                    .with_each(channel, |list, channel| list.channel(channel))
                    .with_each(inbox, |list, inbox| list.inbox(inbox))
                    .when(archived, |list| list.archived(true));
                options.listing.print(request, output, &COLUMNS).await
            }
            Self::Get { account, archived } => {
                let request = accounts.get(account).when(archived, |get| get.archived(true));
                output.record(&request.send().await?, &COLUMNS).await
            }
        }
    }
}

pub(super) const COLUMNS: [Column<ChannelAccount>; 10] = [
    Column::whole("ID", |account| Some(account.id.to_string())),
    Column::named("CHANNEL", 24, |account, names| names.channel(account.channel_id.as_ref())),
    Column::named("INBOX", 28, |account, names| names.inbox(account.inbox_id.as_ref())),
    Column::expendable(1, Column::whole("ACTIVE", |account| yes_no(account.active))),
    Column::expendable(2, Column::whole("AUTHORIZED", |account| yes_no(account.authorized))),
    Column::time_detail("CREATED", |account| account.created_at),
    Column::detail("ARCHIVED", |account| yes_no(account.archived)),
    Column::time_detail("ARCHIVED AT", |account| account.archived_at),
    Column::short("ADDRESS", 36, |account| {
        let address = account.delivery_identifier.as_ref()?;
        address.value.clone()
    }),
    Column::text("NAME", |account| account.name.clone()),
];
