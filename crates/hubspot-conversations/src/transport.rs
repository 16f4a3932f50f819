//! Another way to the server than over the network.

use std::fmt;

use futures_util::future::BoxFuture;

/// Carries requests to a server, in place of the network. For tests.
///
/// With the feature `testing`, `testing::client` gives a client whose requests go to a simulator
/// in the same process, and `testing::Recorder` keeps what is sent.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Carries a request, and gives its answer as soon as its head is there.
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
