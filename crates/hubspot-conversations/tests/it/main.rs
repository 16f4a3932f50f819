//! What the client promises. Each module checks one promise; a test that needs a process of its own is a
//! program beside this one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod actors;
mod awkward_answers;
mod concurrent_lists;
mod errors;
#[rustfmt::skip]
mod every_request;
mod example;
mod examples;
mod find_sent;
mod holding;
mod in_flight;
mod no_double_send;
mod oauth;
mod oauth_client;
mod pages_ahead;
mod pagination;
mod paging_flaws;
mod rate_limits;
mod readme;
mod refusals;
mod relay;
mod reply;
mod request_layer;
mod requests;
mod responses;
mod resume;
mod under_load;
mod unfinished_refusals;
mod webhook_axum;
mod webhook_deduplication;
mod webhook_signatures;

use test_support::server;
