//! How the methods of the generated client send a request and read the body of a success.
//!
//! The size of a body is limited, so that no server, or attacker in its place, can exhaust the
//! memory.

use bytes::Bytes;
use progenitor_client::ByteStream;
use reqwest::Version;
use reqwest::header::TRANSFER_ENCODING;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::decode::from_slice_with_left_out;
use crate::error::Limit;
use crate::hook::send;
use crate::{Client, DecodeError, Error, ErrorBody, LeftOut, Page, Received, decode, page_reader};

/// Maximum size of HubSpot's error bodies.
const LONGEST_ERROR: usize = 64 * 1024;

/// Sends a request whose response is one record.
pub(crate) async fn record<T: DeserializeOwned>(
    client: &Client,
    operation: &'static str,
    request: reqwest::Request,
) -> Result<Received<T>, Error> {
    let response = send(client, operation, request).await?;
    let status = response.status();
    let tells_its_end = tells_its_end(&response);
    let body = body(response, client.inner.max_body_size()).await?;
    let record = json(&body).and_then(|(json, others)| Ok(Received::<T>::read(json)?.with(others)));
    match record {
        Ok(_) if is_error(&body) => {
            let error = DecodeError::found("a record", "an error");
            Err(Error::unreadable(error, &body, tells_its_end))
        }
        Ok(record) => Ok(record),
        // `null` and `""` can be values of the type.
        Err(_) if holds_nothing(&body) => {
            let is_empty = decode::text(&body).trim_ascii().is_empty();
            Err(Error::NoRecord { status, is_empty, has_arrived: tells_its_end })
        }
        Err(error) => Err(Error::unreadable(error, &body, tells_its_end)),
    }
}

/// Sends a request whose response is one record, or has no body.
#[allow(dead_code, reason = "a document may lack an operation of this kind")]
pub(crate) async fn record_if_any<T: DeserializeOwned>(
    client: &Client,
    operation: &'static str,
    request: reqwest::Request,
) -> Result<Option<Received<T>>, Error> {
    match record(client, operation, request).await {
        Err(Error::NoRecord { .. }) => Ok(None),
        answer => answer.map(Some),
    }
}

/// Sends a request whose response is a page of a list.
pub(crate) async fn page<T>(
    client: &Client,
    operation: &'static str,
    request: reqwest::Request,
) -> Result<Page<T>, Error> {
    let response = send(client, operation, request).await?;
    let tells_its_end = tells_its_end(&response);
    read_page(&body(response, client.inner.max_body_size()).await?, tells_its_end)
}

/// Sends a request whose response is a page of a list, or has no body.
#[allow(dead_code, reason = "a document may lack an operation of this kind")]
pub(crate) async fn page_if_any<T>(
    client: &Client,
    operation: &'static str,
    request: reqwest::Request,
) -> Result<Option<Page<T>>, Error> {
    let response = send(client, operation, request).await?;
    let tells_its_end = tells_its_end(&response);
    let body = body(response, client.inner.max_body_size()).await?;
    if holds_nothing(&body) { Ok(None) } else { read_page(&body, tells_its_end).map(Some) }
}

fn read_page<T>(body: &[u8], tells_its_end: bool) -> Result<Page<T>, Error> {
    match from_slice_with_left_out::<Page<T>>(body) {
        Ok((mut page, others)) => {
            page.left_out.extend(others);
            Ok(page)
        }
        Err(error) if page_reader::is_too_long(&error) => {
            Err(Error::too_large(Limit::Items(page_reader::MAX_ITEMS), body))
        }
        Err(error) => Err(Error::unreadable(error, body, tells_its_end)),
    }
}

/// Sends a request whose response has no body.
///
/// Any body of a success is ignored, unless it is an error body, or HTML from a gateway or proxy
/// that responded instead of the server.
pub(crate) async fn nothing(
    client: &Client,
    operation: &'static str,
    request: reqwest::Request,
) -> Result<(), Error> {
    let response = send(client, operation, request).await?;
    let tells_its_end = tells_its_end(&response);
    let body = body(response, client.inner.max_body_size()).await?;
    let found = if body.trim_ascii_start().starts_with(b"<") {
        "HTML"
    } else if ErrorBody::read(&body).says_error() {
        "an error"
    } else {
        return Ok(());
    };
    let error = DecodeError::found("a success without a body", found);
    Err(Error::unreadable(error, &body, tells_its_end))
}

/// Sends a request whose response is bytes, which the caller reads as they arrive.
#[allow(dead_code, reason = "a document may lack an operation of this kind")]
pub(crate) async fn stream(
    client: &Client,
    operation: &'static str,
    request: reqwest::Request,
) -> Result<ByteStream, Error> {
    let response = send(client, operation, request).await?;
    Ok(ByteStream::new(Box::pin(response.bytes_stream())))
}

/// The body after decompression, or an error if it exceeds the limit.
async fn body(mut response: reqwest::Response, limit: usize) -> Result<Bytes, Error> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Error::too_large(Limit::Bytes(limit), &[]));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        // A body that arrives in one chunk is not copied.
        if announced == Some(chunk.len()) {
            return Ok(chunk);
        }
        if chunk.len() > limit - body.len() {
            return Err(Error::too_large(Limit::Bytes(limit), &body));
        }
        if body.is_empty() {
            body.reserve_exact(announced.unwrap_or_default());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

/// Whether the end of the body can be distinguished from a broken connection: its length is
/// announced, or it is sent in chunks or frames. Then a body that was read to its end arrived
/// completely.
fn tells_its_end(response: &reqwest::Response) -> bool {
    response.content_length().is_some()
        || response.headers().contains_key(TRANSFER_ENCODING)
        || response.version() >= Version::HTTP_2
}

/// The body as one JSON value, and the places at which bytes were replaced.
fn json(body: &[u8]) -> Result<(Box<RawValue>, Vec<LeftOut>), DecodeError> {
    from_slice_with_left_out(body)
}

/// Whether the body of a success is one of HubSpot's error bodies. A record can have a `status`
/// too, but not all the fields of an error.
fn is_error(body: &[u8]) -> bool {
    let has = |name: &[u8]| body.windows(name.len()).any(|window| window == name);
    // This rules out most bodies, which are then not parsed twice.
    let can_be = body.len() < LONGEST_ERROR && has(b"\"error\"") && has(b"\"category\"");
    can_be && {
        let error = ErrorBody::read(body);
        error.says_error() && error.category().is_some() && error.message().is_some()
    }
}

/// Whether a body means "no record": HubSpot's servers express this in several ways.
fn holds_nothing(body: &[u8]) -> bool {
    matches!(decode::text(body).trim_ascii(), "" | "null" | "\"\"")
}
