#![doc = include_str!("../README.md")]
//!
//! # Errors and output
//!
//! The functions read the files they are told to, and print nothing: `cargo xtask` prints. Errors are sentences for
//! a person, so they are [`anyhow::Error`]s.

pub mod diff;
mod document;
pub mod generate;
mod graph;
pub mod import;
pub mod layout;
pub mod lint;
pub mod normalize;
#[cfg(test)]
mod own;
mod reading;
mod surface;

pub use document::Document;

/// Receives a line for a person: an oddity of a document, or what was done.
pub type Notes<'a> = dyn FnMut(&str) + 'a;
