//! The request hook: a caller's changes to each request before it is sent.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::ErrorAnswer;
use crate::{Client, Error, Operation};

/// Default of [`RequestHook::max_body_size`]: 32 MiB.
pub const MAX_BODY_SIZE: usize = 32 * 1024 * 1024;

/// How long to wait for the body of an error response: the status is more important.
pub const ERROR_BODY_WAIT: Duration = Duration::from_secs(5);

/// Prepares each request of a [`Client`] just before it is sent: adds authorization, headers and
/// path roots.
///
/// A hook neither waits nor retries. That is the task of the caller, which also sees a truncated or
/// undecodable body.
pub trait RequestHook: Debug + Send + Sync {
    /// Changes the request.
    ///
    /// # Errors
    ///
    /// A reason not to send the request. The caller receives it as [`Error::InvalidRequest`].
    fn prepare(&self, request: &mut reqwest::Request, operation: &Operation) -> Result<(), String>;

    /// Executes a request. By default the client sends it; an implementation can use another
    /// transport, such as a server in the same process.
    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
    ) -> Executing<'a> {
        Box::pin(client.execute(request))
    }

    /// Receives the status and headers of each response, before the body is read.
    fn on_response(&self, response: &reqwest::Response) {
        let _ = response;
    }

    /// Maximum size of the body of a success in bytes, after decompression. A larger one is an
    /// [`Error::TooLarge`].
    fn max_body_size(&self) -> usize {
        MAX_BODY_SIZE
    }

    /// Until when to wait for the body of an error response whose headers have just arrived. After
    /// that, the error contains the status and the part of the body received so far.
    fn error_body_deadline(&self) -> Instant {
        Instant::now() + ERROR_BODY_WAIT
    }
}

/// A request in flight.
pub type Executing<'a> =
    Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>>;

/// Sends a request once, and returns the response if it is a success.
pub(crate) async fn send(
    client: &Client,
    operation: &'static str,
    mut request: reqwest::Request,
) -> Result<reqwest::Response, Error> {
    // progenitor sends the document's version with each request; HubSpot does not require it.
    request.headers_mut().remove("api-version");

    let operation = Operation::named(operation).ok_or_else(|| {
        Error::InvalidRequest("the operation is missing from the table".to_owned())
    })?;
    if !keeps_to_path(&client.baseurl, request.url(), operation) {
        return Err(Error::InvalidRequest(
            "an id is empty or malformed: it would change the path of the request".to_owned(),
        ));
    }
    client.inner.prepare(&mut request, operation).map_err(Error::InvalidRequest)?;
    let response = client.inner.execute(&client.client, request).await?;
    client.inner.on_response(&response);
    if response.status().is_success() {
        Ok(response)
    } else {
        let until = client.inner.error_body_deadline();
        Err(Error::Answer(Box::new(ErrorAnswer::read(response, until).await)))
    }
}

/// Whether the request's path matches its operation. An id such as `..` would change the path.
fn keeps_to_path(base_url: &str, url: &reqwest::Url, operation: &Operation) -> bool {
    let Some(path) = path_below(base_url, url) else { return false };
    let mut segments = path.split('/');
    let kept = operation.path.split('/').all(|expected| {
        segments.next().is_some_and(|segment| {
            if expected.starts_with('{') { !segment.is_empty() } else { segment == expected }
        })
    });
    kept && segments.next().is_none()
}

/// The path of a URL, relative to the base URL.
fn path_below<'a>(base_url: &str, url: &'a reqwest::Url) -> Option<&'a str> {
    // Usually the URL begins with the base URL as written, and parsing is unnecessary.
    let below = url.as_str().strip_prefix(base_url.trim_end_matches('/'));
    match below.filter(|below| below.starts_with('/')) {
        Some(below) => below.split(['?', '#']).next(),
        None => {
            let base = reqwest::Url::parse(base_url).ok()?;
            url.path().strip_prefix(base.path().trim_end_matches('/'))
        }
    }
}
