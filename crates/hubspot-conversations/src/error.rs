//! The one error type of this crate.

mod body;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hubspot_conversations_api::{DecodeError, Operation};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

pub(crate) use body::ErrorBody;

/// Why a call failed.
///
/// `Display` is one sentence. Neither it nor `Debug` shows a token, or anything of a response's
/// body but HubSpot's own identifiers; the body itself is behind [`Error::body`].
#[derive(Clone)]
pub struct Error(Arc<Failure>);

struct Failure {
    kind: ErrorKind,
    reason: String,
    operation: Option<&'static Operation>,
    answer: Option<Answer>,
    /// What could not be read.
    unreadable: Option<Vec<u8>>,
    attempts: u32,
    source: Option<Source>,
}

/// What failed underneath, where it is safe to show.
#[derive(Debug)]
enum Source {
    Http(reqwest::Error),
    Decode(DecodeError),
}

/// An answer that was not a success, or could not be read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: Vec<u8>,
    pub(crate) body: ErrorBody,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request was not sent, because it could not have succeeded.
    InvalidRequest,
    /// The server could not be reached. Nothing was sent.
    Connect,
    /// No answer within the time allowed. Whether the request was carried out is not known.
    Timeout,
    /// The connection broke. Whether the request was carried out is not known.
    Interrupted,
    /// 401: the access token is missing, wrong or expired.
    Unauthorized,
    /// OAuth: the refresh token is no longer taken. The app must be connected to the account anew.
    InvalidGrant,
    /// 403: the access token lacks a scope, or the account a feature.
    Forbidden,
    /// 404: there is no such thing, or it is archived.
    NotFound,
    /// 429: too many requests.
    RateLimited,
    /// Any other 4xx: HubSpot refused the request.
    Rejected,
    /// 5xx: HubSpot failed. Whether the request was carried out is not known.
    Server,
    /// Another status that is no success, such as a redirect, which is never followed.
    UnexpectedStatus,
    /// The answer is not what the API promises.
    Decode,
    /// A list repeated a cursor, and would have gone on for ever.
    RepeatedCursor,
}

