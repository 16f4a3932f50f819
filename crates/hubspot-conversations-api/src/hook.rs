//! Where a caller dresses each request before it is sent.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use progenitor_client::{ClientHooks, Error, OperationInfo};

use crate::{Client, Operation};

/// Dresses each request of a [`Client`] just before it is sent: adds authorization, headers, roots.
///
/// It neither waits nor retries. That belongs around the call, where a body that was cut short or
/// does not decode can be seen.
pub trait RequestHook: Debug + Send + Sync {
    /// Changes the request.
    ///
    /// # Errors
    ///
    /// A reason not to send the request, told to the caller as [`Error::Custom`].
    fn dress(&self, request: &mut reqwest::Request, operation: &Operation) -> Result<(), String>;

    /// Carries a request to the server. Through the client, unless an implementation has another
    /// way, such as to a server in the same process.
    fn carry<'a>(&'a self, client: &'a reqwest::Client, request: reqwest::Request) -> Carried<'a> {
        Box::pin(client.execute(request))
    }

    /// Sees the head of each answer, before its body is read.
    fn answered(&self, response: &reqwest::Response) {
        let _ = response;
    }
}

/// An answer that is under way.
pub type Carried<'a> =
    Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>>;

impl ClientHooks<Arc<dyn RequestHook>> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        // progenitor sends the document's version with each request; HubSpot does not ask for it.
        request.headers_mut().remove("api-version");

        let operation = Operation::named(info.operation_id)
            .ok_or_else(|| Error::InvalidRequest("an operation the table lacks".to_owned()))?;
        if !keeps_to_path(&self.baseurl, request.url(), operation) {
            return Err(Error::InvalidRequest(
                "an id is empty, or is not an id: it would lead to another path".to_owned(),
            ));
        }
        self.inner.dress(request, operation).map_err(Error::Custom)
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let response = self.inner.carry(&self.client, request).await?;
        self.inner.answered(&response);
        Ok(response)
    }
}

/// Whether the request goes where its operation says. An id such as `..` would lead it elsewhere.
fn keeps_to_path(base_url: &str, url: &reqwest::Url, operation: &Operation) -> bool {
    let Ok(base) = reqwest::Url::parse(base_url) else { return false };
    let Some(path) = url.path().strip_prefix(base.path().trim_end_matches('/')) else {
        return false;
    };
    let mut segments = path.split('/');
    let kept = operation.path.split('/').all(|expected| {
        segments.next().is_some_and(|segment| {
            if expected.starts_with('{') { !segment.is_empty() } else { segment == expected }
        })
    });
    kept && segments.next().is_none()
}
