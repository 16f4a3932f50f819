//! `convo export`

use std::path::PathBuf;

use clap::Args;
use hubspot_conversations::Client;

use crate::export::{self, Options};
use crate::failure::{self, Failure};

/// Export the whole account to a folder, as files of JSON lines
///
/// Each record is written as HubSpot sent it: inboxes, channels, channel accounts, threads,
/// messages and actors. Messages that HubSpot shows truncated are completed. The files appear when
/// all of them are complete; if the export fails or is stopped, there are none.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The folder to write to; it is created if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// How many threads to read at once, from 1 to 64
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = clap::value_parser!(u8).range(1..=64)
    )]
    concurrency: u8,

    /// Export what is archived, too
    #[arg(long)]
    archived: bool,
}

impl Export {
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let options = Options { concurrency: self.concurrency.into(), archived: self.archived };
        let summary = export::run(client, &self.folder, options).await?;
        failure::note(&summary.to_string());
        if summary.is_complete() {
            Ok(())
        } else {
            let sentence = "the export holds all that was sent, and something was not to be had";
            Err(Failure::Incomplete(sentence.to_owned()))
        }
    }
}
