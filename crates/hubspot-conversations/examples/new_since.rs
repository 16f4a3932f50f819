//! Prints the messages that came since the last run, whatever their thread. Made for cron.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with the scope conversations.read
//! cargo run --example new_since WATERMARK_FILE
//! ```
//!
//! The file holds the time up to which messages were printed. Without it, all are.
//! What came in the last minute is left for the next run.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{env, fs, io};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use hubspot_conversations::types::{Message, Thread};
use hubspot_conversations::{Client, Error};

/// By how much the clocks of HubSpot and of this machine may differ.
const CLOCKS: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Some(file) = env::args().nth(1).map(PathBuf::from) else {
        bail!("usage: new_since WATERMARK_FILE");
    };
    let client = Client::from_env()?;
    let since = read(&file)?;

    // Find the threads with new messages. Messages continue to arrive while they are listed, so
    // nothing later than the beginning counts: it is for the next run.
    let begun = DateTime::<Utc>::from(SystemTime::now()) - CLOCKS;
    let threads = client.threads().list().latest_message_after(since).limit(500).stream();
    let threads: Vec<Thread> = threads.try_collect().await?;
    let newest = threads.iter().filter_map(|thread| thread.latest_message_timestamp).max();
    let Some(until) = newest.map(|newest| newest.min(begun).max(since)) else { return Ok(()) };

    for thread in threads {
        print_new(&client, &thread, since, until).await?;
    }
    // Last, so that a run that fails is done again, and prints what it did not get to.
    write(&file, until)
}

/// Prints the messages later than `since`, up to and including `until`.
async fn print_new(
    client: &Client,
    thread: &Thread,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), Error> {
    // The newest come first.
    let mut history = client.messages(&thread.id).list().stream();
    while let Some(entry) = history.try_next().await? {
        let Some(created_at) = entry.created_at() else { continue };
        if created_at <= since {
            break;
        }
        if let Message::Message(message) = entry
            && created_at <= until
        {
            println!("{}\t{}\t{}", created_at.to_rfc3339(), thread.id, message.id);
        }
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<DateTime<Utc>> {
    match fs::read_to_string(file) {
        Ok(text) => text.trim().parse().context("the file holds no time"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(DateTime::UNIX_EPOCH),
        Err(error) => Err(error.into()),
    }
}

/// Writes beside the file and renames, so that it is never half written.
fn write(file: &Path, until: DateTime<Utc>) -> anyhow::Result<()> {
    let beside = file.with_extension("new");
    fs::write(&beside, until.to_rfc3339())?;
    Ok(fs::rename(beside, file)?)
}
