//! Another way to the server than over the network.

use std::fmt;

use futures_util::future::BoxFuture;

/// Carries requests to a server, in place of the network.
///
/// For tests: `testing::client` has one that leads to a simulator in the same process, and
/// `testing::Recorder` one that keeps what was sent.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends a request and gives its answer.
    ///
    /// # Errors
    ///
    /// As the network's: the request may have arrived or not.
    fn carry(&self, request: reqwest::Request)
    -> BoxFuture<'_, reqwest::Result<reqwest::Response>>;
}
