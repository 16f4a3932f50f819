//! Nothing is counted without the feature `metrics`.

use std::time::Duration;

use hubspot_conversations_api::Operation;
use reqwest::StatusCode;

use crate::Error;

pub(super) fn attempt(
    _: &'static Operation,
    _: Option<StatusCode>,
    _: Option<&Error>,
    _: Duration,
) {
}
pub(super) fn waited(_: &'static Operation, _: Duration) {}
pub(super) fn sending_again(_: &'static Operation, _: &Error) {}
