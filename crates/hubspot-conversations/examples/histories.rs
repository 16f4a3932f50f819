//! Exports every entry of every thread as lines of JSON, several threads at a time.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with the scope conversations.read
//! cargo run --release --example histories > messages.jsonl
//! ```
//!
//! The client is set up as a job that runs at night should be.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use futures_util::TryStreamExt;
use hubspot_conversations::{Client, ClientBuilder, ConcurrentLists, RateLimit, Retry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let client = client()?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut failures = 0;

    // As many lists as this are under way, with a page of each in memory. It takes threads from
    // their list only as fast as it gets done with them.
    let threads = client.threads().list().limit(500).stream().map_ok(|thread| thread.id);
    let mut histories = ConcurrentLists::from_stream(threads, |thread| {
        client.messages(thread).list().oldest_first().limit(100).pages()
    })
    .concurrency(8)
    .unordered();
    while let Some(page) = histories.next().await {
        match page {
            // As it came: so nothing is lost that this crate does not know.
            Ok((_, page)) => {
                for entry in page.results {
                    writeln!(output, "{}", entry.json())?;
                }
            }
            // One thread that cannot be read costs no other.
            Err(failed) => {
                failures += 1;
                match &failed.key {
                    Some(thread) => eprintln!("thread {thread}: {failed}"),
                    None => eprintln!("the list of threads: {failed}"),
                }
            }
        }
    }
    output.flush()?;
    Ok(if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn client() -> anyhow::Result<Client> {
    let client = ClientBuilder::from_env()?
        .user_agent("histories-example/1.0")
        // The account's tier; and half of it, because others have to work meanwhile.
        .rate_limit(RateLimit::professional().share(0.5))
        // No user is waiting, so each page may outlast a longer outage of HubSpot.
        .retry(Retry::default().max_attempts(8).max_backoff(Duration::from_secs(60)))
        .deadline(Duration::from_secs(15 * 60));
    Ok(client.build()?)
}
