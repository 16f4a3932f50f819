//! Lists the open threads of an inbox, with when the visitor wrote last.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with the scope conversations.read
//! cargo run --example list_open_threads INBOX
//! ```
//!
//! Without an inbox, it prints which there are.

use std::env;

use hubspot_conversations::Client;
use hubspot_conversations::types::ThreadStatus;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = Client::from_env()?;
    let Some(inbox) = env::args().nth(1) else {
        return print_inboxes(&client).await;
    };

    let mut threads = client.threads().list().inbox(inbox).status(ThreadStatus::Open).stream();
    while let Some(thread) = threads.try_next().await? {
        // Nearly every field can be missing: HubSpot leaves out what it has nothing to say of.
        let assigned_to = thread.assigned_to.map_or("nobody".to_owned(), String::from);
        let written = thread.latest_message_received_timestamp;
        let written = written.map_or("never".to_owned(), |time| time.to_rfc3339());
        println!("{}\t{assigned_to}\t{written}", thread.id);
    }
    Ok(())
}

async fn print_inboxes(client: &Client) -> anyhow::Result<()> {
    let mut inboxes = client.inboxes().list().stream();
    while let Some(inbox) = inboxes.try_next().await? {
        println!("{}\t{}", inbox.id, inbox.name.as_deref().unwrap_or("?"));
    }
    Ok(())
}
