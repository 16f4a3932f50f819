//! A replacement for the network.

use std::fmt;

use futures_util::future::BoxFuture;

/// Replaces the network, for tests. With the feature `testing`, `testing::client` sends requests to an
/// in-process simulator, and `testing::Recorder` records them.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends a request, and returns its response as soon as its headers are there.
    ///
    /// # Errors
    ///
    /// As the network would fail.
    fn execute(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>>;
}

/// How a [`Transport`] fails.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportError {
    /// The server could not be reached. Nothing was sent.
    Unreachable,
    /// The connection broke. Whether the request arrived is not known.
    Broken,
    /// The network failed.
    Network(reqwest::Error),
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        Self::Network(error)
    }
}
