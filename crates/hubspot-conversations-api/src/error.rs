//! Errors of the generated client.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::time::{Instant, timeout_at};

use crate::{DecodeError, ErrorBody, decode, shown};

/// Maximum length of a response body kept in an error: the first mebibyte.
const KEPT: usize = 1024 * 1024;

/// Why a call of the [`Client`](crate::Client) failed.
///
/// Neither `Display` nor `Debug` shows headers or any part of a body, which can contain a
/// customer's text.
#[non_exhaustive]
pub enum Error {
    /// The request was not sent, because it is invalid. Contains the reason.
    InvalidRequest(String),
    /// The server was not reached, or the connection broke. The URL is removed from the error: it
    /// can contain ids and cursors.
    Connection(reqwest::Error),
    /// The server returned an error status.
    Answer(Box<ErrorAnswer>),
    /// The response was a success, but its body does not match the document.
    Decode(Box<Undecodable>),
    /// The response was a success, but its body exceeds a limit.
    TooLarge(Box<TooLarge>),
    /// The response was a success without the documented record: the server executed the request
    /// and returned nothing.
    #[non_exhaustive]
    NoRecord {
        /// The status of the response.
        status: StatusCode,
        /// Whether there was no body at all, rather than `null` or an empty string.
        is_empty: bool,
        /// Whether the body certainly arrived completely. If not, it may be truncated.
        has_arrived: bool,
    },
}

/// An error response.
#[non_exhaustive]
pub struct ErrorAnswer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as received: at most the first mebibyte, and only the part that arrived if the body
    /// broke off or was too slow.
    pub text: Vec<u8>,
    /// HubSpot's description of the error, parsed from the body.
    pub body: ErrorBody,
}

/// A success whose body cannot be decoded.
#[non_exhaustive]
pub struct Undecodable {
    /// The place that does not match the document, and the type found there.
    pub error: DecodeError,
    /// Whether the body is complete JSON. If not, it may have been truncated on its way.
    pub is_complete: bool,
    /// Whether the body certainly arrived completely: to the announced length, or to its last
    /// chunk. JSON that is incomplete even so was sent incomplete.
    pub has_arrived: bool,
    /// The body as received: at most the first mebibyte.
    pub text: Vec<u8>,
}

/// A success that exceeds a limit.
#[non_exhaustive]
pub struct TooLarge {
    /// The limit.
    pub limit: Limit,
    /// The beginning of the body: at most the first mebibyte.
    pub text: Vec<u8>,
}

/// A limit on the size of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// Bytes of a body, after decompression.
    Bytes(usize),
    /// Items of a page.
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

    /// The status of an error response.
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.status)
    }

    /// The error response, if there was one.
    pub fn answer(&self) -> Option<&ErrorAnswer> {
        match self {
            Self::Answer(answer) => Some(answer),
            _ => None,
        }
    }
}

impl ErrorAnswer {
    /// Reads the part of the body that arrives in time. If the body breaks off or stalls, the
    /// status still counts.
    pub(crate) async fn read(mut response: reqwest::Response, until: Instant) -> Self {
        let mut text = Vec::new();
        let arrival = async {
            while text.len() < KEPT
                && let Ok(Some(chunk)) = response.chunk().await
            {
                text.extend_from_slice(&chunk[..chunk.len().min(KEPT - text.len())]);
            }
        };
        // A partial body suffices.
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
        Self::InvalidRequest("a header has an invalid value".to_owned())
    }
}

/// The only error of progenitor's request builders: a form that cannot be encoded.
impl From<progenitor_client::Error<()>> for Error {
    fn from(_: progenitor_client::Error<()>) -> Self {
        Self::InvalidRequest("the form cannot be encoded".to_owned())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(reason) => write!(f, "the request was not sent: {reason}"),
            Self::Connection(error) => write!(f, "the connection failed: {error}"),
            Self::Answer(answer) => write!(f, "{answer:?}"),
            Self::Decode(undecodable) => {
                write!(f, "the response does not match the document: {}", undecodable.error)
            }
            Self::TooLarge(too_large) => {
                write!(f, "the response is larger than {}", too_large.limit)
            }
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