impl Error {
    /// A request that is not worth sending.
    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, reason.into())
    }

    pub(crate) fn new(kind: ErrorKind, reason: String) -> Self {
        Self(Arc::new(Failure {
            kind,
            reason,
            operation: None,
            answer: None,
            unreadable: None,
            attempts: 0,
            source: None,
        }))
    }

    /// A failure of the connection. Its address, which can hold ids and cursors, is taken out.
    pub(crate) fn http(error: reqwest::Error, base_url: &str) -> Self {
        let error = error.without_url();
        let (kind, reason) = if error.is_connect() {
            (ErrorKind::Connect, format!("cannot reach {base_url}: {}", innermost(&error)))
        } else if error.is_timeout() {
            (ErrorKind::Timeout, "no answer in time".to_owned())
        } else if error.is_builder() {
            (ErrorKind::InvalidRequest, innermost(&error))
        } else {
            (ErrorKind::Interrupted, format!("the connection broke: {}", innermost(&error)))
        };
        Self::new(kind, reason).with(|failure| failure.source = Some(Source::Http(error)))
    }

    pub(crate) fn timeout(after: Duration) -> Self {
        Self::new(ErrorKind::Timeout, format!("no answer within {after:?}"))
    }

    /// An answer that was not a success.
    pub(crate) fn answer(answer: Answer, operation: &'static Operation) -> Self {
        let (kind, reason) = match answer.status.as_u16() {
            401 => (
                ErrorKind::Unauthorized,
                "the access token is missing, wrong or expired".to_owned(),
            ),
            403 => (ErrorKind::Forbidden, answer.body.forbidden(operation)),
            404 => (ErrorKind::NotFound, "there is no such thing, or it is archived".to_owned()),
            429 => (ErrorKind::RateLimited, answer.body.rate_limited()),
            400..=499 => (ErrorKind::Rejected, "HubSpot refused the request".to_owned()),
            500..=599 => (ErrorKind::Server, "HubSpot failed".to_owned()),
            300..=399 => (
                ErrorKind::UnexpectedStatus,
                "the server redirects, which is not followed: check the base URL".to_owned(),
            ),
            _ => (ErrorKind::UnexpectedStatus, "the server answered an unknown status".to_owned()),
        };
        Self::new(kind, reason).with(|failure| failure.answer = Some(answer))
    }

    /// An answer that could not be read.
    pub(crate) fn decode(error: DecodeError, text: &[u8]) -> Self {
        let start = text.iter().find(|byte| !byte.is_ascii_whitespace());
        let reason = match start {
            None => "the answer is empty, and JSON was expected".to_owned(),
            Some(b'<') => {
                "the answer is HTML, and JSON was expected: check the base URL".to_owned()
            }
            Some(_) => format!("the answer is not what the API promises: {error}"),
        };
        Self::new(ErrorKind::Decode, reason).with(|failure| {
            failure.source = Some(Source::Decode(error));
            failure.unreadable = Some(text.to_vec());
        })
    }

    pub(crate) fn with_operation(self, operation: &'static Operation) -> Self {
        self.with(|failure| failure.operation = Some(operation))
    }

    pub(crate) fn with_attempts(self, attempts: u32) -> Self {
        self.with(|failure| failure.attempts = attempts)
    }

    /// Fills in a failure that nobody else holds yet.
    fn with(mut self, fill: impl FnOnce(&mut Failure)) -> Self {
        if let Some(failure) = Arc::get_mut(&mut self.0) {
            fill(failure);
        }
        self
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, if there was an answer that was not a success.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// HubSpot's kind of error, such as `VALIDATION_ERROR`. Not every error has one.
    pub fn category(&self) -> Option<&str> {
        self.error_body()?.category.as_deref()
    }

    /// The rate limit that was met, such as `TEN_SECONDLY_ROLLING` or `DAILY`.
    pub fn policy_name(&self) -> Option<&str> {
        self.error_body()?.policy_name.as_deref()
    }

    /// HubSpot's own explanation. It can repeat what was sent, and so what a customer wrote.
    pub fn message(&self) -> Option<&str> {
        self.error_body()?.message.as_deref()
    }

    /// The single problems that HubSpot names. They can repeat what was sent.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.error_body().into_iter().flat_map(ErrorBody::problems)
    }

    /// The id by which HubSpot's support finds the request, from the body or the header.
    pub fn correlation_id(&self) -> Option<&str> {
        let answer = self.0.answer.as_ref()?;
        answer.body.correlation_id.as_deref().or_else(|| {
            answer.headers.get("x-hubspot-correlation-id").and_then(|value| value.to_str().ok())
        })
    }

    /// The scopes the access token lacks, by name. Empty if that was not the reason.
    pub fn missing_scopes(&self) -> Vec<&str> {
        self.error_body().map(ErrorBody::missing_scopes).unwrap_or_default()
    }

    /// The operation that failed, by its operationId.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.name)
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long HubSpot asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        let headers = &self.0.answer.as_ref()?.headers;
        let seconds: f64 = headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    }

    /// The body of the answer that was no success or could not be read, as it came. It can hold what
    /// a customer wrote.
    pub fn body(&self) -> Option<&[u8]> {
        let answer = self.0.answer.as_ref().map(|answer| &answer.text);
        answer.or(self.0.unreadable.as_ref()).map(Vec::as_slice)
    }

    pub(crate) fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|answer| &answer.headers)
    }

    fn error_body(&self) -> Option<&ErrorBody> {
        self.0.answer.as_ref().map(|answer| &answer.body)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.reason)?;
        let status = self.status().map(|status| status.as_u16().to_string());
        let correlation = self.correlation_id().map(|id| format!("correlation id {}", uuid(id)));
        let attempts = (self.attempts() > 1).then(|| format!("{} attempts", self.attempts()));
        let notes: Vec<_> = status
            .into_iter()
            .chain(self.category().map(|category| constant(category).to_owned()))
            .chain(correlation)
            .chain(attempts)
            .collect();
        if notes.is_empty() { Ok(()) } else { write!(f, " ({})", notes.join(", ")) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("operation", &self.operation())
            .field("status", &self.status())
            .field("attempts", &self.attempts())
            .field("reason", &self.0.reason)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.source.as_ref()? {
            Source::Http(error) => Some(error),
            Source::Decode(error) => Some(error),
        }
    }
}

/// The deepest reason, which says most: `Connection refused`, not `error sending request`.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// A word of HubSpot's, or nothing of it if it does not look like one: a body can say anything.
fn word(text: &str, is_allowed: impl Fn(u8) -> bool) -> &str {
    if text.len() <= 64 && text.bytes().all(is_allowed) { text } else { "…" }
}

/// A category or the name of a limit, such as `VALIDATION_ERROR`.
fn constant(text: &str) -> &str {
    word(text, |byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// A scope, such as `conversations.read`.
fn scope(text: &str) -> &str {
    word(text, |byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_' | b'-'))
}

/// A correlation id, which is a UUID.
fn uuid(text: &str) -> &str {
    word(text, |byte| byte.is_ascii_hexdigit() || byte == b'-')
}
