//! The program, run as a user runs it. One module per promise.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod advice;
mod answers;
mod arguments;
mod commands;
mod errors;
mod export;
mod help;
mod left_out;
mod network;
mod output;
mod program;
mod simulate;

use test_support::server;
