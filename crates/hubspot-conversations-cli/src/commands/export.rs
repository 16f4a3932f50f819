//! `convo export`

use std::path::PathBuf;

use clap::Args;
use hubspot_conversations::types::InboxId;

use crate::export::{self, Manner, Options, Since, Source};
use crate::failure::{self, Failure};
use crate::settings::Connection;

use super::id::id;
use super::point_in_time::point_in_time;
use super::threads::StatusFilter;

/// Export the account to a folder, as files of JSON lines
///
/// Each record is written as HubSpot sent it: inboxes, channels, channel accounts, threads,
/// messages and actors. Messages that HubSpot shows truncated are completed.
///
/// The files appear when all of them are complete, and export.json beside them says what they hold.
/// If the export fails or is stopped, what was read is kept, and the same command resumes it. A
/// finished export is replaced.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The folder to write to; it is created if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Export what is archived, too
    #[arg(long)]
    archived: bool,

    /// Only threads with a message later than this, such as 2026-03-02, yesterday or 3h, each with
    /// all its messages
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = since)]
    since: Option<Since>,

    /// Only threads of this inbox; can be repeated
    #[arg(long, value_name = "ID", value_parser = id::<InboxId>)]
    inbox: Vec<InboxId>,

    #[command(flatten)]
    status: StatusFilter,

    /// No more threads than this
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Discard what an export that was not finished has read, and begin anew
    #[arg(long)]
    restart: bool,

    /// How many threads to read at once, from 1 to 64
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = clap::value_parser!(u8).range(1..=64)
    )]
    concurrency: u8,

    /// Print neither progress nor counts, only notes and errors
    #[arg(long)]
    quiet: bool,
}

fn since(text: &str) -> Result<Since, String> {
    Ok(Since::new(text, point_in_time(text)?))
}

impl Export {
    pub(super) async fn run(self, connection: &Connection) -> Result<(), Failure> {
        let options = Options {
            archived: self.archived,
            since: self.since,
            inboxes: self.inbox.into_iter().collect(),
            status: self.status.status,
            limit: self.limit,
        };
        let manner = Manner {
            concurrency: self.concurrency.into(),
            restart: self.restart,
            quiet: self.quiet,
        };
        let source = Source {
            client: &connection.client,
            server: connection.server().to_owned(),
            api_version: connection.version.to_string(),
        };
        let summary = export::run(source, &self.folder, options, manner).await?;
        if !self.quiet {
            failure::note(&summary.counts());
        }
        for line in summary.to_string().lines().filter(|line| !line.is_empty()) {
            failure::note(line);
        }
        if summary.is_complete() {
            Ok(())
        } else {
            let sentence = "the export is incomplete: some records could not be fetched";
            Err(Failure::Incomplete(sentence.to_owned()))
        }
    }
}
