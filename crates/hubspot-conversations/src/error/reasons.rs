//! What HubSpot's error bodies say, in our own words.

use std::time::Duration;

use hubspot_conversations_api::{Credential, ErrorBody, Operation, shown};
use reqwest::StatusCode;

use super::ErrorKind;

/// The policy name of the limit of a day.
pub(super) const DAILY: &str = "DAILY";

/// The category of an access token that was good once.
pub(super) const EXPIRED: &str = "EXPIRED_AUTHENTICATION";

pub(super) const PROXY: &str = "a proxy on the way wants credentials";

/// The kind and the reason of a response that is not a success.
pub(super) fn of_response(
    status: StatusCode,
    body: &ErrorBody,
    retry_after: Option<Duration>,
    operation: &Operation,
) -> (ErrorKind, String) {
    let (kind, reason) = match status.as_u16() {
        401 => (ErrorKind::Unauthorized, unauthorized(body, operation)),
        403 => return (ErrorKind::Forbidden, forbidden(body, operation)),
        404 => (ErrorKind::NotFound, "there is no such thing, or it is archived"),
        407 => (ErrorKind::Proxy, PROXY),
        423 => (ErrorKind::Rejected, "HubSpot has it locked for a moment"),
        429 => return (ErrorKind::RateLimited, rate_limited(body, retry_after)),
        477 => (ErrorKind::Rejected, "HubSpot is moving the account"),
        400..=499 => (ErrorKind::Rejected, "HubSpot refused the request"),
        500..=599 => (ErrorKind::Server, "HubSpot failed"),
        300..=399 => (
            ErrorKind::UnexpectedStatus,
            "the server redirects, which is not followed: check the base URL",
        ),
        _ => (ErrorKind::UnexpectedStatus, "the server answered an unknown status"),
    };
    (kind, reason.to_owned())
}

/// Why the credential is not accepted.
fn unauthorized(body: &ErrorBody, operation: &Operation) -> &'static str {
    match operation.credential {
        Credential::DeveloperKey => "the developer key is wrong, or not for this app",
        _ if body.category() == Some(EXPIRED) => "the access token has expired",
        _ => "the access token is missing, wrong or expired",
    }
}

/// Why it is forbidden: the missing scopes by name, else those the operation needs.
fn forbidden(body: &ErrorBody, operation: &Operation) -> String {
    if !body.is_object() {
        return "a gateway, proxy or firewall on the way forbids it: the answer is not HubSpot's"
            .to_owned();
    }
    let missing = body.missing_scopes();
    if !missing.is_empty() {
        let missing: Vec<_> = missing.into_iter().map(shown::scope).collect();
        return format!("the access token lacks the scope {}", missing.join(", "));
    }
    let needed = operation.scopes_in_words();
    if operation.credential == Credential::DeveloperKey {
        "the developer key may not do this, or the account lacks the feature".to_owned()
    } else if body.is_missing_scope() {
        format!("the access token lacks a scope: this needs {needed}")
    } else {
        format!(
            "the access token may not do this: it needs the scope {needed}, and the account the feature"
        )
    }
}

/// Which limit was met.
fn rate_limited(body: &ErrorBody, retry_after: Option<Duration>) -> String {
    match body.policy_name() {
        Some(DAILY) => daily_limit(retry_after),
        Some(policy) => {
            format!("too many requests at a time, by the limit {}", shown::constant(policy))
        }
        None => "too many requests at a time".to_owned(),
    }
}

/// That the requests of the day are used up, and until when.
pub(super) fn daily_limit(reset: Option<Duration>) -> String {
    let until = match reset.map(|reset| reset.as_secs().div_ceil(60)) {
        None => "HubSpot counts anew at midnight in the account's time zone".to_owned(),
        Some(minutes @ ..100) => format!("HubSpot counts anew in {minutes} minutes"),
        Some(minutes) => format!("HubSpot counts anew in {} hours", minutes.div_ceil(60)),
    };
    format!("the account's requests of the day are used up; {until}")
}
