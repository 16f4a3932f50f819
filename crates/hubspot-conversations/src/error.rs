//! The one error type of this crate.

mod kind;
mod reasons;
mod repeating;

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hubspot_conversations_api::shown::{constant, uuid};
use hubspot_conversations_api::{
    DecodeError, ErrorAnswer, ErrorBody, Operation, TooLarge, Undecodable,
};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

pub use hubspot_conversations_api::ErrorDetail;
pub use kind::ErrorKind;

pub(crate) use repeating::changes;

use crate::transport::TransportError;
use crate::{limit, retry};

/// What an answer without a body is said to be.
const EMPTY: &str = "the answer is empty, and JSON was expected";

/// How much of a body is kept.
const MOST_OF_BODY: usize = 1024 * 1024;

/// Why a call failed.
///
/// `Display` is one sentence. Neither it nor `Debug` shows a token, or anything of a response's
/// body but HubSpot's own identifiers; the body itself is behind [`Error::body`].
#[derive(Clone)]
pub struct Error(Box<Failed>);

/// A failure, and the call that met it.
#[derive(Clone)]
struct Failed {
    failure: Arc<Failure>,
    operation: Option<&'static Operation>,
    /// The path that was asked for.
    path: Option<String>,
    attempts: u32,
    /// Whether an attempt before the last one may have been carried out.
    ambiguous_before: bool,
    /// Whether it was not sent again because too much had been.
    out_of_budget: bool,
    /// Whether it failed before anything was sent.
    not_sent: bool,
}

struct Failure {
    kind: ErrorKind,
    reason: String,
    answer: Option<Answer>,
    /// What could not be read.
    unreadable: Option<Vec<u8>>,
    /// Whether it could not be read because it is no complete JSON, and may have been cut short.
    is_cut_short: bool,
    /// Whether the answer says that the request was carried out.
    was_carried_out: bool,
    /// The limit that was met and how long to wait, where that is known without an answer.
    policy: Option<&'static str>,
    wait: Option<Duration>,
    source: Option<Source>,
}

impl Failure {
    fn new(kind: ErrorKind, reason: String) -> Self {
        Self {
            kind,
            reason,
            answer: None,
            unreadable: None,
            is_cut_short: false,
            was_carried_out: false,
            policy: None,
            wait: None,
            source: None,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::of(Arc::new(failure))
    }
}

impl Error {
    /// Nothing is known of the call yet.
    fn of(failure: Arc<Failure>) -> Self {
        Self(Box::new(Failed {
            failure,
            operation: None,
            path: None,
            attempts: 0,
            ambiguous_before: false,
            out_of_budget: false,
            not_sent: false,
        }))
    }
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
    /// How long HubSpot asks to wait.
    pub(crate) retry_after: Option<Duration>,
}

impl Answer {
    /// Of a body as far as it was read.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, text: Vec<u8>) -> Self {
        let body = ErrorBody::read(&text);
        let retry_after = retry::retry_after(&headers);
        Self { status, headers, text, body, retry_after }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl From<ErrorAnswer> for Answer {
    fn from(ErrorAnswer { status, headers, text, body, .. }: ErrorAnswer) -> Self {
        let retry_after = retry::retry_after(&headers);
        Self { status, headers, text, body, retry_after }
    }
}

impl Error {
    /// A request that is not worth sending.
    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, reason.into())
    }

    pub(crate) fn new(kind: ErrorKind, reason: String) -> Self {
        Failure::new(kind, reason).into()
    }

    /// A failure of the connection. Its address, which can hold ids and cursors, is taken out.
    pub(crate) fn http(error: reqwest::Error, base_url: &str) -> Self {
        let error = error.without_url();
        let (kind, reason) = if let Some(reason) = unusable_connection(&error) {
            (reason.0, format!("{}: {}", reason.1, innermost(&error)))
        } else if error.is_connect() {
            (ErrorKind::Connect, format!("cannot reach {base_url}: {}", innermost(&error)))
        } else if error.is_timeout() {
            (ErrorKind::Timeout, "no answer in time".to_owned())
        } else if error.is_builder() {
            (ErrorKind::InvalidRequest, innermost(&error))
        } else {
            (ErrorKind::Interrupted, format!("the connection broke: {}", innermost(&error)))
        };
        Failure { source: Some(Source::Http(error)), ..Failure::new(kind, reason) }.into()
    }

