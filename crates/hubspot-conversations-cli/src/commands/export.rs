//! `convo export`

use std::path::PathBuf;

use clap::Args;
use hubspot_conversations::types::InboxId;

use crate::command_error::CommandError;
use crate::connection::Connection;
use crate::export::{self, Options, RunOptions, Since, Source};
use crate::stderr;

use super::id::id;
use super::point_in_time::point_in_time;
use super::threads::StatusFilter;

/// Export an account to a folder as JSON Lines files
///
/// Writes inboxes, channels, channel accounts, threads, messages and actors as received from HubSpot,
/// and adds the original content of truncated messages.
///
/// The files appear together once all are complete, with an export.json that describes them. If the
/// export fails or is stopped, the same command resumes it. A finished export is replaced.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// Folder to write to; created if it does not exist
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Include archived records
    #[arg(long)]
    archived: bool,

    /// Only threads with a message after this time, such as 2026-03-02, yesterday or 3h; each is
    /// exported with all its messages
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = since)]
    since: Option<Since>,

    /// Only threads of this inbox; can be repeated
    #[arg(long, value_name = "ID", value_parser = id::<InboxId>)]
    inbox: Vec<InboxId>,

    #[command(flatten)]
    status: StatusFilter,

    /// Maximum number of threads
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Discard a partial export and start over
    #[arg(long)]
    restart: bool,

    /// Number of threads to read concurrently, from 1 to 64
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = clap::value_parser!(u8).range(1..=64)
    )]
    concurrency: u8,

    /// Print only notes and errors, no progress and no counts
    #[arg(long)]
    quiet: bool,
}

fn since(text: &str) -> Result<Since, String> {
    Ok(Since::new(text, point_in_time(text)?))
}

impl Export {
    pub(super) async fn run(self, connection: &Connection) -> Result<(), CommandError> {
        let options = Options {
            archived: self.archived,
            since: self.since,
            inboxes: self.inbox.into_iter().collect(),
            status: self.status.status,
            limit: self.limit,
        };
        let run_options = RunOptions {
            concurrency: self.concurrency.into(),
            restart: self.restart,
            quiet: self.quiet,
        };
        let source = Source {
            client: &connection.client,
            server: connection.server().to_owned(),
            api_version: connection.version.to_string(),
        };
        let summary = export::run(source, &self.folder, options, run_options).await?;
        if !self.quiet {
            stderr::print_line(&summary.counts());
        }
        for line in summary.to_string().lines().filter(|line| !line.is_empty()) {
            stderr::print_line(line);
        }
        if summary.is_complete() {
            Ok(())
        } else {
            let sentence = "export incomplete: some records could not be fetched";
            Err(CommandError::Incomplete(sentence.to_owned()))
        }
    }
}
