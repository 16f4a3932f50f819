//! HubSpot's error responses.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Serialize;

use crate::account::not_found::NotFound;
use crate::assumptions;
use crate::instruments::rate_limit::Policy;

/// The response to a request that is rejected.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    body: Box<ErrorBody>,
}

/// HubSpot's error body. HubSpot asks clients to treat every field as optional.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody {
    status: &'static str,
    message: String,
    correlation_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_category: Option<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    context: BTreeMap<&'static str, Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Problem>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    links: BTreeMap<&'static str, &'static str>,
}

/// One entry of `errors`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Problem {
    message: String,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    context: BTreeMap<&'static str, Vec<String>>,
}

impl Problem {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// A problem with one parameter or field.
    pub(crate) fn within(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(message) }
    }
}

impl ApiError {
    fn new(status: StatusCode, category: &'static str, message: impl Into<String>) -> Self {
        let body = ErrorBody {
            status: "error",
            message: message.into(),
            correlation_id: String::new(),
            category: Some(category),
            error_type: None,
            policy_name: None,
            sub_category: None,
            context: BTreeMap::new(),
            errors: Vec::new(),
            links: BTreeMap::new(),
        };
        Self { status, body: Box::new(body) }
    }

    /// The token is missing, or is not one that the simulator accepts.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "INVALID_AUTHENTICATION",
            "Authentication credentials not found. Send an access token as a bearer token.",
        )
    }

    /// The access token has expired.
    pub(crate) fn expired() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "EXPIRED_AUTHENTICATION",
            "The access token has expired. Exchange the refresh token for another one.",
        )
    }

    /// The developer key is missing or unknown, or is used for another app.
    pub(crate) fn without_developer_key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "INVALID_AUTHENTICATION",
            "Authentication credentials not found. Send the developer key as hapikey, and the \
             app's id as appId.",
        )
    }

    /// The token lacks a scope that the operation needs.
    pub(crate) fn missing_scopes(required: &[&[&str]]) -> Self {
        let mut error = Self::new(
            StatusCode::FORBIDDEN,
            "MISSING_SCOPES",
            "This app hasn't been granted all required scopes to make this call.",
        );
        let scopes = required.iter().copied().flatten().map(|&scope| scope.to_owned()).collect();
        error.body.errors = vec![Problem {
            message: "One or more of the following scopes are required.".to_owned(),
            field: None,
            context: BTreeMap::from([("requiredGranularScopes", scopes)]),
        }];
        error.body.links = BTreeMap::from([("scopes", "https://developers.hubspot.com/scopes")]);
        error
    }

    /// The record does not exist, or is archived and was not requested as such.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "OBJECT_NOT_FOUND", assumptions::NOT_FOUND_MESSAGE)
    }

    /// The path exists, but not with this method.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "method not allowed")
    }

    /// The document has the operation, and the simulator does not.
    pub(crate) fn not_simulated() -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", "not simulated")
    }

    /// The content type of the body is not JSON.
    pub(crate) fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            assumptions::WRONG_TYPE_MESSAGE,
        )
    }

    /// The body is truncated, or its chunks are malformed.
    pub(crate) fn broken_body() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", assumptions::BROKEN_BODY_MESSAGE)
    }

    /// The body exceeds the size that the simulator accepts.
    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "VALIDATION_ERROR", "request body too large")
    }

    /// One parameter or field is invalid.
    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::problems(assumptions::INVALID_MESSAGE, vec![Problem::within(field, message)])
    }

    /// The body is not JSON of the expected type.
    pub(crate) fn invalid_json(message: impl Into<String>) -> Self {
        Self::problems(assumptions::INVALID_JSON_MESSAGE, vec![Problem::new(message)])
    }

    /// One or more problems, all of them reported.
    pub(crate) fn problems(message: &str, problems: Vec<Problem>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message);
        error.body.errors = problems;
        error
    }

    /// Some capabilities of a custom channel are invalid.
    pub(crate) fn invalid_capabilities(keys_and_values: Vec<String>) -> Self {
        let message = format!(
            "One or more Channel Capabilities specified had invalid values: {}",
            keys_and_values.join(", ")
        );
        let mut error = Self::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message);
        error.body.sub_category = Some("CustomChannelsError.INVALID_CHANNEL_CAPABILITY_VALUES");
        error.body.context = BTreeMap::from([("capabilityKeysAndValues", keys_and_values)]);
        error
    }

    /// The request exceeds a rate limit. A body that names the policy has no category.
    pub(crate) fn rate_limited(policy: Option<Policy>) -> Self {
        let mut error = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "RATE_LIMITS",
            assumptions::RATE_LIMITED_MESSAGE,
        );
        let (name, message) = match policy {
            None => return error,
            Some(Policy::TenSecondlyRolling) => {
                ("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.")
            }
            Some(Policy::Daily) => ("DAILY", "You have reached your daily limit."),
        };
        error.body.message = message.to_owned();
        error.body.category = None;
        error.body.error_type = Some("RATE_LIMIT");
        error.body.policy_name = Some(name);
        error
    }

    /// The body, with the id by which HubSpot's support finds the request.
    pub(crate) fn body(mut self, correlation_id: &str) -> Vec<u8> {
        correlation_id.clone_into(&mut self.body.correlation_id);
        serde_json::to_vec(&self.body).unwrap_or_default()
    }
}

impl From<NotFound> for ApiError {
    fn from(_: NotFound) -> Self {
        Self::not_found()
    }
}
