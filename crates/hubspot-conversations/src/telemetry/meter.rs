//! Counters and histograms, through the `metrics` facade.

use std::time::Duration;

use hubspot_conversations_api::Operation;
use metrics::{counter, histogram};
use reqwest::StatusCode;

use super::error_type;
use crate::Error;

pub(super) fn attempt(
    operation: &'static Operation,
    status: Option<StatusCode>,
    error: Option<&Error>,
    elapsed: Duration,
) {
    histogram!(
        "http.client.request.duration",
        "http.request.method" => operation.method.as_str(),
        "url.template" => operation.path,
        "hubspot.operation" => operation.name,
        "http.response.status_code" => status.map_or_else(String::new, |s| s.as_u16().to_string()),
        "error.type" => error.map_or_else(String::new, error_type),
    )
    .record(elapsed);
}

pub(super) fn waited(operation: &'static Operation, wait: Duration) {
    histogram!("hubspot.conversations.rate_limit.wait", "hubspot.operation" => operation.name)
        .record(wait);
}

pub(super) fn sending_again(operation: &'static Operation, error: &Error) {
    counter!(
        "hubspot.conversations.retries",
        "hubspot.operation" => operation.name,
        "error.type" => error_type(error),
    )
    .increment(1);
}
