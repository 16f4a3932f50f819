//! Errors built from responses.

use hubspot_conversations_api::{DecodeError, OperationId};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::error::ErrorResponse;

/// The [`Error`] this crate returns for a non-success response.
pub fn failure(
    operation: OperationId,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Error {
    let operation = operation.operation();
    let response = ErrorResponse::new(status, headers.clone(), body.to_vec());
    Error::response(response, operation).with_operation(operation).after_attempts(1, false)
}

/// The [`Error`] this crate returns for a success whose body cannot be read as a `T`.
pub fn unreadable<T: DeserializeOwned>(operation: OperationId, body: &[u8]) -> Error {
    let error = Error::decode(DecodeError::of::<T>(body), body);
    error.with_operation(operation.operation()).after_attempts(1, false)
}
