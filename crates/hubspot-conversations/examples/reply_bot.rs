//! Answers visitors who write, once each. HubSpot calls it; nothing is polled.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…    # with the scopes conversations.read and conversations.write
//! export HUBSPOT_CLIENT_SECRET=…   # the app's, by which HubSpot signs what it sends
//! export HUBSPOT_WEBHOOK_URL=https://bot.example.com/hubspot   # as in the app's settings
//! cargo run --example reply_bot AGENT [ADDRESS]
//! ```
//!
//! The app is to be subscribed to `conversation.newMessage`. The bot listens on ADDRESS, or on
//! 127.0.0.1:3000; something before it speaks TLS. Prints what it answered. A program of your own
//! needs the feature `axum` of this crate.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use axum::extract::{FromRef, State};
use axum::routing::post;
use hubspot_conversations::types::{Message, MessageDirection};
use hubspot_conversations::webhook::{
    Deduplicator, Event, NewMessageEvent, SignedEvents, Verifier,
};
use hubspot_conversations::{Client, ClientBuilder, Error};

const ANSWER: &str = "Thank you, we have your message and will be back soon.";

#[derive(Clone)]
struct Bot {
    client: Client,
    verifier: Verifier,
    seen: Arc<Deduplicator>,
    agent: Arc<str>,
}

/// Provides the verifier to the extractor `SignedEvents`.
impl FromRef<Bot> for Verifier {
    fn from_ref(bot: &Bot) -> Self {
        bot.verifier.clone()
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let Some(agent) = arguments.next() else { bail!("usage: reply_bot AGENT [ADDRESS]") };
    let address = arguments.next().unwrap_or("127.0.0.1:3000".to_owned());

    let bot = Bot {
        client: client()?,
        verifier: Verifier::for_url(var("HUBSPOT_CLIENT_SECRET")?, &var("HUBSPOT_WEBHOOK_URL")?)?,
        // More than a day brings. A bot that restarts, or runs twice, keeps the keys in a database.
        seen: Arc::new(Deduplicator::new(100_000)),
        agent: agent.into(),
    };
    let app = Router::new().route("/hubspot", post(hook)).with_state(bot);
    let listener = tokio::net::TcpListener::bind(address).await?;
    eprintln!("listening on {}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

/// Takes events that HubSpot signed. HubSpot waits five seconds for a response and delivers again
/// without one, so separate tasks do the work afterwards.
async fn hook(State(bot): State<Bot>, SignedEvents(events): SignedEvents) {
    for event in events {
        let key = event.key();
        if let Event::NewMessage(new) = event
            && bot.seen.is_new(&key)
        {
            let bot = bot.clone();
            tokio::spawn(async move {
                match answer(&bot, &new).await {
                    Ok(Some(answer)) => println!("{}\t{answer}", new.thread_id),
                    Ok(None) => {}
                    // HubSpot does not deliver it again. Somebody has to know.
                    Err(error) => eprintln!("thread {} has no answer: {error}", new.thread_id),
                }
            });
        }
    }
}

/// Answers a message if a visitor wrote it. The bot also receives events for its own messages.
async fn answer(bot: &Bot, new: &NewMessageEvent) -> Result<Option<String>, Error> {
    let messages = bot.client.messages(&new.thread_id);
    // An event has no text and no direction, and can be old.
    let Message::Message(message) = messages.get(&new.message_id).send().await?.into_inner() else {
        return Ok(None);
    };
    // An agent who writes from a personal mailbox comes in like a visitor.
    let mut senders = message.senders.iter().filter_map(|sender| sender.actor_id.as_ref());
    let from_agent = senders.any(|actor| actor.as_str().starts_with("A-"));
    if from_agent || message.direction != Some(MessageDirection::Incoming) {
        return Ok(None);
    }

    let reply = messages.reply(ANSWER).as_agent(&*bot.agent).in_reply_to(&new.message_id);
    match reply.send().await {
        // It may have reached the visitor, or has. Look for it, and do not send it again.
        Err(error) if error.is_ambiguous() || error.was_carried_out() => {
            let sent = messages.find_sent(ANSWER).after(&new.message_id).send().await?;
            sent.id().map(|id| Some(id.to_string())).ok_or(error)
        }
        result => Ok(result?.id().map(ToString::to_string)),
    }
}

fn client() -> anyhow::Result<Client> {
    // A visitor waits: a prompt error is better than a late answer.
    let client = ClientBuilder::from_env()?
        .attempt_timeout(Duration::from_secs(10))
        .deadline(Duration::from_secs(60));
    Ok(client.build()?)
}

fn var(name: &str) -> anyhow::Result<String> {
    env::var(name).with_context(|| format!("{name} is not set"))
}
