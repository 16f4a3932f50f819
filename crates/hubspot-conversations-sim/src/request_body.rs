//! The body of a request: reading it to its end, and whether it says that it is JSON.

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use futures_util::StreamExt;

use crate::choices;
use crate::errors::ApiError;

/// Reads a body. One that is too large is read on, and forgotten, so that a client that has not
/// sent all of it yet can read why it is refused.
pub(crate) async fn read(body: Body) -> Result<Bytes, ApiError> {
    let mut pieces = body.into_data_stream();
    let mut whole = Vec::new();
    let mut length = 0;
    while length <= choices::MAX_DISCARDED_BYTES
        && let Some(piece) = pieces.next().await
    {
        let piece = piece.map_err(|_| ApiError::broken_body())?;
        length += piece.len();
        if length <= choices::MAX_BODY_BYTES {
            whole.extend_from_slice(&piece);
        } else {
            whole = Vec::new();
        }
    }
    if length <= choices::MAX_BODY_BYTES { Ok(whole.into()) } else { Err(ApiError::too_large()) }
}

/// Refuses a body that is said to be something else than JSON.
pub(crate) fn check_type(parts: &Parts, body: &[u8]) -> Result<(), ApiError> {
    let is_read = [Method::POST, Method::PUT, Method::PATCH].contains(&parts.method);
    let stated = parts.headers.get(header::CONTENT_TYPE);
    if !is_read || body.is_empty() || stated.is_none_or(is_json) {
        return Ok(());
    }
    Err(ApiError::unsupported_media_type())
}

fn is_json(content_type: &HeaderValue) -> bool {
    let content_type = content_type.to_str().unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
