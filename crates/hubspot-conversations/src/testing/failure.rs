//! Errors as answers would make them.

use hubspot_conversations_api::{DecodeError, OperationId};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::error::Answer;

/// The error that an answer is which is no success.
pub fn failure(
    operation: OperationId,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Error {
    let operation = operation.operation();
    let answer = Answer::new(status, headers.clone(), body.to_vec());
    Error::answer(answer, operation).with_operation(operation).after_attempts(1, false)
}

/// The error that a success is whose body is no `T`.
pub fn unreadable<T: DeserializeOwned>(operation: OperationId, body: &[u8]) -> Error {
    let error = Error::decode(DecodeError::of::<T>(body), body);
    error.with_operation(operation.operation()).after_attempts(1, false)
}
