//! The one error type of this crate.

mod causes;
mod connection;
mod display;
mod kind;
mod outcome;
mod reasons;

use std::sync::Arc;
use std::time::Duration;

use hubspot_conversations_api::{DecodeError, ErrorAnswer, ErrorBody, Operation};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

pub use hubspot_conversations_api::ErrorDetail;
pub use kind::ErrorKind;

pub(crate) use outcome::Outcome;

use crate::limit;
use crate::retry::retry_after;

/// Why a call failed.
///
/// `Display` is one sentence. Neither it nor `Debug` shows a token, or anything of a response's
/// body but HubSpot's own identifiers; [`Error::body`] returns the body itself.
#[derive(Clone)]
pub struct Error(Box<Context>);

/// The call that failed, and the cause.
#[derive(Clone)]
struct Context {
    cause: Arc<Cause>,
    /// Of the last attempt.
    outcome: Outcome,
    operation: Option<&'static Operation>,
    /// The path as sent.
    path: Option<String>,
    attempts: u32,
    /// Whether HubSpot may have executed an attempt before the last one.
    ambiguous_before: bool,
    /// Whether it was not retried because the retry budget was empty.
    out_of_budget: bool,
}

struct Cause {
    kind: ErrorKind,
    reason: String,
    response: Option<ErrorResponse>,
    /// The body of a success that could not be used.
    unreadable: Option<Vec<u8>>,
    /// The limit that was reached, where no response says so.
    policy: Option<&'static str>,
    wait: Option<Duration>,
    /// The underlying error: one of these at most.
    http: Option<reqwest::Error>,
    decode: Option<DecodeError>,
}

/// A response that is not a success, with as much of its body as was read.
pub(crate) struct ErrorResponse {
    status: StatusCode,
    headers: HeaderMap,
    text: Vec<u8>,
    body: ErrorBody,
}

impl ErrorResponse {
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, text: Vec<u8>) -> Self {
        Self { status, headers, body: ErrorBody::read(&text), text }
    }
}

impl From<ErrorAnswer> for ErrorResponse {
    fn from(ErrorAnswer { status, headers, text, body, .. }: ErrorAnswer) -> Self {
        Self { status, headers, text, body }
    }
}

impl Cause {
    fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        let (response, unreadable, policy, wait, http, decode) = Default::default();
        Self { kind, reason, response, unreadable, policy, wait, http, decode }
    }
}

impl From<Cause> for Error {
    fn from(cause: Cause) -> Self {
        let outcome = Outcome::of(&cause);
        Self::new_context(Arc::new(cause), outcome)
    }
}

impl Error {
    fn new_context(cause: Arc<Cause>, outcome: Outcome) -> Self {
        Self(Box::new(Context {
            cause,
            outcome,
            operation: None,
            path: None,
            attempts: 0,
            ambiguous_before: false,
            out_of_budget: false,
        }))
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_path(mut self, path: Option<String>) -> Self {
        self.0.path = path;
        self
    }

    /// Adds the facts about all attempts, after the last one.
    pub(crate) fn after_attempts(mut self, attempts: u32, ambiguous_before: bool) -> Self {
        self.0.attempts = attempts;
        self.0.ambiguous_before = ambiguous_before;
        self
    }

    pub(crate) fn out_of_budget(mut self) -> Self {
        self.0.out_of_budget = true;
        self
    }

    /// The kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.cause.kind
    }

    /// The HTTP status of a response that was not a success.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.cause.response.as_ref().map(|response| response.status)
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

    /// The rate limit that was reached, such as `TEN_SECONDLY_ROLLING` or `DAILY`.
    pub fn policy_name(&self) -> Option<&str> {
        self.0.cause.policy_name()
    }

    /// HubSpot's own explanation. It can repeat what was sent, and so what a customer wrote.
    pub fn message(&self) -> Option<&str> {
        self.error_body()?.message()
    }

    /// Details of the message, by name. They can quote the request.
    pub fn context(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.error_body().into_iter().flat_map(ErrorBody::context)
    }

    /// The individual problems that HubSpot names, such as one for each wrong field.
    pub fn details(&self) -> &[ErrorDetail] {
        self.error_body().map(ErrorBody::details).unwrap_or_default()
    }

    /// The id by which HubSpot's support finds the request, from the body or the header.
    pub fn correlation_id(&self) -> Option<&str> {
        let response = self.0.cause.response.as_ref()?;
        let header = || response.headers.get("x-hubspot-correlation-id")?.to_str().ok();
        response.body.correlation_id().or_else(header)
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

    /// The path of the request, with its ids and without the query: as sent, or the document's with
    /// the names of its parameters if nothing was sent. An actor's id can be an e-mail address, so
    /// neither `Display` nor `Debug` shows it.
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
        self.0.cause.wait
    }

    /// The place in the response that does not match the document, and the type found there. Of
    /// [`ErrorKind::Decode`].
    pub fn decode_error(&self) -> Option<&DecodeError> {
        self.0.cause.decode.as_ref()
    }

    /// The body as received, of a response that was no success or could not be read. It can hold what
    /// a customer wrote. Of a very long one, the first mebibyte.
    pub fn body(&self) -> Option<&[u8]> {
        let response = self.0.cause.response.as_ref().map(|response| &response.text);
        response.or(self.0.cause.unreadable.as_ref()).map(Vec::as_slice)
    }

    /// Whether HubSpot has no such record, or it is archived.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether there were too many requests, in ten seconds or in the day.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Whether the account's daily requests are used up. It is so until midnight in the account's
    /// time zone.
    pub fn is_daily_limit(&self) -> bool {
        self.0.cause.is_daily_limit()
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

    /// Whether HubSpot says that the access token was valid once, so that another one helps.
    pub(crate) fn is_expired_token(&self) -> bool {
        self.kind() == ErrorKind::Unauthorized && self.category() == Some(reasons::EXPIRED)
    }

    /// HubSpot's counting interval, as the headers report it.
    pub(crate) fn rate_limit_interval(&self) -> Option<Duration> {
        limit::interval(&self.0.cause.response.as_ref()?.headers)
    }

    fn error_body(&self) -> Option<&ErrorBody> {
        self.0.cause.response.as_ref().map(|response| &response.body)
    }
}

impl Cause {
    fn policy_name(&self) -> Option<&str> {
        self.policy.or_else(|| self.response.as_ref()?.body.policy_name())
    }

    fn is_daily_limit(&self) -> bool {
        self.kind == ErrorKind::RateLimited && self.policy_name() == Some(reasons::DAILY)
    }
}
