//! Reads the body of a request to its end, and checks its content type.

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use futures_util::StreamExt;

use crate::assumptions::{MAX_BODY_BYTES, MAX_DISCARDED_BYTES};
use crate::http::errors::ApiError;

/// Reads a body. The rest of one that is too large is read and dropped, so that a client that is
/// still sending can read why it is rejected.
pub(crate) async fn read(body: Body) -> Result<Bytes, ApiError> {
    let mut pieces = body.into_data_stream();
    let mut whole = Vec::new();
    let mut length = 0;
    while length <= MAX_DISCARDED_BYTES
        && let Some(piece) = pieces.next().await
    {
        let piece = piece.map_err(|_| ApiError::broken_body())?;
        length += piece.len();
        if length <= MAX_BODY_BYTES {
            whole.extend_from_slice(&piece);
        } else {
            whole = Vec::new();
        }
    }
    if length <= MAX_BODY_BYTES { Ok(whole.into()) } else { Err(ApiError::too_large()) }
}

/// Rejects a body whose content type is not JSON.
pub(crate) fn check_type(parts: &Parts, body: &[u8]) -> Result<(), ApiError> {
    let is_read = [Method::POST, Method::PUT, Method::PATCH].contains(&parts.method);
    let stated = parts.headers.get(header::CONTENT_TYPE);
    // ASSUMPTION: a body without a content type is read as JSON, and one with another type is
    // rejected with 415.
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
