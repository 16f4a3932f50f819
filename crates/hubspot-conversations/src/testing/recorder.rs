//! Recording the requests of a client.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use reqwest::{Method, redirect};

use crate::Error;
use crate::debug::debug_shows;
use crate::transport::{Transport, TransportBody, TransportError};

/// A transport that records the requests it forwards. Clones share the record.
///
/// Give one clone to [`ClientBuilder::transport`](crate::ClientBuilder::transport), and ask the
/// other what was sent. A [`Simulator`](super::Simulator) records requests itself.
#[derive(Clone)]
pub struct Recorder {
    inner: Arc<dyn Transport>,
    recorded: Arc<Mutex<Vec<Recorded>>>,
}

/// A request that was sent. Its headers, and with them the token, are not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// The method.
    pub method: Method,
    /// The path, percent-encoded.
    pub path: String,
    /// The query without the `?`, percent-encoded. Empty if there was none.
    pub query: String,
    /// The body. Empty if there was none.
    pub body: Vec<u8>,
}

impl Recorder {
    /// Records the requests sent over the network, without a proxy.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub fn new() -> Result<Self, Error> {
        let http = reqwest::Client::builder().redirect(redirect::Policy::none()).no_proxy();
        let http = http.build().map_err(|error| Error::http(error, "the network"))?;
        Ok(Self::of(Network { http }))
    }

    /// Records the requests sent by another transport.
    pub fn of(inner: impl Transport) -> Self {
        Self { inner: Arc::new(inner), recorded: Arc::default() }
    }

    /// The requests sent so far, oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

debug_shows!(Recorder: inner);

impl Transport for Recorder {
    fn execute(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        let body = request.body().as_bytes().unwrap_or_default();
        let recorded = Recorded {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            body: body.to_vec(),
        };
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner).push(recorded);
        self.inner.execute(request)
    }
}

#[derive(Debug)]
struct Network {
    http: reqwest::Client,
}

impl Transport for Network {
    fn execute(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request.map(|body| body.0));
            let request = request.map_err(TransportError::network)?;
            let response = self.http.execute(request).await.map_err(TransportError::network)?;
            Ok(http::Response::from(response).map(TransportBody))
        })
    }
}