    /// A failure of a transport that is not the network.
    pub(crate) fn transport(error: &TransportError) -> Self {
        let (kind, reason) = match error {
            TransportError::Unreachable => (ErrorKind::Connect, "cannot reach the server"),
            _ => (ErrorKind::Interrupted, "the connection broke"),
        };
        Self::new(kind, reason.to_owned())
    }

    pub(crate) fn timeout(after: Duration) -> Self {
        Self::new(ErrorKind::Timeout, format!("no answer within {after:?}"))
    }

    /// There is not enough time left to wait this long.
    pub(crate) fn deadline(what: &str, wait: Duration) -> Self {
        let reason = format!("{what} would have taken {wait:.1?}, which is past the deadline");
        Failure { wait: Some(wait), ..Failure::new(ErrorKind::Deadline, reason) }.into()
    }

    /// The next turn under the rate limit is further off than is waited for without being told to.
    pub(crate) fn turn_too_far_off(wait: Duration) -> Self {
        let reason = format!(
            "the rate limit lets nothing through for {wait:.1?}, which is longer than is waited \
             without a deadline; nothing was sent"
        );
        Failure { wait: Some(wait), ..Failure::new(ErrorKind::RateLimited, reason) }.into()
    }

    /// The deadline is here.
    pub(crate) fn no_time_left(what: &str) -> Self {
        Self::new(ErrorKind::Deadline, format!("no time was left until the deadline for {what}"))
    }

    /// The day's requests are known to be used up, so that nothing was sent.
    pub(crate) fn daily_limit(reset: Option<Duration>, of_share: bool) -> Self {
        let what = if of_share { "this client's share of " } else { "" };
        let reason = format!("{what}{}; nothing was sent", reasons::daily_limit(reset));
        Failure {
            policy: Some(reasons::DAILY),
            wait: reset,
            ..Failure::new(ErrorKind::RateLimited, reason)
        }
        .into()
    }

    /// An answer that was not a success.
    pub(crate) fn answer(answer: Answer, operation: &'static Operation) -> Self {
        let (kind, reason) = match answer.status.as_u16() {
            401 => {
                (ErrorKind::Unauthorized, reasons::unauthorized(&answer.body, operation).to_owned())
            }
            403 => (ErrorKind::Forbidden, reasons::forbidden(&answer.body, operation)),
            404 => (ErrorKind::NotFound, "there is no such thing, or it is archived".to_owned()),
            407 => (ErrorKind::Proxy, "a proxy on the way wants credentials".to_owned()),
            429 => {
                (ErrorKind::RateLimited, reasons::rate_limited(&answer.body, answer.retry_after))
            }
            423 => (ErrorKind::Rejected, "HubSpot has it locked for a moment".to_owned()),
            477 => (ErrorKind::Rejected, "HubSpot is moving the account".to_owned()),
            400..=499 => (ErrorKind::Rejected, "HubSpot refused the request".to_owned()),
            500..=599 => (ErrorKind::Server, "HubSpot failed".to_owned()),
            300..=399 => (
                ErrorKind::UnexpectedStatus,
                "the server redirects, which is not followed: check the base URL".to_owned(),
            ),
            _ => (ErrorKind::UnexpectedStatus, "the server answered an unknown status".to_owned()),
        };
        Failure { answer: Some(answer), ..Failure::new(kind, reason) }.into()
    }

