//! For tests of programs that use this crate, with the feature `testing`.
//!
//! [`client`] talks to a [`Simulator`] in the same process, without a socket. Nothing then takes
//! time but tokio's clock, so a test with a paused clock sees waits of minutes pass at once, and
//! sees the same every time:
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use hubspot_conversations::testing::{self, Fault, Simulator};
//!
//! #[tokio::main(flavor = "current_thread", start_paused = true)] // in a test: #[tokio::test(start_paused = true)]
//! async fn main() -> Result<(), hubspot_conversations::Error> {
//!     let hubspot = Arc::new(Simulator::builder().threads(3).in_process());
//!     let client = testing::client(&hubspot).build()?;
//!
//!     // Two hours of maintenance, and a program that waits for them.
//!     hubspot.fail_next(None, Fault::status(477).with_header("Retry-After", "7200"));
//!     let threads = client.threads().list().deadline(Duration::from_secs(8000)).send().await?;
//!     assert_eq!(threads.results.len(), 3);
//!     Ok(())
//! }
//! ```
//!
//! [`Recorder`] keeps what a client sends to any server, and [`failure`] makes the error for a
//! given response, to test how a program handles it.

mod failure;
mod in_process;
mod recorder;

pub use hubspot_conversations_sim::{
    Body, Counts, Fault, RateLimit, RecordedDelivery, RecordedRequest, RequestStats, Simulator,
    SimulatorBuilder, Subscription, WebhookEvent, WebhookUrlError,
};

pub use failure::{failure, unreadable};
pub use in_process::{client, in_process};
pub use recorder::{Recorded, Recorder};
