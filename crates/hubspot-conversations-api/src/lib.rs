//! The low-level client of HubSpot's Conversations API, generated from `openapi/conversations.json`.
//!
//! [`Client`] has a method for each operation, [`types`] the document's schemas, and [`OPERATIONS`]
//! is a table of the operations. Most programs want the crate `hubspot-conversations`, which adds
//! authorization, retries, streams and errors.
//!
//! Decoding tolerates additions to the API and malformed values:
//!
//! - an unknown value of an enum is kept in its `Unrecognized`;
//! - an unknown member of a union is kept in its `Unrecognized`, as JSON;
//! - a [`Page`] keeps each [`Item`] as received and decodes it on demand;
//! - values are converted: an id from a string or a number, a time from any of the forms that
//!   HubSpot sends, `null` to absence;
//! - a malformed value affects only its own field, and [`LeftOut`] reports its place. Only the
//!   fields that identify a record are required.
//!
//! Sent values follow the document strictly. If a schema is both read and sent, it has two types:
//! `NewX` is the sent form of `X`.
//!
//! `Debug` shows ids, times and enum values, never texts, names or addresses.

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
