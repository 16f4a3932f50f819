//! Spans, events and metrics of calls, under OpenTelemetry's names where there are any.
//!
//! They contain no paths, queries, headers or bodies, which hold ids, addresses and texts. The path is
//! the document's, with the names of its parameters.

#[cfg_attr(not(feature = "metrics"), path = "telemetry/no_meter.rs")]
mod meter;

use std::time::Duration;

use hubspot_conversations_api::{LeftOut, Operation, shown};
use reqwest::StatusCode;
use tracing::field::Empty;
use tracing::{Span, debug, info, info_span, warn};

use crate::Error;
use crate::base_url::BaseUrl;

/// Shorter waits for the rate limit are not worth an event.
const NOTICEABLE: Duration = Duration::from_millis(1);

/// The span of a call: all of its attempts, and the waits between them.
pub(crate) fn call(operation: &'static Operation) -> Span {
    info_span!(
        "hubspot_conversations.call",
        otel.name = operation.name,
        otel.kind = "internal",
        otel.status_code = Empty,
        hubspot.operation = operation.name,
        hubspot.attempts = Empty,
        hubspot.ambiguous = Empty,
        error.type = Empty,
    )
}

pub(crate) fn call_ended(span: &Span, attempts: u32, error: Option<&Error>) {
    span.record("hubspot.attempts", attempts);
    if let Some(error) = error {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", error_type(error));
        span.record("hubspot.ambiguous", error.is_ambiguous());
    }
}

/// The span of one attempt.
pub(crate) fn attempt(
    operation: &'static Operation,
    base_url: &BaseUrl,
    attempt: u32,
    waited: Duration,
) -> Span {
    info_span!(
        "hubspot_conversations.attempt",
        otel.name = %format_args!("{} {}", operation.method, operation.path),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = operation.method.as_str(),
        http.request.resend_count = attempt - 1,
        http.response.status_code = Empty,
        server.address = base_url.host(),
        server.port = base_url.port(),
        url.template = operation.path,
        hubspot.operation = operation.name,
        hubspot.rate_limit.wait = waited.as_secs_f64(),
        hubspot.correlation_id = Empty,
        error.type = Empty,
    )
}

/// Records status and correlation id of a response, within the attempt's span.
pub(crate) fn response(response: &reqwest::Response) {
    let span = Span::current();
    span.record("http.response.status_code", response.status().as_u16());
    let id = response.headers().get("x-hubspot-correlation-id");
    if let Some(id) = id.and_then(|id| id.to_str().ok()) {
        span.record("hubspot.correlation_id", shown::uuid(id));
    }
}

/// A left-out place: of an operation's response, or of an event of this kind.
pub(crate) fn left_out(operation: Option<&str>, event: Option<&str>, place: &LeftOut) {
    warn!(
        hubspot.operation = operation,
        hubspot.event = event,
        path = place.path(),
        expected = place.expected(),
        found = place.found(),
        "a field could not be read and is left out"
    );
}

pub(crate) fn attempt_ended(
    span: &Span,
    operation: &'static Operation,
    status: Option<StatusCode>,
    error: Option<&Error>,
    elapsed: Duration,
) {
    if let Some(error) = error {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", error_type(error));
        span.record("hubspot.correlation_id", error.shown_correlation_id());
    }
    meter::attempt(operation, status, error, elapsed);
}

pub(crate) fn waited(operation: &'static Operation, wait: Duration) {
    if wait >= NOTICEABLE {
        debug!(hubspot.operation = operation.name, ?wait, "waited for the rate limit");
    }
    meter::waited(operation, wait);
}

pub(crate) fn sending_again(operation: &'static Operation, error: &Error, wait: Duration) {
    debug!(
        hubspot.operation = operation.name,
        attempts = error.attempts(),
        error.type = error_type(error),
        hubspot.correlation_id = error.shown_correlation_id(),
        ?wait,
        "sending again"
    );
    meter::sending_again(operation, error);
}

pub(crate) fn waiting_for_budget(operation: &'static Operation) {
    info!(hubspot.operation = operation.name, "no retries left: waiting for some");
}

/// The status of a response that is not a success, else the kind of failure.
fn error_type(error: &Error) -> String {
    match error.status() {
        Some(status) => status.as_u16().to_string(),
        None => format!("{:?}", error.kind()),
    }
}
