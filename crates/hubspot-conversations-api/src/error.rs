//! Why a call of the generated client failed.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::time::{Instant, timeout_at};

use crate::{DecodeError, ErrorBody, decode, shown};

/// How much of the body of an answer is kept for an error: the first mebibyte.
const KEPT: usize = 1024 * 1024;

/// Why a call of the [`Client`](crate::Client) failed.
///
/// Neither `Display` nor `Debug` shows a header or anything of a body, which can hold what a customer
/// wrote.
#[non_exhaustive]
pub enum Error {
    /// The request was not sent, because it could not have succeeded. Says why.
    InvalidRequest(String),
    /// The server was not reached, or the connection broke. The address is taken out of the error: it
    /// can hold ids and cursors.
    Connection(reqwest::Error),
    /// The server answered that it failed or refused.
    Answer(Box<ErrorAnswer>),
    /// The answer was a success, and its body is not what the document promises.
    Decode(Box<Undecodable>),
    /// The answer was a success, and its body is larger than is read.
    TooLarge(Box<TooLarge>),
    /// The answer was a success without the record that the document promises: the server did what it
    /// was asked to, and returned nothing.
    #[non_exhaustive]
    NoRecord {
        /// The status of the answer.
        status: StatusCode,
        /// Whether there was no body at all, and not `null` or an empty string.
        is_empty: bool,
        /// Whether certainly nothing more was sent. Else a body may have been cut short.
        has_arrived: bool,
    },
}

/// An answer that is no success.
#[non_exhaustive]
pub struct ErrorAnswer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as received. Of a very long one, the first mebibyte; of one that broke off or did not
    /// arrive in time, what did.
    pub text: Vec<u8>,
    /// What HubSpot says of the error.
    pub body: ErrorBody,
}

/// A success that cannot be read.
#[non_exhaustive]
pub struct Undecodable {
    /// Where it is not what the document promises, and what was found there.
    pub error: DecodeError,
    /// Whether the body is complete JSON. One that is not may have been cut short on its way.
    pub is_complete: bool,
    /// Whether all of the body certainly arrived: as much as was announced, or up to its last chunk.
    /// What is no complete JSON then was sent so.
    pub has_arrived: bool,
    /// The body as received. Of a very long one, the first mebibyte.
    pub text: Vec<u8>,
}

/// A success that holds more than is read.
#[non_exhaustive]
pub struct TooLarge {
    /// How much is read.
    pub limit: Limit,
    /// The beginning of the body: the first mebibyte at most.
    pub text: Vec<u8>,
}

/// A limit on what is read of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// The bytes of a body, after decompression.
    Bytes(usize),
    /// The items of a page.
    Items(usize),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) if bytes % (1024 * 1024) == 0 => {
                write!(f, "{} MiB", bytes / (1024 * 1024))
            }
            Self::Bytes(bytes) => write!(f, "{bytes} bytes"),
            Self::Items(items) => write!(f, "{items} items"),
        }
    }
}

impl Error {
    pub(crate) fn unreadable(error: DecodeError, body: &[u8], has_arrived: bool) -> Self {
        let is_complete = decode::is_json(body);
        let text = beginning(body);
        Self::Decode(Box::new(Undecodable { error, is_complete, has_arrived, text }))
    }

    pub(crate) fn too_large(limit: Limit, body: &[u8]) -> Self {
        Self::TooLarge(Box::new(TooLarge { limit, text: beginning(body) }))
    }

    /// The status of an answer that was no success.
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.status)
    }

    /// The answer, if there was one that was no success.
    pub fn answer(&self) -> Option<&ErrorAnswer> {
        match self {
            Self::Answer(answer) => Some(answer),
            _ => None,
        }
    }
}

impl ErrorAnswer {
    /// Reads the body, as far as it arrives in time: one that breaks off or stalls costs its
    /// explanation, not the status.
    pub(crate) async fn read(mut response: reqwest::Response, until: Instant) -> Self {
        let mut text = Vec::new();
        let arrival = async {
            while text.len() < KEPT
                && let Ok(Some(chunk)) = response.chunk().await
            {
                text.extend_from_slice(&chunk[..chunk.len().min(KEPT - text.len())]);
            }
        };
        // What has arrived by then is enough.
        let _ = timeout_at(until, arrival).await;
        let body = ErrorBody::read(&text);
        Self { status: response.status(), headers: response.headers().clone(), text, body }
    }
}

fn beginning(body: &[u8]) -> Vec<u8> {
    body[..body.len().min(KEPT)].to_vec()
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Connection(error.without_url())
    }
}

impl From<reqwest::header::InvalidHeaderValue> for Error {
    fn from(_: reqwest::header::InvalidHeaderValue) -> Self {
        Self::InvalidRequest("a header has a value that cannot be sent".to_owned())
    }
}

/// What progenitor's request builders fail with: a form that cannot be written.
impl From<progenitor_client::Error<()>> for Error {
    fn from(_: progenitor_client::Error<()>) -> Self {
        Self::InvalidRequest("the form cannot be written".to_owned())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(reason) => write!(f, "the request was not sent: {reason}"),
            Self::Connection(error) => write!(f, "the connection failed: {error}"),
            Self::Answer(answer) => write!(f, "{answer:?}"),
            Self::Decode(undecodable) => {
                write!(f, "the answer is not what the document promises: {}", undecodable.error)
            }
            Self::TooLarge(too_large) => write!(f, "the answer is larger than {}", too_large.limit),
            Self::NoRecord { status, .. } => {
                write!(f, "the server answered {} and returned no record", status.as_u16())
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connection(error) => Some(error),
            Self::Decode(undecodable) => Some(&undecodable.error),
            _ => None,
        }
    }
}

impl fmt::Debug for ErrorAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server answered {}", self.status.as_u16())?;
        let category = self.body.category().map(|category| shown::constant(category).to_owned());
        let correlation = self.body.correlation_id().map(shown::uuid);
        let correlation = correlation.map(|id| format!("correlation id {id}"));
        let known: Vec<String> = category.into_iter().chain(correlation).collect();
        if known.is_empty() { Ok(()) } else { write!(f, " ({})", known.join(", ")) }
    }
}

impl fmt::Debug for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Undecodable").field("error", &self.error).finish_non_exhaustive()
    }
}

impl fmt::Debug for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TooLarge").field("limit", &self.limit).finish_non_exhaustive()
    }
}
