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
//! on a local port. Its data is generated from a seed: the same seed results in the same data. It
//! stores what is written, and returns it as HubSpot would. It rejects requests that HubSpot's
//! document rejects, and is stricter than the client's lenient types. The times of writes come from a
//! clock that only writes and tests move ([`Simulator::advance`]).
//!
//! Requests can fail as they do at HubSpot and in networks:
//!
//! - Faults apply to single requests ([`Simulator::fail_next`]) or to random ones, which a seed
//!   selects ([`Simulator::fail_randomly`]). Each [`Fault`] defines whether the request is executed,
//!   which the client may be unable to tell.
//! - A rate limit is optional ([`SimulatorBuilder::rate_limit`]): a rolling window, with HubSpot's
//!   headers and error bodies.
//! - Requests are recorded ([`Simulator::requests`]) and counted by outcome
//!   ([`Simulator::request_stats`]), so that a test can account for every request.
//!
//! The simulator also does what HubSpot does without a request:
//!
//! - Access tokens expire. A refresh token ([`Simulator::refresh_token`]) is exchanged for new ones
//!   at `/oauth/v3/token`, until it is revoked ([`Simulator::revoke_refresh_token`]).
//! - Visitors write ([`Simulator::receive`], [`Simulator::begin_thread`]).
//! - Events are sent to webhooks on this machine, signed as HubSpot signs them
//!   ([`Simulator::subscribe`]), and resent if they are not accepted. [`Simulator::delivered`] waits
//!   for all deliveries, and [`Simulator::deliveries`] lists them.
//!
//! # Without a socket
//!
//! A simulator can also answer in process ([`SimulatorBuilder::in_process`],
//! [`Simulator::answer`]). Then it uses only tokio's clock, and a test that pauses this clock needs
//! no real time for limits, waits and requests without a response:
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
//! # Assumptions
//!
//! Where HubSpot documents no behaviour, the simulator assumes one. A program must not rely on it.
//!
#![doc = include_str!("../ASSUMPTIONS.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod assumptions;
mod http;
mod instruments;
mod resources;
mod routes;
mod seed;
mod server;
mod simulator;
mod webhooks;

pub use axum::body::Body;

pub use crate::account::counts::Counts;
pub use crate::instruments::faults::Fault;
pub use crate::instruments::rate_limit::RateLimit;
pub use crate::instruments::recorded_requests::RecordedRequest;
pub use crate::instruments::request_stats::RequestStats;
pub use crate::simulator::Simulator;
pub use crate::simulator::builder::SimulatorBuilder;
pub use crate::webhooks::recorded_deliveries::RecordedDelivery;
pub use crate::webhooks::subscription::{Subscription, WebhookEvent, WebhookUrlError};