    /// A success without the record that was promised.
    pub(crate) fn no_record(is_empty: bool, has_arrived: bool, operation: &Operation) -> Self {
        if changes(operation) {
            let reason = "HubSpot carried it out, and returned no record of it".to_owned();
            let failure = Failure::new(ErrorKind::NoRecord, reason);
            return Failure { was_carried_out: true, ..failure }.into();
        }
        let reason = if is_empty { EMPTY } else { "the answer says that there is no record" };
        let failure = Failure::new(ErrorKind::Decode, reason.to_owned());
        // Nothing is what is left of a body that was cut short at its first byte.
        let is_cut_short = is_empty && !has_arrived;
        Failure { unreadable: Some(Vec::new()), is_cut_short, ..failure }.into()
    }

    /// That the record of a change could not be read after it, either.
    pub(crate) fn not_read_again(mut self, failure: &Self) -> Self {
        let reason =
            format!("{}; reading it failed: {}", self.0.failure.reason, failure.0.failure.reason);
        let kind = self.kind();
        self.0.failure = Arc::new(Failure { was_carried_out: true, ..Failure::new(kind, reason) });
        self
    }

    /// A success that is larger than is read.
    pub(crate) fn too_large(too_large: TooLarge, operation: &Operation) -> Self {
        let TooLarge { limit, text, .. } = too_large;
        let reason = format!("the answer is larger than {limit}, which is the most that is read");
        let failure = Failure::new(ErrorKind::TooLarge, reason);
        let was_carried_out = changes(operation);
        Failure { unreadable: Some(text), was_carried_out, ..failure }.into()
    }

    /// A success that could not be read.
    pub(crate) fn unreadable(undecodable: Undecodable, operation: &Operation) -> Self {
        let Undecodable { error, is_complete, has_arrived, text, .. } = undecodable;
        // Gateways and HubSpot itself have answered errors with a 200.
        let body = ErrorBody::read(&text);
        let is_error = body.says_error() || body.category().is_some() || body.message().is_some();
        let is_whole = is_complete || (changes(operation) && has_arrived);
        // HTML comes from another server, and says nothing of HubSpot.
        let is_of_hubspot = !is_error && first_byte(&text) != Some(b'<');
        let was_carried_out = changes(operation) && is_whole && is_of_hubspot;
        Self::undecodable(error, text, !is_whole, was_carried_out)
    }

    /// JSON that could not be read.
    pub(crate) fn decode(error: DecodeError, text: &[u8]) -> Self {
        let is_complete = serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
        let text = text[..text.len().min(MOST_OF_BODY)].to_vec();
        Self::undecodable(error, text, !is_complete, false)
    }

    fn undecodable(
        error: DecodeError,
        text: Vec<u8>,
        is_cut_short: bool,
        was_carried_out: bool,
    ) -> Self {
        let reason = match first_byte(&text) {
            None => EMPTY.to_owned(),
            Some(b'<') => {
                "the answer is HTML, and JSON was expected: check the base URL".to_owned()
            }
            Some(_) => format!("the answer is not what the API promises: {error}"),
        };
        Failure {
            source: Some(Source::Decode(error)),
            unreadable: Some(text),
            is_cut_short,
            was_carried_out,
            ..Failure::new(ErrorKind::Decode, reason)
        }
        .into()
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_path(mut self, path: Option<String>) -> Self {
        self.0.path = path;
        self
    }

    /// What is known of all attempts, when there will be no other one.
    pub(crate) fn after_attempts(mut self, attempts: u32, ambiguous_before: bool) -> Self {
        self.0.attempts = attempts;
        self.0.ambiguous_before = ambiguous_before;
        self
    }

    /// After how long it is worth another try, where that is known.
    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        if let Some(failure) = Arc::get_mut(&mut self.0.failure) {
            failure.wait = wait;
        }
        self
    }

    /// That no request was sent, for want of a token. A provider's error can come of a request of its
    /// own: what became of that says nothing about the call's.
    pub(crate) fn not_sent(self) -> Self {
        let error = Self::of(self.0.failure);
        Self(Box::new(Failed { not_sent: true, ..*error.0 }))
    }

    pub(crate) fn out_of_budget(mut self) -> Self {
        self.0.out_of_budget = true;
        self
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.failure.kind
    }

