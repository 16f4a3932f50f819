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
//! A [`Simulator`] serves every operation of the document, in every version of the API that has
//! it, on a port of this machine, from data that is invented from a seed: the same seed gives the
//! same data. What is written is stored and
//! read back as HubSpot would answer it. Requests are recorded ([`Simulator::requests`]), can be
//! made to fail ([`Simulator::fail_next`]), and take their time from a clock that only writes and
//! tests move ([`Simulator::advance`]).
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
//! Where HubSpot documents nothing the simulator had to choose. All its choices stand in one file
//! of the source, `choices.rs`, and are called that.

mod actors;
mod assignees;
mod authorization;
mod call;
mod channel_accounts;
mod channels;
mod choices;
mod clock;
mod conversation;
mod counts;
mod custom_channels;
mod errors;
mod events;
mod faults;
mod happened;
mod ids;
mod inboxes;
mod messages;
mod oauth;
mod paging;
mod properties;
mod query;
mod receiving;
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

pub use counts::Counts;
pub use faults::Fault;
pub use requests::RecordedRequest;
pub use simulator::{Simulator, SimulatorBuilder};
pub use webhooks::{RecordedDelivery, Subscription, WebhookEvent, WebhookUrlError};
