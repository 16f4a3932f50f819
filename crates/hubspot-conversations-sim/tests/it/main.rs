//! The simulator behaves as HubSpot does. Each module checks one promise.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod actors;
mod caller;
mod conformance;
mod custom_channels;
mod determinism;
mod errors;
mod faults;
mod in_process;
mod lists;
mod messages;
mod oauth;
mod rate_limits;
mod receiving;
mod threads;
mod versions;
mod webhooks;