    /// The HTTP status, if there was an answer that was not a success.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.failure.answer.as_ref().map(|answer| answer.status)
    }

    /// HubSpot's kind of error, such as `VALIDATION_ERROR`. Not every error has one.
    pub fn category(&self) -> Option<&str> {
        self.error_body()?.category()
    }

    /// A closer kind of error, such as `CustomChannelsError.INVALID_CHANNEL_CAPABILITY_VALUES`. Most
    /// errors have none.
    pub fn sub_category(&self) -> Option<&str> {
        self.error_body()?.sub_category()
    }

    /// The rate limit that was met, such as `TEN_SECONDLY_ROLLING` or `DAILY`.
    pub fn policy_name(&self) -> Option<&str> {
        self.0.failure.policy.or_else(|| self.error_body()?.policy_name())
    }

    /// HubSpot's own explanation. It can repeat what was sent, and so what a customer wrote.
    pub fn message(&self) -> Option<&str> {
        self.error_body()?.message()
    }

    /// What the message is about, by name. It can repeat what was sent.
    pub fn context(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.error_body().into_iter().flat_map(ErrorBody::context)
    }

    /// The single problems that HubSpot names, such as one for each wrong field.
    pub fn details(&self) -> &[ErrorDetail] {
        self.error_body().map(ErrorBody::details).unwrap_or_default()
    }

    /// The id by which HubSpot's support finds the request, from the body or the header.
    pub fn correlation_id(&self) -> Option<&str> {
        let answer = self.0.failure.answer.as_ref()?;
        answer.body.correlation_id().or_else(|| answer.header("x-hubspot-correlation-id"))
    }

    /// The scopes the access token lacks, by name. Empty if that was not the reason.
    pub fn missing_scopes(&self) -> Vec<&str> {
        self.error_body().map(ErrorBody::missing_scopes).unwrap_or_default()
    }

    /// The operation that failed, by its operationId.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.name)
    }

    /// The method of the request.
    pub fn method(&self) -> Option<&'static Method> {
        self.0.operation.map(|operation| &operation.method)
    }

    /// The path of the request, with its ids and without the query. An actor's id can be an e-mail
    /// address, so neither `Display` nor `Debug` shows it.
    ///
    /// It is the path that was sent, where something was sent, and else the document's with the
    /// names of its parameters.
    pub fn path(&self) -> Option<&str> {
        let documented = || self.0.operation.map(|operation| operation.path);
        self.0.path.as_deref().or_else(documented)
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long to wait before the next request: as HubSpot asks, or as the rate limit is known to
    /// need.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.failure.wait.or_else(|| self.0.failure.answer.as_ref()?.retry_after)
    }

    /// Where the answer is not what the API promises, and what was found there. Of
    /// [`ErrorKind::Decode`].
    pub fn decode_error(&self) -> Option<&DecodeError> {
        match &self.0.failure.source {
            Some(Source::Decode(error)) => Some(error),
            _ => None,
        }
    }

    /// The body of the answer that was no success or could not be read, as it came. It can hold what
    /// a customer wrote. Of a very long one, the first mebibyte.
    pub fn body(&self) -> Option<&[u8]> {
        let answer = self.0.failure.answer.as_ref().map(|answer| &answer.text);
        answer.or(self.0.failure.unreadable.as_ref()).map(Vec::as_slice)
    }

    /// Whether there is no such thing, or it is archived.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether there were too many requests, of ten seconds or of the day.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Whether the requests of the account's day are used up. It is so until midnight in the
    /// account's time zone.
    pub fn is_daily_limit(&self) -> bool {
        self.is_rate_limited() && self.policy_name() == Some(reasons::DAILY)
    }

    /// Whether the credential is missing, wrong, expired or revoked.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.kind(), ErrorKind::Unauthorized | ErrorKind::InvalidGrant)
    }

    /// Whether the access token lacks a scope. [`missing_scopes`](Self::missing_scopes) names it.
    pub fn is_missing_scope(&self) -> bool {
        self.kind() == ErrorKind::Forbidden
            && self.error_body().is_some_and(ErrorBody::is_missing_scope)
    }

    /// Whether time ran out: of the attempt, or of the whole call.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Timeout | ErrorKind::Deadline)
    }

    /// Whether HubSpot answered that the access token was good once, so that another one helps.
    pub(crate) fn is_expired_token(&self) -> bool {
        self.kind() == ErrorKind::Unauthorized && self.category() == Some(reasons::EXPIRED)
    }

    /// Whether HubSpot answered that it did nothing and how long to leave it alone.
    pub(crate) fn is_paced_by_hubspot(&self) -> bool {
        self.status().is_some_and(|status| matches!(status.as_u16(), 423 | 429 | 477))
    }

    /// The correlation id, if it looks like one.
    pub(crate) fn shown_correlation_id(&self) -> Option<&str> {
        self.correlation_id().map(uuid)
    }

    /// After how long HubSpot counts requests anew, as its headers tell.
    pub(crate) fn rate_limit_interval(&self) -> Option<Duration> {
        limit::interval(&self.0.failure.answer.as_ref()?.headers)
    }

    fn error_body(&self) -> Option<&ErrorBody> {
        self.0.failure.answer.as_ref().map(|answer| &answer.body)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.failure.reason)?;
        let status = self.status().map(|status| status.as_u16().to_string());
        let correlation = self.correlation_id().map(|id| format!("correlation id {}", uuid(id)));
        let attempts = (self.attempts() > 1).then(|| format!("{} attempts", self.attempts()));
        let budget = self.0.out_of_budget.then(|| "no retries left".to_owned());
        let carried_out = match (self.was_carried_out(), self.is_ambiguous()) {
            // The reason says so.
            (true, _) if self.kind() == ErrorKind::NoRecord => None,
            (true, _) => Some("was carried out".to_owned()),
            (false, true) => Some("may have been carried out".to_owned()),
            (false, false) => None,
        };
        let notes: Vec<_> = status
            .into_iter()
            .chain(self.category().map(|category| constant(category).to_owned()))
            .chain(correlation)
            .chain(attempts)
            .chain(budget)
            .chain(carried_out)
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
            .field("correlation_id", &self.shown_correlation_id())
            .field("attempts", &self.attempts())
            .field("ambiguous", &self.is_ambiguous())
            .field("carried_out", &self.was_carried_out())
            .field("reason", &self.0.failure.reason)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.failure.source.as_ref()? {
            Source::Http(error) => Some(error),
            Source::Decode(error) => Some(error),
        }
    }
}

