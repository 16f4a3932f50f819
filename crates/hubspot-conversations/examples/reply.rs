//! Answers a visitor, and finds out what became of it if the connection fails on the way.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with the scopes conversations.read and conversations.write
//! cargo run --example reply THREAD AGENT TEXT
//! ```
//!
//! The agent is a user id (`2620022`) or an actor id (`A-2620022`). Prints the message's id.

use std::env;
use std::time::Duration;

use anyhow::bail;
use hubspot_conversations::types::MessageId;
use hubspot_conversations::{Client, ClientBuilder, Error, FindSentOutcome, Messages};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [thread, agent, text] = arguments.as_slice() else {
        bail!("usage: reply THREAD AGENT TEXT");
    };
    let client = client()?;

    let messages = client.messages(thread.as_str());
    match reply(&messages, agent, text).await? {
        Some(id) => println!("{id}"),
        None => bail!("it is not known whether the reply was sent: look at the thread"),
    }
    Ok(())
}

/// Sends a reply. `None` if it is not known whether it arrived.
async fn reply(messages: &Messages, agent: &str, text: &str) -> Result<Option<MessageId>, Error> {
    // Entries after this one are new, so an older reply with the same text is not mistaken for this
    // one.
    let before = messages.newest().await?;
    match messages.reply(text).as_agent(agent).send().await {
        Ok(message) => Ok(message.id().cloned()),
        // HubSpot may have sent it although no response arrived. Sending it again could reach the
        // customer twice. So look for it, also a little later: HubSpot may still be processing it.
        Err(error) if error.is_ambiguous() || error.was_carried_out() => {
            eprintln!("{error}");
            for wait in [0, 2, 5] {
                tokio::time::sleep(Duration::from_secs(wait)).await;
                let sent = messages.find_sent(text).after_newest(before.clone()).send().await?;
                match sent {
                    FindSentOutcome::Found(_) => return Ok(sent.id()),
                    FindSentOutcome::NotFound => {}
                    FindSentOutcome::CannotTell(_) => return Ok(None),
                }
            }
            Ok(None)
        }
        // Nothing was sent.
        Err(error) => Err(error),
    }
}

fn client() -> anyhow::Result<Client> {
    // A person is waiting: a prompt error is better than a late reply.
    let client = ClientBuilder::from_env()?
        .attempt_timeout(Duration::from_secs(10))
        .deadline(Duration::from_secs(20));
    Ok(client.build()?)
}
