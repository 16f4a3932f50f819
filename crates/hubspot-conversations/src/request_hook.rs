//! The request hook: adds path root, authentication and headers, and feeds response headers to the
//! limiter.

use std::sync::OnceLock;

use hubspot_conversations_api::{
    Credential, ERROR_BODY_WAIT, Executing, Operation, OperationId, RequestHook,
};
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use tokio::time::Instant;

use crate::debug::debug_shows;
use crate::limit::Permit;
use crate::transport::{NetworkError, TransportBody, TransportError};
use crate::{Client, telemetry};

/// One attempt: prepares its request, and sees status and headers of its response.
pub(crate) struct Attempt {
    pub(crate) client: Client,
    pub(crate) authorization: Option<HeaderValue>,
    /// Headers of this call only.
    pub(crate) headers: HeaderMap,
    /// The limiter's permit, until the attempt ends.
    pub(crate) permit: Permit,
    /// When the attempt times out.
    pub(crate) ends: Option<Instant>,
    /// The path as sent.
    pub(crate) path: OnceLock<String>,
    /// The response's status.
    pub(crate) status: OnceLock<StatusCode>,
    /// The failure of a transport that is not the network.
    pub(crate) failed: OnceLock<TransportError>,
}

debug_shows!(Attempt:);

impl RequestHook for Attempt {
    fn prepare(&self, request: &mut reqwest::Request, operation: &Operation) -> Result<(), String> {
        let client = &*self.client.0;
        let path = request.url().path();
        let documented = path.strip_prefix(client.base_url.path()).unwrap_or(path);
        let path = client.roots.path(operation, documented)?;
        if path != documented {
            request.url_mut().set_path(&format!("{}{path}", client.base_url.path()));
        }
        // A staging token in a path lets its bearer connect an account.
        if operation.id != OperationId::UpdateStagingToken {
            // An attempt sends one request.
            let _ = self.path.set(path);
        }

        for (name, value) in client.headers.iter().chain(&self.headers) {
            request.headers_mut().append(name, value.clone());
        }
        match operation.credential {
            Credential::DeveloperKey => {
                let key = client.developer_key.as_ref().ok_or_else(|| {
                    "registering custom channels takes a developer key, and there is none"
                        .to_owned()
                })?;
                let mut query = request.url_mut().query_pairs_mut();
                query.append_pair("hapikey", key.key.expose_secret());
                query.append_pair("appId", &key.app_id.to_string());
            }
            _ => {
                let authorization = self.authorization.as_ref();
                let value = authorization.ok_or_else(|| "there is no access token".to_owned())?;
                request.headers_mut().insert(AUTHORIZATION, value.clone());
            }
        }
        Ok(())
    }

    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
    ) -> Executing<'a> {
        let Some(transport) = &self.client.0.transport else {
            return Box::pin(client.execute(request));
        };
        Box::pin(async move {
            let request = http::Request::<reqwest::Body>::try_from(request)?.map(TransportBody);
            let response = transport.execute(request).await;
            response.map(|response| response.map(|body| body.0).into()).or_else(|error| match error
            {
                TransportError::Network(NetworkError(error)) => Err(error),
                failed => {
                    // reqwest's errors have no constructor, so an invalid request is built.
                    let _ = self.failed.set(failed);
                    client.get("").build().map(|_| http::Response::new("").into())
                }
            })
        })
    }

    fn max_body_size(&self) -> usize {
        self.client.0.max_body_size
    }

    fn error_body_deadline(&self) -> Instant {
        let deadline = Instant::now() + ERROR_BODY_WAIT;
        self.ends.map_or(deadline, |ends| ends.min(deadline))
    }

    fn on_response(&self, response: &reqwest::Response) {
        telemetry::response(response);
        // An attempt gets one response.
        let _ = self.status.set(response.status());
        self.client.0.clock.observe(response.headers());
        self.permit.on_response(response.status(), response.headers());
    }
}
