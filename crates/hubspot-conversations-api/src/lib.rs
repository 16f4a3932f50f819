//! The low-level client of HubSpot's Conversations API, generated from `openapi/conversations.json`.
//!
//! [`Client`] has a method for each operation, [`types`] the document's schemas, and
//! [`OPERATIONS`] what is known of each operation as data. Most programs want the crate
//! `hubspot-conversations`, which adds authorization, retries, streams and errors.
//!
//! Decoding is made to outlive the API:
//!
//! - a value an enum does not name is kept in its `Unrecognized`;
//! - a member a union does not name is kept in its `Unrecognized`, as JSON;
//! - a [`Page`] keeps each [`Item`] as it came and reads it when asked;
//! - a value is read for what it means: an id from a string or a number, a time from any of the forms
//!   that HubSpot sends, `null` as absence;
//! - a flaw costs the field it is in and nothing else, and [`LeftOut`] tells where it was. Only what
//!   identifies a record is required.
//!
//! What is sent is held to the document. A type that is both read and sent is two: `NewX` is what is
//! sent of `X`.
//!
//! `Debug` shows ids, times and states, never texts, names or addresses.

#![cfg_attr(docsrs, feature(doc_cfg))]

/// The README's examples, compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod bearer_token;
mod budget;
mod change;
mod collection;
mod debug;
mod decode;
mod error;
mod error_body;
mod form;
mod hook;
mod id;
mod left_out;
mod next_cursor;
mod open_enum;
mod operation;
mod page;
mod page_reader;
mod raw_text;
mod read;
mod receive;
mod received;
mod record;
mod repair;
mod required;
mod scalar;
pub mod shown;
mod strict;
mod tagged_union;
mod time;
mod unrecognized;
mod upload;
pub mod webhook;

#[allow(unreachable_pub)]
#[rustfmt::skip]
mod generated;

pub use bearer_token::{BearerToken, InvalidToken};
pub use change::Change;
pub use decode::{DecodeError, from_slice, from_slice_with_left_out, from_str};
pub use error::{Error, ErrorAnswer, Limit, TooLarge, Undecodable};
pub use error_body::{ErrorBody, ErrorDetail};
pub use form::Form;
pub use generated::client::Client;
pub use generated::operations::{OPERATIONS, OperationId, ROOTS};
pub use generated::types;
pub use hook::{ERROR_BODY_WAIT, Executing, MAX_BODY_SIZE, RequestHook};
pub use left_out::LeftOut;
pub use operation::{Credential, Operation, Root};
pub use page::{Item, Page};
pub use progenitor_client::{ByteStream, ClientInfo};
pub use received::Received;
pub use time::time_from_str;
pub use unrecognized::Unrecognized;
pub use upload::Upload;
