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
mod connection;
mod conversation;
mod counts;
mod custom_channels;
mod errors;
mod events;
mod faults;
mod ids;
mod inboxes;
mod messages;
mod paging;
mod properties;
mod query;
mod rate_limit;
mod requests;
mod routes;
mod seed;
mod sending;
mod server;
mod simulator;
mod sorting;
mod state;
mod threads;
mod traffic;
mod visitors;

pub use axum::body::Body;
pub use counts::Counts;
pub use faults::Fault;
pub use rate_limit::RateLimit;
pub use requests::RecordedRequest;
pub use simulator::{Simulator, SimulatorBuilder};
pub use traffic::Traffic;
