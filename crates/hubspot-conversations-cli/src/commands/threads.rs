//! `convo threads`

use chrono::{DateTime, Utc};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};
use hubspot_conversations::Client;
use hubspot_conversations::types::{
    ActorId, ContactId, InboxId, Thread, ThreadAssociation, ThreadId, ThreadStatus, TicketId,
};

use crate::command_error::CommandError;
use crate::output::{Column, Output};
use crate::stderr;
use crate::terminal_text::one_line;

use super::id::id;
use super::listing::{Listing, paged};
use super::optional::Optional;
use super::point_in_time::point_in_time;
use super::values::{display, one_of, yes_no};

#[derive(Debug, Subcommand)]
pub(crate) enum Threads {
    List(List),

    /// Show a thread
    Get {
        /// Thread id
        #[arg(value_name = "ID", value_parser = id::<ThreadId>)]
        thread: ThreadId,

        /// Show an archived record
        #[arg(long)]
        archived: bool,

        #[command(flatten)]
        fields: Fields,
    },

    /// Close a thread
    Close(ThreadArgument),

    /// Reopen a closed thread
    Reopen(ThreadArgument),

    /// Restore an archived thread
    Restore(ThreadArgument),

    /// Archive a thread; HubSpot deletes it permanently after 30 days
    Archive(ThreadArgument),

    /// Assign a thread to an agent
    Assign {
        /// Thread id
        #[arg(value_name = "ID", value_parser = id::<ThreadId>)]
        thread: ThreadId,

        /// Agent, by actor id (A-2620055) or user id (2620055)
        #[arg(value_name = "ACTOR", value_parser = id::<ActorId>)]
        agent: ActorId,
    },

    /// Remove a thread's assignee
    Unassign(ThreadArgument),
}

// A doc comment would replace the descriptions of its commands.
#[derive(Args, Debug)]
pub(crate) struct ThreadArgument {
    /// Thread id
    #[arg(value_name = "ID", value_parser = id::<ThreadId>)]
    thread: ThreadId,
}

/// List threads
#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    listing: Listing,

    /// Only threads of this inbox; HubSpot accepts one
    #[arg(long, value_name = "ID", value_parser = id::<InboxId>)]
    inbox: Vec<InboxId>,

    #[command(flatten)]
    status: StatusFilter,

    /// Only threads with this contact; requires --status and excludes --inbox
    #[arg(long, value_name = "ID", value_parser = id::<ContactId>)]
    contact: Option<ContactId>,

    /// Only threads of this ticket
    #[arg(long, value_name = "ID", value_parser = id::<TicketId>)]
    ticket: Option<TicketId>,

    /// Only threads with a message after this time, such as 2026-03-02, yesterday, 3h or
    /// 2026-03-02T09:00:00Z; times are in UTC
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = point_in_time)]
    latest_message_after: Option<DateTime<Utc>>,

    /// Sort by this field: id, or latestMessageTimestamp, which requires --latest-message-after
    ///
    /// The order is ascending. With --contact, a leading `-` makes it descending. Can be repeated.
    #[arg(
        long,
        value_name = "FIELD",
        allow_hyphen_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    sort: Vec<String>,

    /// List archived records instead of active ones
    #[arg(long)]
    archived: bool,

    #[command(flatten)]
    fields: Fields,
}

/// The filter by status.
#[derive(Args, Debug)]
pub(super) struct StatusFilter {
    /// Only threads with this status
    #[arg(
        long,
        value_name = "STATUS",
        ignore_case = true,
        value_parser = one_of!(ThreadStatus)
    )]
    pub(super) status: Option<ThreadStatus>,
}

/// The fields of a thread to return.
#[derive(Args, Debug)]
pub(crate) struct Fields {
    /// Include this CRM association; can be repeated
    #[arg(
        long,
        value_name = "OBJECT",
        ignore_case = true,
        value_parser = one_of!(ThreadAssociation)
    )]
    association: Vec<ThreadAssociation>,

    /// Return only this field, such as status; can be repeated
    #[arg(long, value_name = "FIELD", value_parser = NonEmptyStringValueParser::new())]
    property: Vec<String>,
}

