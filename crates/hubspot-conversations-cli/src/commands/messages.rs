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

use crate::failure::Failure;
use crate::given;
use crate::output::{Output, one_line};

use super::free_text::free_text;
use super::id::id;
use super::listing::Listing;
use super::optional::Optional;
use super::since::Since;
use super::text::{More, Text, Written};
use columns::{MESSAGE, ORIGINAL};

/// How many reasons to name that leave open whether something was sent.
const MOST_NAMED: usize = 5;

#[derive(Debug, Subcommand)]
pub(crate) enum Messages {
    /// List a thread's history: messages, comments and events
    List {
        /// The thread
        #[arg(value_parser = id::<ThreadId>)]
        thread: ThreadId,

        #[command(flatten)]
        listing: Listing,

        /// createdAt for the oldest first, -createdAt (as when not given) for the newest first
        #[arg(
            long,
            value_name = "FIELD",
            allow_hyphen_values = true,
            value_parser = NonEmptyStringValueParser::new()
        )]
        sort: Vec<String>,

        /// List the archived ones instead of the others
        #[arg(long)]
        archived: bool,

        #[command(flatten)]
        fields: Fields,
    },

    /// Show one entry of a thread's history
    Get {
        /// The thread
        #[arg(value_parser = id::<ThreadId>)]
        thread: ThreadId,

        /// The entry
        #[arg(value_name = "ID", value_parser = id::<MessageId>)]
        message: MessageId,

        #[command(flatten)]
        fields: Fields,
    },

    /// Show all that was written in a message that HubSpot shows truncated
    Original {
        /// The thread
        #[arg(value_parser = id::<ThreadId>)]
        thread: ThreadId,

        /// The message
        #[arg(value_name = "ID", value_parser = id::<MessageId>)]
        message: MessageId,

        #[command(flatten)]
        fields: Fields,
    },

    Reply(Reply),

    /// Leave a comment for the team, which the visitor does not see
    Comment {
        /// The thread
        #[arg(value_parser = id::<ThreadId>)]
        thread: ThreadId,

        #[command(flatten)]
        text: Text,

        #[command(flatten)]
        more: More,
    },

    /// Send a message or comment that is given as JSON, once
    ///
    /// The JSON is the body HubSpot documents, with `type` MESSAGE or COMMENT. Members that are not known
    /// are refused, because they would not be sent. If HubSpot may have it although sending failed, it
    /// is not sent again, and the error says so.
    Send {
        /// The thread
        #[arg(value_parser = id::<ThreadId>)]
        thread: ThreadId,

        /// The file with the JSON; `-` is standard input
        file: PathBuf,
    },

    FindSent(FindSent),
}

/// Answer the visitor, where the visitor wrote last
///
/// The answer takes the channel, the account and the addresses of the newest message from outside,
/// and for e-mail its subject. If it is not certain which message that is or where it came from,
/// nothing is sent, and the error names the entry. The answer is sent once: if HubSpot may have it although sending failed, it is
/// not sent again, and the error says so.
#[derive(Args, Debug)]
pub(crate) struct Reply {
    /// The thread
    #[arg(value_parser = id::<ThreadId>)]
    thread: ThreadId,

    #[command(flatten)]
    text: Text,

    /// Who answers: an agent, by actor id (A-2620055) or user id (2620055)
    #[arg(long, value_name = "ACTOR", value_parser = id::<ActorId>)]
    as_agent: ActorId,

    /// Answer this message, such as the one that a webhook named, instead of the newest one from
    /// outside
    #[arg(long, value_name = "MESSAGE", value_parser = id::<MessageId>)]
    in_reply_to: Option<MessageId>,

    /// Another subject than that of the message answered; for e-mail
    #[arg(long, allow_hyphen_values = true, value_parser = free_text)]
    subject: Option<String>,

    /// An e-mail address to send a copy to; can be repeated
    #[arg(long, value_name = "EMAIL")]
    cc: Vec<String>,

    #[command(flatten)]
    more: More,
}

/// Look whether a message or comment was sent, after an error that left it open
///
/// Shows the newest outgoing message with the text, or with --comment the newest comment. If there is
/// none, the JSON is null and the exit code 3. If an entry may be it and nobody can tell, the exit code
/// is 1 and the error names the entry. White space, line breaks, the Unicode form of characters and a
/// signature below a line `-- ` make no difference. Archived entries are looked at, too. How soon
/// HubSpot shows what it has taken is not documented, so look again before sending again.
#[derive(Args, Debug)]
pub(crate) struct FindSent {
    /// The thread
    #[arg(value_parser = id::<ThreadId>)]
    thread: ThreadId,

    #[command(flatten)]
    text: Text,

    /// Look for a comment instead of a message
    #[arg(long)]
    comment: bool,

    /// Look only at what is newer than this entry, such as the newest one before the sending
    #[arg(long, value_name = "ID", value_parser = id::<MessageId>)]
    after: Option<MessageId>,

    /// Look only at what is not older than this, such as 30m, 2026-03-02 or 2026-03-02T09:00:00Z; times
    /// are in UTC
    ///
    /// How long ago is counted back by HubSpot's clock, as its answers tell it. Where a difference of
    /// the clocks could hide what was sent, the exit code is 1 and the error names the entry.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = Since::parse)]
    since: Option<Since>,
}