/// The first byte of a body that is no white space.
fn first_byte(text: &[u8]) -> Option<u8> {
    text.trim_ascii_start().first().copied()
}

/// Why a connection will not come about however often it is tried, and in which words. `None` if it
/// may, or if it broke later.
fn unusable_connection(error: &reqwest::Error) -> Option<(ErrorKind, &'static str)> {
    if !error.is_connect() {
        return None;
    }
    let mut source = error.source();
    while let Some(reason) = source {
        if reason.downcast_ref().is_some_and(is_refused_by_tls) {
            return Some((ErrorKind::Tls, "no secure connection can be made"));
        }
        // hyper does not let its type be named.
        if reason.to_string().ends_with("proxy authorization required") {
            return Some((ErrorKind::Proxy, "a proxy on the way wants credentials"));
        }
        source = reason.source();
    }
    None
}

/// Whether TLS refused what the server said. That comes as invalid data; a handshake that broke does not.
fn is_refused_by_tls(error: &std::io::Error) -> bool {
    // The connector wraps it in another one, and `source` steps over what is wrapped directly.
    let wrapped = || error.get_ref().and_then(|inner| inner.downcast_ref());
    error.kind() == std::io::ErrorKind::InvalidData || wrapped().is_some_and(is_refused_by_tls)
}

/// The deepest reason, which says most: `Connection refused`, not `error sending request`.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}
