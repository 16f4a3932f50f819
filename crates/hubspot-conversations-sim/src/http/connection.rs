//! Connections that break or stall, over a socket and in process.

use std::future;
use std::io::{Error, ErrorKind};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, Uri, header, uri};
use axum::response::Response;
use futures_util::stream;

/// Marks a placeholder for a response that is not sent.
#[derive(Clone, Copy)]
struct Broken(ErrorKind);

/// How a body ends early.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    /// The connection closes.
    Cut,
    /// The connection stays open and nothing follows.
    Stall,
}

/// A placeholder for the response on a connection that breaks first.
pub(crate) fn broken(kind: ErrorKind) -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Broken(kind));
    response
}

/// The response or the broken connection, as a caller in the same process receives it.
pub(crate) fn in_process(response: Response) -> Result<Response, Error> {
    match response.extensions().get::<Broken>() {
        Some(Broken(kind)) => Err(Error::new(*kind, "the connection is broken on demand")),
        None => Ok(response),
    }
}

/// The response, as it is written to a socket. If the connection breaks, this ends the task that
/// serves it; unlike a panic, it prints nothing.
pub(crate) async fn over_socket(response: Response) -> Response {
    match in_process(response) {
        Ok(response) => response,
        Err(error) => std::panic::resume_unwind(Box::new(error)),
    }
}

/// Refuses a request to another origin than the simulator's, as the network does if no server
/// listens there. A request without an origin is for the simulator.
pub(crate) fn reaches<B>(base_url: &str, request: &Request<B>) -> Result<(), Error> {
    let is_same = |uri: &Uri| {
        let base = Uri::try_from(base_url).ok();
        base.is_some_and(|base| origin(&base) == origin(uri))
    };
    let uri = request.uri();
    if uri.authority().is_none() || is_same(uri) {
        return Ok(());
    }
    let message = format!("no server listens there; the simulator is at {base_url}");
    Err(Error::new(ErrorKind::ConnectionRefused, message))
}

fn origin(uri: &Uri) -> (Option<&uri::Scheme>, Option<&str>, Option<u16>) {
    (uri.scheme(), uri.host(), uri.port_u16())
}

/// The response with a body that ends after `length` bytes, although the headers promise more.
pub(crate) async fn ending(response: Response, length: usize, ending: Ending) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let begin = whole.slice(..length.min(whole.len()));
    let pieces = stream::unfold(Some(begin), move |begin| async move {
        match begin {
            Some(begin) => Some((Ok(begin), None)),
            None => Some((Err(end(ending).await), None)),
        }
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

async fn end(ending: Ending) -> Error {
    match ending {
        Ending::Cut => {
            // The bytes so far are sent before the connection breaks.
            tokio::task::yield_now().await;
            Error::new(ErrorKind::ConnectionReset, "the body is cut on demand")
        }
        Ending::Stall => future::pending().await,
    }
}
