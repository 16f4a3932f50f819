//! `convo messages`

pub(super) mod columns;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};
use hubspot_conversations::types::{
    ActorId, FileId, Message, MessageId, NewAttachment, NewFileAttachment, NewMessage, ThreadId,
};
use hubspot_conversations::{
    Client, Error, ErrorKind, FindSentOutcome, Item, Received, Uncertainty,
};

use crate::command_error::CommandError;
use crate::json_input;
use crate::output::Output;
use crate::terminal_text::one_line;

use super::free_text::free_text;
use super::id::id;
use super::listing::{Listing, paged};
use super::optional::Optional;
use super::since::Since;
use super::text::{Extras, Text, TextContent};
use columns::{MESSAGE, ORIGINAL};

/// The maximum number of reasons to name why it is unknown whether something was sent.
const MAX_NAMED: usize = 5;

#[derive(Debug, Subcommand)]
pub(crate) enum Messages {
    /// List a thread's history: messages, comments and events
    List {
        /// Thread id
        #[arg(value_parser = id::<ThreadId>)]
        thread: ThreadId,

        #[command(flatten)]
        listing: Listing,

        /// Sort order: createdAt (oldest first) or -createdAt (newest first, the default)
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
    },

    /// Show one entry of a thread's history
    Get(EntryArguments),

    /// Show the original content of a truncated message
    Original(EntryArguments),

    Reply(Reply),

    /// Add a comment for the team; the visitor does not see it
    #[command(after_help = "Example:\n  convo messages comment 9999999655 \"Refund approved.\"")]
    Comment {
        /// Thread id
        #[arg(value_parser = id::<ThreadId>)]
        thread: ThreadId,

        #[command(flatten)]
        text: Text,

        #[command(flatten)]
        extras: Extras,
    },

    /// Send a message or comment from JSON
    ///
    /// The JSON is the request body that HubSpot documents, with `type` MESSAGE or COMMENT. Unknown
    /// fields are rejected, because they would not be sent. If the outcome is unknown, convo does not
    /// send it again, and reports an error.
    Send {
        /// Thread id
        #[arg(value_parser = id::<ThreadId>)]
        thread: ThreadId,

        /// JSON file; `-` reads standard input
        file: PathBuf,
    },

    FindSent(FindSent),
}

// A doc comment would replace the descriptions of its commands.
#[derive(Args, Debug)]
pub(crate) struct EntryArguments {
    /// Thread id
    #[arg(value_parser = id::<ThreadId>)]
    thread: ThreadId,

    /// Entry id
    #[arg(value_name = "ID", value_parser = id::<MessageId>)]
    message: MessageId,

    #[command(flatten)]
    fields: Fields,
}

/// Reply to the visitor's newest message
///
/// The reply uses the channel, account and addresses of the newest incoming message, and for e-mail
/// its subject. If that message or its origin is unclear, nothing is sent, and the error names the
/// entry. If the outcome is unknown, convo does not send the reply again, and reports an error.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  convo messages reply 9999999655 \"We are on it.\" --as-agent 2620055"
)]
pub(crate) struct Reply {
    /// Thread id
    #[arg(value_parser = id::<ThreadId>)]
    thread: ThreadId,

    #[command(flatten)]
    text: Text,

    /// Agent who replies, by actor id (A-2620055) or user id (2620055)
    #[arg(long, value_name = "ACTOR", value_parser = id::<ActorId>)]
    as_agent: ActorId,

    /// Reply to this incoming message, such as one from a webhook event, instead of the newest
    #[arg(long, value_name = "MESSAGE", value_parser = id::<MessageId>)]
    in_reply_to: Option<MessageId>,

    /// E-mail subject, instead of that of the message replied to
    #[arg(long, allow_hyphen_values = true, value_parser = free_text)]
    subject: Option<String>,

    /// Send a copy to this e-mail address; can be repeated
    #[arg(long, value_name = "EMAIL")]
    cc: Vec<String>,

    #[command(flatten)]
    extras: Extras,
}

