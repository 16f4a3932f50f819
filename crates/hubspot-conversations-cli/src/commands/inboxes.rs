//! `convo inboxes`

use clap::Subcommand;
use hubspot_conversations::Client;
use hubspot_conversations::types::{Inbox, InboxId};

use crate::command_error::CommandError;
use crate::output::{Column, Output};

use super::id::id;
use super::listing::{SortedListing, paged, sorted};
use super::optional::Optional;
use super::values::{display, yes_no};

#[derive(Debug, Subcommand)]
pub(crate) enum Inboxes {
    /// List inboxes and help desks
    List {
        #[command(flatten)]
        options: SortedListing,

        /// List archived records instead of active ones
        #[arg(long)]
        archived: bool,
    },

    /// Show an inbox
    Get {
        /// Inbox id
        #[arg(value_name = "ID", value_parser = id::<InboxId>)]
        inbox: InboxId,

        /// Show an archived record
        #[arg(long)]
        archived: bool,
    },
}

impl Inboxes {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        let inboxes = client.inboxes();
        match self {
            Self::List { options, archived } => {
                let request =
                    sorted!(inboxes.list(), options).when(archived, |list| list.archived(true));
                options.listing.print(request, output, &COLUMNS).await
            }
            Self::Get { inbox, archived } => {
                let request = inboxes.get(inbox).when(archived, |get| get.archived(true));
                output.record(&request.send().await?, &COLUMNS).await
            }
        }
    }
}

const COLUMNS: [Column<Inbox>; 7] = [
    Column::whole("ID", |inbox| Some(inbox.id.to_string())),
    Column::whole("TYPE", |inbox| display(inbox.type_.as_ref())),
    Column::expendable(1, Column::time("CREATED", |inbox| inbox.created_at)),
    Column::time_detail("UPDATED", |inbox| inbox.updated_at),
    Column::detail("ARCHIVED", |inbox| yes_no(inbox.archived)),
    Column::time_detail("ARCHIVED AT", |inbox| inbox.archived_at),
    Column::text("NAME", |inbox| inbox.name.clone()),
];
