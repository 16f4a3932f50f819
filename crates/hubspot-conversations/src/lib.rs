//! HubSpot's Conversations API: inboxes, channels, threads, messages, actors, visitor tokens and custom
//! channels.
//!
//! ```no_run
//! use hubspot_conversations::{Client, types::ThreadStatus};
//!
//! # async fn example() -> Result<(), hubspot_conversations::Error> {
//! let client = Client::new("pat-…")?;
//!
//! let mut threads = client.threads().list().inbox(481939).status(ThreadStatus::Open).stream();
//! while let Some(thread) = threads.try_next().await? {
//!     println!("{} waits since {:?}", thread.id, thread.latest_message_received_timestamp);
//!     client.messages(&thread.id).reply("We are on it.").as_agent(2620022).send().await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A [`Client`] is configured once and cheap to clone. Each of its resources returns [requests],
//! one type per operation: such as [`ListThreads`](requests::ListThreads), with the operation's parameters as setters.
//! [`send`](requests::ListThreads::send) sends it. A list is also a [`stream`](requests::ListThreads::stream) of items or of
//! [`pages`](requests::ListThreads::pages).
//!
//! The [guide] goes from here to production: errors, sending safely, limits, OAuth, webhooks, tests.
//!
//! # Promises
//!
//! - **No duplicate sends.** A request that must not be executed twice, such as a message, is retried
//!   only if HubSpot provably did not execute it: the connection was refused, or HubSpot answered 423,
//!   429 or 477. If the outcome is unknown, the [error says so](Error::is_ambiguous), and
//!   [`find_sent`](Messages::find_sent) looks.
//! - **No lost data.** Values and members the API adds are kept as received; an item that cannot be
//!   read affects neither its page nor the rest of the list. Lists resume at the exact item, also in
//!   [another process](Cursor).
//! - **HubSpot is not flooded.** All clones of a client together keep to HubSpot's [limits](RateLimit),
//!   and [retries](ClientBuilder::retry_budget) do not make an outage worse.
//! - **Credentials stay private.** The token goes only to the configured address, over https unless it is
//!   on this machine, never across a redirect, and is in no error, log or `Debug`. Neither are texts,
//!   names or addresses of customers.
//! - **Everything that waits can be cancelled** by dropping it, and takes its time from tokio's clock.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod actors;
mod api_roots;
mod auth;
mod backoff;
mod base_url;
mod call;
mod call_options;
mod channel_accounts;
mod channels;
mod client;
mod connections;
mod custom_channel_accounts;
mod custom_channel_messages;
mod custom_channels;
mod debug;
mod error;
#[doc = include_str!("guide.md")]
pub mod guide {}
mod in_flight;
mod inboxes;
mod left_out_log;
mod limit;
mod list;
mod messages;
mod request;
mod request_hook;
#[allow(unused_imports, reason = "each module imports what any of them can need")]
#[rustfmt::skip]
pub mod requests;
mod retry;
mod server_clock;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
mod threads;
mod transport;

mod visitors;
#[cfg(feature = "webhook")]
pub mod webhook;

pub use hubspot_conversations_api::{
    Change, Credential, DecodeError, Item, LeftOut, OPERATIONS, Operation, OperationId, Page,
    ROOTS, Received, Root, Unrecognized, types,
};

pub use actors::{ActorOutcome, Actors, ResolveActors, ResolvedActor};
pub use api_roots::ApiVersion;
pub use auth::{AccessToken, BoxFuture, OAuth, OAuthBuilder, RefreshToken, TokenProvider};
pub use channel_accounts::ChannelAccounts;
pub use channels::Channels;
pub use client::{Client, ClientBuilder};
pub use custom_channel_accounts::CustomChannelAccounts;
pub use custom_channel_messages::CustomChannelMessages;
pub use custom_channels::CustomChannels;
pub use error::{Error, ErrorDetail, ErrorKind};
pub use inboxes::Inboxes;
pub use limit::{RateLimit, RateLimitStatus};
pub use list::{ConcurrentLists, Cursor, Items, KeyedItems, ListError, Pages};
pub use messages::{Comment, FindSent, FindSentOutcome, Messages, Reply, Uncertainty};
#[doc(hidden)]
pub use request::{CallOptions, Query, Sealed, Success};
pub use request::{ListRequest, Request};
pub use retry::Retry;
pub use threads::Threads;
pub use transport::{NetworkError, Transport, TransportBody, TransportError};
pub use visitors::Visitors;

/// The crate of the times in this crate's types.
pub use chrono;
/// The crate of the methods, statuses and headers in this crate's types.
pub use http;

/// The examples of this crate's README and of the workspace's, compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("workspace_readme.md")]
struct Readme;