/// Check whether a message or comment was sent, after an error that left it unknown
///
/// Shows the newest outgoing message with this text, or with --comment the newest comment. If there is
/// none, the JSON is null and the exit code is 3. If an entry may or may not match, the exit code is 1
/// and the error names the entry. Differences in white space, line breaks, Unicode normalization and
/// a signature below a line `-- ` are ignored. Archived entries are included. HubSpot does not document
/// how soon it lists a sent message, so check again before you send again.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  convo messages find-sent 9999999655 \"We are on it.\" --since 30m"
)]
pub(crate) struct FindSent {
    /// Thread id
    #[arg(value_parser = id::<ThreadId>)]
    thread: ThreadId,

    #[command(flatten)]
    text: Text,

    /// Look for a comment instead of a message
    #[arg(long)]
    comment: bool,

    /// Only entries newer than this one, such as the newest entry before sending
    #[arg(long, value_name = "ID", value_parser = id::<MessageId>)]
    after: Option<MessageId>,

    /// Only entries since this time, such as 30m, 2026-03-02 or 2026-03-02T09:00:00Z; times are in UTC
    ///
    /// An age is relative to HubSpot's clock, which its responses report. If a clock difference could
    /// hide the entry, the exit code is 1 and the error names the entry.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = Since::parse)]
    since: Option<Since>,
}

/// The fields of an entry to return.
#[derive(Args, Debug)]
pub(crate) struct Fields {
    /// Return only this field, such as text; can be repeated
    #[arg(long, value_name = "FIELD", value_parser = NonEmptyStringValueParser::new())]
    property: Vec<String>,
}

impl Messages {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        match self {
            Self::List { thread, listing, sort, archived, fields } => {
                let request = paged!(client.messages(thread).list(), listing)
                    .with_each(sort, |list, field| list.sort(field))
                    .when(archived, |list| list.archived(true))
                    .with_each(fields.property, |list, field| list.property(&field));
                listing.print(request, output, &MESSAGE).await
            }
            Self::Get(EntryArguments { thread, message, fields }) => {
                let request = client
                    .messages(thread)
                    .get(message)
                    .with_each(fields.property, |get, field| get.property(&field));
                output.record(&request.send().await?, &MESSAGE).await
            }
            Self::Original(EntryArguments { thread, message, fields }) => {
                let request = client
                    .messages(thread)
                    .original(message)
                    .with_each(fields.property, |get, field| get.property(&field));
                output.record(&request.send().await?, &ORIGINAL).await
            }
            Self::Reply(reply) => reply.run(client, output).await,
            Self::Comment { thread, text, extras } => {
                let TextContent { text, rich_text, files } = text.read_with(extras)?;
                let comment = client
                    .messages(thread)
                    .comment(text)
                    .with(rich_text, |comment, html| comment.rich_text(html))
                    .with_each(files, |comment, file| comment.attach(attachment(file)));
                sent(&comment.send().await?, output).await
            }
            Self::Send { thread, file } => {
                let message = new_message(&file)?;
                sent(&client.messages(thread).create(message).send().await?, output).await
            }
            Self::FindSent(find) => find.run(client, output).await,
        }
    }
}

impl Reply {
    async fn run(self, client: &Client, output: &mut Output) -> Result<(), CommandError> {
        let TextContent { text, rich_text, files } = self.text.read_with(self.extras)?;
        let reply = client
            .messages(self.thread)
            .reply(text)
            .as_agent(self.as_agent)
            .with(self.in_reply_to, |reply, message| reply.in_reply_to(message))
            .with(self.subject, |reply, subject| reply.subject(subject))
            .with_each(self.cc, |reply, email| reply.cc(email))
            .with(rich_text, |reply, html| reply.rich_text(html))
            .with_each(files, |reply, file| reply.attach(attachment(file)));
        sent(&reply.send().await.map_err(refused)?, output).await
    }
}

/// An error of a reply that was not sent because its recipient is unknown, in terms of the command
/// line.
fn refused(error: Error) -> CommandError {
    if error.kind() != ErrorKind::InvalidRequest || error.operation().is_some() {
        return error.into();
    }
    let sentence = error.to_string();
    CommandError::Failed(
        sentence
            .replace("`in_reply_to`", "--in-reply-to")
            .replace("`create`", "`convo messages send`"),
    )
}

