//! How the generated client's methods send a request and read the success it is answered with.
//!
//! The size of what is read is limited: a server, or an attacker in its place, must not be able to
//! fill the memory.

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

/// HubSpot's errors are no longer than this.
const LONGEST_ERROR: usize = 64 * 1024;

/// Sends a request that is answered with one record.
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

/// Sends a request that is answered with one record, or with a success that has no body.
#[allow(dead_code, reason = "a document need not have an operation of this kind")]
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

/// Sends a request that is answered with a page of a list.
pub(crate) async fn page<T>(
    client: &Client,
    operation: &'static str,
    request: reqwest::Request,
) -> Result<Page<T>, Error> {
    let response = send(client, operation, request).await?;
    let tells_its_end = tells_its_end(&response);
    read_page(&body(response, client.inner.max_body_size()).await?, tells_its_end)
}

/// Sends a request that is answered with a page of a list, or with a success that has no body.
#[allow(dead_code, reason = "a document need not have an operation of this kind")]
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

/// Sends a request that is answered with nothing.
///
/// What a success says beyond that makes no difference, unless it is an error after all, or the page of
/// a gateway or proxy, which answers in place of the server.
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

/// Sends a request that is answered with bytes, which the caller reads as they arrive.
#[allow(dead_code, reason = "a document need not have an operation of this kind")]
pub(crate) async fn stream(
    client: &Client,
    operation: &'static str,
    request: reqwest::Request,
) -> Result<ByteStream, Error> {
    let response = send(client, operation, request).await?;
    Ok(ByteStream::new(Box::pin(response.bytes_stream())))
}

/// The body after decompression, if it is no larger than the limit.
async fn body(mut response: reqwest::Response, limit: usize) -> Result<Bytes, Error> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Error::too_large(Limit::Bytes(limit), &[]));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        // A body that arrives at once is not copied.
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

/// Whether the end of a body is told apart from a connection that broke: its length is announced, or it
/// comes in chunks or frames. That it is read to its end then says that all of it arrived.
fn tells_its_end(response: &reqwest::Response) -> bool {
    response.content_length().is_some()
        || response.headers().contains_key(TRANSFER_ENCODING)
        || response.version() >= Version::HTTP_2
}

/// The body as one JSON value, and what had to be replaced in it.
fn json(body: &[u8]) -> Result<(Box<RawValue>, Vec<LeftOut>), DecodeError> {
    from_slice_with_left_out(body)
}

/// Whether a body is one of HubSpot's errors, although it came with a success. A record can have a
/// `status` too, and hardly all that an error has.
fn is_error(body: &[u8]) -> bool {
    let has = |name: &[u8]| body.windows(name.len()).any(|window| window == name);
    // Few bodies are read twice.
    let can_be = body.len() < LONGEST_ERROR && has(b"\"error\"") && has(b"\"category\"");
    can_be && {
        let error = ErrorBody::read(body);
        error.says_error() && error.category().is_some() && error.message().is_some()
    }
}

/// Whether a body says that there is no record: HubSpot's servers write this in several ways.
fn holds_nothing(body: &[u8]) -> bool {
    matches!(decode::text(body).trim_ascii(), "" | "null" | "\"\"")
}
