//! `convo inboxes`

use clap::Subcommand;
use hubspot_conversations::Client;
use hubspot_conversations::types::{Inbox, InboxId};

use crate::command_error::CommandError;
use crate::output::{Column, Output};

use super::id::id;
use super::listing::Listing;
use super::optional::Optional;
use super::values::{shown, yes_no};

#[derive(Debug, Subcommand)]
pub(crate) enum Inboxes {
    /// List inboxes and help desks
    List {
        #[command(flatten)]
        listing: Listing,

        /// Sort by this field, such as name, or -name for descending order; can be repeated
        #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
        sort: Vec<String>,

        /// Number of records per page if --page-size is omitted
        #[arg(long, value_name = "N")]
        default_page_length: Option<u16>,

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
            Self::List { mut listing, sort, default_page_length, archived } => {
                let request = inboxes
                    .list()
                    .with(listing.page_size(), |list, size| list.limit(size))
                    .with(listing.after.take(), |list, cursor| list.after(cursor))
                    .with_each(sort, |list, field| list.sort(field))
                    .with(default_page_length, |list, length| list.default_page_length(length))
                    .when(archived, |list| list.archived(true));
                listing.print(request, output, &COLUMNS).await
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
    Column::whole("TYPE", |inbox| shown(inbox.type_.as_ref())),
    Column::expendable(1, Column::time("CREATED", |inbox| inbox.created_at)),
    Column::time_detail("UPDATED", |inbox| inbox.updated_at),
    Column::detail("ARCHIVED", |inbox| yes_no(inbox.archived)),
    Column::time_detail("ARCHIVED AT", |inbox| inbox.archived_at),
    Column::text("NAME", |inbox| inbox.name.clone()),
];
