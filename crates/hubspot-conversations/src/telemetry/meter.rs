//! Counters and histograms, through the `metrics` facade.

use std::time::Duration;

use hubspot_conversations_api::Operation;
use metrics::{Label, counter, histogram};
use reqwest::StatusCode;

use super::error_type;
use crate::Error;

pub(super) fn attempt(
    operation: &'static Operation,
    status: Option<StatusCode>,
    error: Option<&Error>,
    elapsed: Duration,
) {
    let mut labels = vec![
        Label::from_static_parts("hubspot.operation", operation.name),
        Label::from_static_parts("http.request.method", operation.method.as_str()),
        Label::from_static_parts("url.template", operation.path),
    ];
    if let Some(status) = status {
        labels.push(Label::new("http.response.status_code", status.as_str().to_owned()));
    }
    if let Some(error) = error {
        labels.push(Label::new("error.type", error_type(error)));
    }
    histogram!("http.client.request.duration", labels).record(elapsed);
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