impl FindSent {
    async fn run(self, client: &Client, output: &mut Output) -> Result<(), CommandError> {
        let text = self.text.read()?;
        let find = |since: Option<DateTime<Utc>>| {
            client
                .messages(&self.thread)
                .find_sent(text.clone())
                .when(self.comment, |find| find.comment())
                .with(self.after.clone(), |find, entry| find.after(entry))
                .with(since, |find, time| find.since(time))
                .send()
        };
        let outcome = match &self.since {
            None => find(None).await?,
            Some(since) => {
                // The response has the time.
                client.messages(&self.thread).list().limit(1).send().await?;
                let bounds = since.bounds(client.server_time());
                match find(Some(bounds.since)).await? {
                    FindSentOutcome::NotFound => match find(bounds.earliest).await? {
                        FindSentOutcome::NotFound => FindSentOutcome::NotFound,
                        FindSentOutcome::Found(entry) => return Err(too_old(&self.thread, &entry)),
                        open @ FindSentOutcome::CannotTell(_) => open,
                    },
                    known => known,
                }
            }
        };
        match outcome {
            FindSentOutcome::Found(entry) => output.item(entry, &MESSAGE).await,
            FindSentOutcome::NotFound => {
                output.no_record()?;
                let what = if self.comment { "comment" } else { "message" };
                Err(CommandError::NotFound(format!(
                    "no {what} with this text was sent to the thread, according to HubSpot"
                )))
            }
            FindSentOutcome::CannotTell(reasons) => Err(cannot_tell(&self.thread, &reasons)),
        }
    }
}

/// Names the entry that has the text but is slightly older than --since, possibly because of different
/// clocks.
fn too_old(thread: &ThreadId, entry: &Item<Message>) -> CommandError {
    let message = entry.decode().ok();
    let id = message.as_ref().and_then(Message::id).map(|id| format!(" {}", one_line(id.as_str())));
    let at = message.as_ref().and_then(Message::created_at);
    let at = at.map(|at| format!(" of {}", at.format("%Y-%m-%dT%H:%M:%SZ")));
    CommandError::Failed(format!(
        "cannot tell whether it was sent: the entry{}{} has the text but is older than --since, \
         possibly because clocks differ; check with `convo messages list {}` before you send it \
         again",
        id.unwrap_or_default(),
        at.unwrap_or_default(),
        one_line(thread.as_str()),
    ))
}

/// Says why it is unknown whether something was sent.
fn cannot_tell(thread: &ThreadId, reasons: &[Uncertainty]) -> CommandError {
    let named: Vec<_> = reasons.iter().take(MAX_NAMED).map(ToString::to_string).collect();
    let more = if reasons.len() > MAX_NAMED { "; and more" } else { "" };
    CommandError::Failed(format!(
        "cannot tell whether it was sent ({}{more}); check with `convo messages list {}` before you \
         send it again",
        named.join("; "),
        one_line(thread.as_str()),
    ))
}

/// Prints what was sent.
async fn sent(message: &Received<Message>, output: &mut Output) -> Result<(), CommandError> {
    let id = message.id().map(|id| format!(" {}", one_line(id.as_str()))).unwrap_or_default();
    let what = if let Message::Comment(_) = &**message { "comment" } else { "message" };
    output.changed(format!("the {what}{id} was sent"), message, &MESSAGE).await
}

fn attachment(file: FileId) -> NewAttachment {
    NewFileAttachment::new(file).into()
}

/// Reads a message from JSON, which must have a type.
fn new_message(file: &Path) -> Result<NewMessage, CommandError> {
    let message: NewMessage = json_input::read(file, "message")?;
    match message.tag() {
        Some(_) => Ok(message),
        None => Err(CommandError::Usage(
            "invalid message: `type` is missing, set it to MESSAGE or COMMENT".to_owned(),
        )),
    }
}
