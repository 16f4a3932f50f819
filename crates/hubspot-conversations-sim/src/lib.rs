//! HubSpot's Conversations API in memory, for tests and demos without a HubSpot account.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use hubspot_conversations_sim::Simulator;
//!
//! let simulator = Simulator::builder().seed(7).threads(100).start().await?;
//! println!("{} accepts {}", simulator.base_url(), simulator.token());
//! # Ok(())
//! # }
//! ```
//!
//! A [`Simulator`] serves every operation of the document, in every version of the API that has it,
//! on a port of this machine, from data that is invented from a seed: the same seed gives the same
//! data. What is written is stored and read back as HubSpot would answer it. A request is refused
//! where HubSpot's document refuses it: the simulator forgives less than the client's types do.
//! What is written has its time from a clock that only writes and tests move
//! ([`Simulator::advance`]).
//!
//! A program can be shown what it meets at HubSpot:
//!
//! - Requests fail in every way they do in a network, one by one ([`Simulator::fail_next`]) or by
//!   chance, which a seed decides ([`Simulator::fail_randomly`]). A [`Fault`] says whether the
//!   request was carried out although the client cannot know it.
//! - Rates are limited where that is asked for ([`SimulatorBuilder::rate_limit`]), in a window that
//!   rolls, with HubSpot's headers and refusals.
//! - What arrived is recorded ([`Simulator::requests`]), and what became of it is counted
//!   ([`Simulator::traffic`]), so that a test can account for every request.
//!
//! Beside what an app asks, the simulator does what happens to an app:
//!
//! - Its access tokens run out. A refresh token ([`Simulator::refresh_token`]) gets further ones at
//!   `/oauth/v3/token`, until it is revoked ([`Simulator::revoke_refresh_token`]).
//! - Visitors write ([`Simulator::receive`], [`Simulator::begin_thread`]).
//! - Webhooks of this machine are called, signed as HubSpot signs ([`Simulator::subscribe`]), and
//!   what they do not take is delivered again. [`Simulator::delivered`] waits for all of it, and
//!   [`Simulator::deliveries`] says what became of it.
//!
//! # Without a socket
//!
//! A simulator can also answer in process ([`SimulatorBuilder::in_process`],
//! [`Simulator::answer`]). Then nothing but tokio's clock decides when something happens, and a test
//! that pauses it needs no real time for limits, waits and requests that are never answered:
//!
//! ```
//! use hubspot_conversations_sim::{RateLimit, Simulator};
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! tokio::time::pause();
//! let simulator = Simulator::builder().rate_limit(RateLimit::new(1)).in_process();
//! let ask = async || {
//!     let inboxes = http::Request::get("/conversations/v3/conversations/inboxes")
//!         .header("authorization", format!("Bearer {}", simulator.token()))
//!         .body(String::new())?;
//!     Ok::<_, Box<dyn std::error::Error>>(simulator.answer(inboxes).await?.status())
//! };
//! assert_eq!(ask().await?, 200);
//! assert_eq!(ask().await?, 429);
//! tokio::time::advance(Duration::from_secs(10)).await;
//! assert_eq!(ask().await?, 200);
//! # Ok(())
//! # }
//! ```
//!
//! # What is not known
//!
//! Where HubSpot documents nothing the simulator had to choose. All its choices stand in one file
//! of the source, `choices.rs`, and are called that.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod actors;
mod answered;
mod assignees;
mod authorization;
mod body_schema;
mod call;
mod channel_accounts;
mod channels;
mod choices;
mod clock;
mod connection;
mod conversation;
mod counts;
mod custom_channels;
mod errors;
mod faults;
mod history_events;
mod ids;
mod inboxes;
mod messages;
mod oauth;
mod outbox;
mod paging;
mod properties;
mod query;
mod rate_limit;
mod receiving;
mod request_body;
mod request_stats;
mod requests;
mod routes;
mod seed;
mod sending;
mod server;
mod simulator;
mod sorting;
mod state;
mod threads;
mod visitors;
mod webhooks;

pub use axum::body::Body;
pub use counts::Counts;
pub use faults::Fault;
pub use rate_limit::RateLimit;
pub use request_stats::RequestStats;
pub use requests::RecordedRequest;
pub use simulator::{Simulator, SimulatorBuilder};
pub use webhooks::{RecordedDelivery, Subscription, WebhookEvent, WebhookUrlError};

/// The README's examples, compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
