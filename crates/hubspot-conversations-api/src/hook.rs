//! Where a caller dresses each request before it is sent.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::ErrorAnswer;
use crate::{Client, Error, Operation};

/// How large a body is read, unless a hook says otherwise: 32 MiB.
pub const MAX_BODY_SIZE: usize = 32 * 1024 * 1024;

/// How long to wait for the body of an answer that is no success: its status says most.
pub const ERROR_BODY_WAIT: Duration = Duration::from_secs(5);

/// Dresses each request of a [`Client`] just before it is sent: adds authorization, headers, roots.
///
/// It neither waits nor retries. That belongs around the call, where a body that was cut short or
/// does not decode can be seen.
pub trait RequestHook: Debug + Send + Sync {
    /// Changes the request.
    ///
    /// # Errors
    ///
    /// A reason not to send the request, told to the caller as [`Error::InvalidRequest`].
    fn prepare(&self, request: &mut reqwest::Request, operation: &Operation) -> Result<(), String>;

    /// Carries a request to the server. Through the client, unless an implementation has another
    /// way, such as to a server in the same process.
    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
    ) -> Executing<'a> {
        Box::pin(client.execute(request))
    }

    /// Sees the head of each answer, before its body is read.
    fn on_response(&self, response: &reqwest::Response) {
        let _ = response;
    }

    /// How many bytes of a success are read, after decompression. A larger one is an
    /// [`Error::TooLarge`].
    fn max_body_size(&self) -> usize {
        MAX_BODY_SIZE
    }

    /// Until when to wait for the body of an answer that is no success, whose head has just arrived.
    /// Its status is told anyway, with what has arrived by then.
    fn error_body_deadline(&self) -> Instant {
        Instant::now() + ERROR_BODY_WAIT
    }
}

/// An answer that is under way.
pub type Executing<'a> =
    Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>>;

/// Sends a request once, and returns the answer if it is a success.
pub(crate) async fn send(
    client: &Client,
    operation: &'static str,
    mut request: reqwest::Request,
) -> Result<reqwest::Response, Error> {
    // progenitor sends the document's version with each request; HubSpot does not ask for it.
    request.headers_mut().remove("api-version");

    let operation = Operation::named(operation)
        .ok_or_else(|| Error::InvalidRequest("an operation the table lacks".to_owned()))?;
    if !keeps_to_path(&client.baseurl, request.url(), operation) {
        return Err(Error::InvalidRequest(
            "an id is empty, or is not an id: it would lead to another path".to_owned(),
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

/// Whether the request goes where its operation says. An id such as `..` would lead it elsewhere.
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

/// The path of an address after that of the base URL.
fn path_below<'a>(base_url: &str, url: &'a reqwest::Url) -> Option<&'a str> {
    // As a rule the base URL is written as the address begins, and need not be read.
    let below = url.as_str().strip_prefix(base_url.trim_end_matches('/'));
    match below.filter(|below| below.starts_with('/')) {
        Some(below) => below.split(['?', '#']).next(),
        None => {
            let base = reqwest::Url::parse(base_url).ok()?;
            url.path().strip_prefix(base.path().trim_end_matches('/'))
        }
    }
}
