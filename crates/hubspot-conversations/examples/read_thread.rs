//! Prints what was written in a thread, the oldest first, with the whole text of each message.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with the scope conversations.read
//! cargo run --example read_thread THREAD
//! ```

use std::env;

use anyhow::bail;
use hubspot_conversations::types::{ConversationsMessage, Message, TruncationStatus};
use hubspot_conversations::{Client, Error, Messages};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Some(thread) = env::args().nth(1) else { bail!("usage: read_thread THREAD") };
    let client = Client::from_env()?;

    let messages = client.messages(thread);
    let mut history = messages.list().oldest_first().stream();
    while let Some(entry) = history.try_next().await? {
        let time = entry.created_at().map(|time| time.to_rfc3339()).unwrap_or_default();
        let author = entry.created_by().map_or("somebody".to_owned(), ToString::to_string);
        match entry {
            Message::Message(message) => {
                println!("{time} {author} wrote:\n{}\n", text(&messages, message).await?);
            }
            Message::Comment(comment) => {
                println!("{time} {author} noted:\n{}\n", comment.text.unwrap_or_default());
            }
            // Assignments and changes of status, and kinds of tomorrow, which are no error.
            other => println!("{time} {}\n", other.tag().unwrap_or("an event")),
        }
    }
    Ok(())
}

/// The text of a message. HubSpot cuts e-mails to what is new in them, and long texts.
async fn text(messages: &Messages, message: ConversationsMessage) -> Result<String, Error> {
    use TruncationStatus::{Truncated, TruncatedToMostRecentReply};

    if let Some(Truncated | TruncatedToMostRecentReply) = message.truncation_status {
        match messages.original(&message.id).send().await {
            Ok(original) => return Ok(original.into_inner().text.unwrap_or_default()),
            // A truncated text is better than nothing.
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(message.text.unwrap_or_default())
}
