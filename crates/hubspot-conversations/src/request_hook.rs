//! The request hook: adds path root, authentication and headers, and feeds response headers to the
//! limiter.

use std::fmt;
use std::sync::OnceLock;

use hubspot_conversations_api::{
    Credential, ERROR_BODY_WAIT, Executing, Operation, OperationId, RequestHook,
};
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use crate::limit::Permit;
use crate::transport::TransportError;
use crate::{Client, telemetry};

/// What registers custom channels: the developer key and the app it is for. Shown nowhere.
#[derive(Clone)]
pub(crate) struct DeveloperKey {
    pub(crate) key: SecretString,
    pub(crate) app_id: u64,
}

impl fmt::Debug for DeveloperKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeveloperKey").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

/// Prepares the request of one attempt just before it is sent, and sees the head of its answer.
pub(crate) struct Attempt {
    pub(crate) client: Client,
    pub(crate) authorization: Option<HeaderValue>,
    /// Headers of this call only.
    pub(crate) headers: HeaderMap,
    /// What the rate limiter let through. It is given back when the attempt is over.
    pub(crate) permit: Permit,
    /// When its time is over.
    pub(crate) ends: Option<Instant>,
    /// The path that was asked for, once it was.
    pub(crate) path: OnceLock<String>,
    /// The answer's status, once there is one.
    pub(crate) status: OnceLock<StatusCode>,
    /// How a transport failed that is not the network.
    pub(crate) failed: OnceLock<TransportError>,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").finish_non_exhaustive()
    }
}

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
            transport.execute(request).await.or_else(|error| match error {
                TransportError::Network(error) => Err(error),
                failed => {
                    // There is no way to make an error of reqwest's but to let it fail.
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

    fn answered(&self, response: &reqwest::Response) {
        telemetry::answered(response);
        // An attempt gets one answer.
        let _ = self.status.set(response.status());
        self.client.0.clock.answered(response.headers());
        self.permit.answered(response.status(), response.headers());
    }
}