impl Threads {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        let threads = client.threads();
        let (thread, done) = match self {
            Self::List(list) => return list.run(client, output).await,
            Self::Archive(ThreadArgument { thread }) => {
                threads.archive(&thread).send().await?;
                stderr::print_line(&format!(
                    "thread archived; restore it within 30 days with `convo threads restore {thread}`"
                ));
                return Ok(());
            }
            Self::Unassign(ThreadArgument { thread }) => {
                threads.unassign(&thread).send().await?;
                stderr::print_line("thread unassigned");
                return Ok(());
            }
            Self::Get { thread, archived, fields } => {
                let request = threads
                    .get(thread)
                    .when(archived, |get| get.archived(true))
                    .with_each(fields.association, |get, object| get.association(object))
                    .with_each(fields.property, |get, field| get.property(&field));
                return output.record(&request.send().await?, &COLUMNS).await;
            }
            Self::Close(ThreadArgument { thread }) => {
                (threads.close(thread).send().await?, "closed")
            }
            Self::Reopen(ThreadArgument { thread }) => {
                (threads.reopen(thread).send().await?, "reopened")
            }
            Self::Restore(ThreadArgument { thread }) => {
                (threads.restore(thread).send().await?, "restored")
            }
            Self::Assign { thread, agent } => {
                (threads.assign(thread, agent).send().await?, "assigned")
            }
        };
        let done = format!("the thread {} was {done}", one_line(thread.id.as_str()));
        output.changed(done, &thread, &COLUMNS).await
    }
}

impl List {
    async fn run(self, client: &Client, output: &mut Output) -> Result<(), CommandError> {
        let Self { listing, fields, .. } = self;
        let request = paged!(client.threads().list(), listing)
            .with_each(self.inbox, |list, inbox| list.inbox(inbox))
            .with(self.status.status, |list, status| list.status(status))
            .with(self.contact, |list, contact| list.contact(contact))
            .with(self.ticket, |list, ticket| list.ticket(ticket))
            .with(self.latest_message_after, |list, time| list.latest_message_after(time))
            .with_each(self.sort, |list, field| list.sort(field))
            .when(self.archived, |list| list.archived(true))
            .with_each(fields.association, |list, object| list.association(object))
            .with_each(fields.property, |list, field| list.property(&field));
        listing.print(request, output, &COLUMNS).await
    }
}

const COLUMNS: [Column<Thread>; 15] = [
    Column::whole("ID", |thread| Some(thread.id.to_string())),
    Column::whole("STATUS", |thread| display(thread.status.as_ref())),
    Column::expendable(
        1,
        Column::named("INBOX", 28, |thread, names| names.inbox(thread.inbox_id.as_ref())),
    ),
    Column::expendable(
        2,
        Column::named("CHANNEL", 24, |thread, names| {
            names.channel(thread.original_channel_id.as_ref())
        }),
    ),
    Column::detail("ACCOUNT", |thread| display(thread.original_channel_account_id.as_ref())),
    Column::expendable(
        4,
        Column::whole("CONTACT", |thread| display(thread.associated_contact_id.as_ref())),
    ),
    Column::expendable(
        3,
        Column::whole("ASSIGNED TO", |thread| display(thread.assigned_to.as_ref())),
    ),
    Column::time("LATEST MESSAGE", |thread| thread.latest_message_timestamp),
    Column::time_detail("LATEST SENT", |thread| thread.latest_message_sent_timestamp),
    Column::time_detail("LATEST RECEIVED", |thread| thread.latest_message_received_timestamp),
    Column::time_detail("CREATED", |thread| thread.created_at),
    Column::time_detail("CLOSED", |thread| thread.closed_at),
    Column::detail("SPAM", |thread| yes_no(thread.spam)),
    Column::detail("ARCHIVED", |thread| yes_no(thread.archived)),
    Column::expendable(
        5,
        Column::whole("TICKET", |thread| {
            display(thread.thread_associations.as_ref()?.associated_ticket_id.as_ref())
        }),
    ),
];
