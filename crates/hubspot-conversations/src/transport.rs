//! A replacement for the network.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{TryStream, TryStreamExt};
use http_body::{Frame, SizeHint};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

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
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>>;
}

/// The body of a request or a response that a [`Transport`] sends or receives: bytes, or a
/// stream of them.
#[derive(Debug, Default)]
pub struct TransportBody(pub(crate) reqwest::Body);

impl TransportBody {
    /// A body of these bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into().into())
    }

    /// A body that arrives in parts. An error of the stream is a connection that breaks.
    pub fn from_stream<S>(stream: S) -> Self
    where
        S: TryStream<Ok: Into<Bytes>, Error: Into<BoxError>> + Send + 'static,
    {
        Self(reqwest::Body::wrap_stream(stream.map_ok(|part| -> Bytes { part.into() })))
    }

    /// The bytes. `None` if they arrive in parts.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        self.0.as_bytes()
    }
}

impl http_body::Body for TransportBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.0).poll_frame(context).map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
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
    Network(NetworkError),
}

/// A failure of the network. Only this crate's own transports report it.
#[derive(Debug)]
pub struct NetworkError(pub(crate) reqwest::Error);

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "the server could not be reached",
            Self::Broken => "the connection broke",
            Self::Network(_) => "the network failed",
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreachable | Self::Broken => None,
            Self::Network(NetworkError(error)) => Some(error),
        }
    }
}

#[cfg(feature = "testing")]
impl TransportError {
    pub(crate) fn network(error: reqwest::Error) -> Self {
        // Its address can have ids in it, and a developer key.
        Self::Network(NetworkError(error.without_url()))
    }
}
