//! Webhooks: HubSpot calls, instead of being asked. Feature `webhook`; the extractor of axum needs
//! the feature `axum`.
//!
//! ```
//! use axum::{Router, routing::post};
//! use hubspot_conversations::webhook::{Event, SignedEvents, Verifier};
//!
//! async fn hook(SignedEvents(events): SignedEvents) {
//!     for event in events {
//!         if let Event::NewMessage(new) = event {
//!             println!("message {} in thread {}", new.message_id, new.thread_id);
//!         }
//!     }
//! }
//!
//! # fn main() -> Result<(), hubspot_conversations::Error> {
//! let verifier = Verifier::new("the app's client secret", "https://bot.example.com")?;
//! let app: Router = Router::new().route("/hubspot", post(hook)).with_state(verifier);
//! # Ok(())
//! # }
//! ```
//!
//! # What to configure
//!
//! In the app's settings at HubSpot: the target URL (here `https://bot.example.com/hubspot`), and a
//! subscription for each kind of event (`conversation.newMessage` and the like), which needs the scope
//! `conversations.read`. Changes take up to five minutes. A custom channel sends its events to its
//! own `webhookUrl`.
//!
//! In the program: the app's client secret, which is not its access token, and the URL as HubSpot
//! calls it, from outside of all proxies. [`Verifier`] says what that is behind a proxy that
//! changes the path, or a nested router. Nothing between may change the body.
//!
//! # What to answer
//!
//! Any 2xx, within five seconds; then work. HubSpot takes everything else, and no answer, for a
//! failure, and delivers the whole batch again, up to ten times within a day. So whatever may take long is
//! done in a task of its own, or put on a queue. [`Envelope::json`] is what to put there; [`events`]
//! reads it again.
//!
//! # Why events come twice, and out of order
//!
//! HubSpot promises neither order nor to deliver once: it repeats what failed or was answered too
//! late, and sends several batches at a time. So:
//!
//! - [`Event::key`] tells whether an event was seen. A [`Deduplicator`] remembers keys in memory, a
//!   unique column of a database for longer.
//! - [`Envelope::occurred_at`] tells what was first. What an event says may no longer be so: where it
//!   matters, read the thread.
//!
//! # A bot that answers
//!
//! Each event is handled once, after HubSpot has its answer. A bot is told of its own messages too,
//! and answers those of visitors only.
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::{Router, extract::{FromRef, State}, routing::post};
//! use hubspot_conversations::types::{Message, MessageDirection};
//! use hubspot_conversations::webhook::{Deduplicator, Event, NewMessageEvent, SignedEvents, Verifier};
//! use hubspot_conversations::{Client, Error};
//!
//! #[derive(Clone)]
//! struct Bot {
//!     client: Client,
//!     verifier: Verifier,
//!     seen: Arc<Deduplicator>,
//! }
//!
//! impl FromRef<Bot> for Verifier {
//!     fn from_ref(bot: &Bot) -> Self {
//!         bot.verifier.clone()
//!     }
//! }
//!
//! async fn hook(State(bot): State<Bot>, SignedEvents(events): SignedEvents) {
//!     for event in events {
//!         let key = event.key();
//!         if let Event::NewMessage(new) = event
//!             && bot.seen.is_new(&key)
//!         {
//!             let bot = bot.clone();
//!             tokio::spawn(async move {
//!                 if let Err(error) = answer(&bot.client, &new).await {
//!                     eprintln!("thread {} has no answer: {error}", new.thread_id);
//!                 }
//!             });
//!         }
//!     }
//! }
//!
//! async fn answer(client: &Client, new: &NewMessageEvent) -> Result<(), Error> {
//!     let messages = client.messages(&new.thread_id);
//!     if let Message::Message(message) = &*messages.get(&new.message_id).send().await?
//!         && message.direction == Some(MessageDirection::Incoming)
//!     {
//!         messages.reply("We are on it.").as_agent(2620022).send().await?;
//!     }
//!     Ok(())
//! }
//!
//! # fn app(bot: Bot) -> Router {
//! Router::new().route("/hubspot", post(hook)).with_state(bot)
//! # }
//! ```
//!
//! Once HubSpot has its 2xx it does not deliver the event again, so a failure is the program's to
//! repair. A program that rather works first and answers a 5xx when it fails calls
//! [`Deduplicator::forget`], or the next delivery would count as handled.
//!
//! # Without axum
//!
//! [`Verifier::verify`] takes the request's parts as every framework has them, [`events`] the body:
//!
//! ```
//! use hubspot_conversations::webhook::{Event, Verifier, events};
//! # use http::{HeaderMap, Method};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = Verifier::new("the app's client secret", "https://bot.example.com")?;
//! # let (method, uri) = (Method::POST, "/hubspot");
//! # let body = br#"[{"subscriptionType":"conversation.creation","objectId":6065362089}]"#;
//! # let headers = verifier.sign(&method, uri, body, std::time::SystemTime::now().into());
//! verifier.verify(&method, uri, &headers, body)?;
//! for event in events(body)? {
//!     println!("{event:?}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Verifier::sign`] makes the headers with which a test calls a hook as HubSpot does.

mod batch;
mod deduplicator;
mod envelope;
mod escapes;
mod event;
mod event_key;
mod message_type;
mod property_change;
mod signature;
mod signature_error;
#[cfg(feature = "axum")]
mod signed_events;
mod verifier;

pub use batch::events;
pub use deduplicator::Deduplicator;
pub use envelope::Envelope;
pub use event::{
    ChannelAccountEvent, ChannelMessageEvent, Event, NewMessageEvent, PropertyChangeEvent,
    ThreadEvent, UnreadableEvent,
};
pub use event_key::EventKey;
pub use message_type::MessageType;
pub use property_change::PropertyChange;
pub use signature_error::SignatureError;
#[cfg(feature = "axum")]
pub use signed_events::{SignedEvents, SignedEventsRejection};
pub use verifier::Verifier;