/// What to send of an entry.
#[derive(Args, Debug)]
pub(crate) struct Fields {
    /// Send only this field, such as text; can be repeated; all, if not given
    #[arg(long, value_name = "FIELD", value_parser = NonEmptyStringValueParser::new())]
    property: Vec<String>,
}

impl Messages {
    pub(super) async fn run(self, client: &Client, output: &mut Output) -> Result<(), Failure> {
        match self {
            Self::List { thread, mut listing, sort, archived, fields } => {
                let request = client
                    .messages(thread)
                    .list()
                    .with(listing.page_size(), |list, size| list.limit(size))
                    .with(listing.after.take(), |list, cursor| list.after(cursor))
                    .with_each(sort, |list, field| list.sort(field))
                    .when(archived, |list| list.archived(true))
                    .with_each(fields.property, |list, field| list.property(&field));
                listing.print(request, output, &MESSAGE).await
            }
            Self::Get { thread, message, fields } => {
                let request = client
                    .messages(thread)
                    .get(message)
                    .with_each(fields.property, |get, field| get.property(&field));
                output.record(&request.send().await?, &MESSAGE).await
            }
            Self::Original { thread, message, fields } => {
                let request = client
                    .messages(thread)
                    .original(message)
                    .with_each(fields.property, |get, field| get.property(&field));
                output.record(&request.send().await?, &ORIGINAL).await
            }
            Self::Reply(reply) => reply.run(client, output).await,
            Self::Comment { thread, text, more } => {
                let Written { text, rich_text, files } = text.read_with(more)?;
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
    async fn run(self, client: &Client, output: &mut Output) -> Result<(), Failure> {
        let Written { text, rich_text, files } = self.text.read_with(self.more)?;
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

/// An error of a reply that was not sent because it is not known whom to answer, in the words of the
/// command line.
fn refused(error: Error) -> Failure {
    if error.kind() != ErrorKind::InvalidRequest || error.operation().is_some() {
        return error.into();
    }
    let sentence = error.to_string();
    Failure::Local(
        sentence
            .replace("`in_reply_to`", "--in-reply-to")
            .replace("`send`", "`convo messages send`"),
    )
}

impl FindSent {
    async fn run(self, client: &Client, output: &mut Output) -> Result<(), Failure> {
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
                // Its answer tells the time.
                client.messages(&self.thread).list().limit(1).send().await?;
                let bounds = since.bounds(client.server_time());
                match find(Some(bounds.since)).await? {
                    FindSentOutcome::NotFound => match find(bounds.surely).await? {
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
                Err(Failure::No(format!(
                    "no {what} with this text was sent to the thread, as far as HubSpot shows"
                )))
            }
            FindSentOutcome::CannotTell(reasons) => Err(cannot_tell(&self.thread, &reasons)),
        }
    }
}

/// Names the entry that has the text, and is older than what was asked for by so little that it may be a
/// difference of clocks.
fn too_old(thread: &ThreadId, entry: &Item<Message>) -> Failure {
    let message = entry.decode().ok();
    let id = message.as_ref().and_then(Message::id).map(|id| format!(" {}", one_line(id.as_str())));
    let at = message.as_ref().and_then(Message::created_at);
    let at = at.map(|at| format!(" of {}", at.format("%Y-%m-%dT%H:%M:%SZ")));
    Failure::Local(format!(
        "cannot tell whether it was sent: the entry{}{} has the text and is older than --since, which a \
         difference between the clocks can explain; look with `convo messages list {}` before you \
         send it again",
        id.unwrap_or_default(),
        at.unwrap_or_default(),
        one_line(thread.as_str()),
    ))
}

/// Says why it is not known whether something was sent.
fn cannot_tell(thread: &ThreadId, reasons: &[Uncertainty]) -> Failure {
    let named: Vec<_> = reasons.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    let more = if reasons.len() > MOST_NAMED { "; and more" } else { "" };
    Failure::Local(format!(
        "cannot tell whether it was sent ({}{more}); look with `convo messages list {}` before you \
         send it again",
        named.join("; "),
        one_line(thread.as_str()),
    ))
}

/// Prints what was sent.
async fn sent(message: &Received<Message>, output: &mut Output) -> Result<(), Failure> {
    let id = message.id().map(|id| format!(" {}", one_line(id.as_str()))).unwrap_or_default();
    let what = if let Message::Comment(_) = &**message { "comment" } else { "message" };
    output.changed(format!("the {what}{id} was sent"), message, &MESSAGE).await
}

fn attachment(file: FileId) -> NewAttachment {
    NewFileAttachment::new(file).into()
}

/// Reads a message from JSON, which must say what it is.
fn new_message(file: &Path) -> Result<NewMessage, Failure> {
    let message: NewMessage = given::read(file, "message to send")?;
    match message.tag() {
        Some(_) => Ok(message),
        None => Err(Failure::Usage(
            "this is no message to send: its `type` is missing, which is MESSAGE or COMMENT"
                .to_owned(),
        )),
    }
}
