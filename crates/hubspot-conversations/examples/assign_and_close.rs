//! Makes an agent responsible for a thread, closes it, and leaves a note for the team.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with the scope conversations.write
//! cargo run --example assign_and_close THREAD AGENT NOTE
//! ```

use std::env;

use anyhow::bail;
use hubspot_conversations::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [thread, agent, note] = arguments.as_slice() else {
        bail!("usage: assign_and_close THREAD AGENT NOTE");
    };
    let client = Client::from_env()?;

    match assign_and_close(&client, thread, agent, note).await {
        Ok(()) => println!("{thread} is closed"),
        Err(error) if error.is_not_found() => bail!("there is no thread {thread}"),
        Err(error) if error.is_missing_scope() => {
            bail!("give the app the scope {}", error.missing_scopes().join(", "))
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn assign_and_close(
    client: &Client,
    thread: &str,
    agent: &str,
    note: &str,
) -> Result<(), Error> {
    // Assigning and closing can be done twice without harm, a note cannot. So the note is last: if
    // anything fails before it, all of this can be run again.
    client.threads().assign(thread, agent).send().await?;
    client.threads().close(thread).send().await?;
    client.messages(thread).comment(note).send().await?;
    Ok(())
}
