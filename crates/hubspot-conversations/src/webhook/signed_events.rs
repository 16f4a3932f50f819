//! Events of a signed request, as an extractor of axum.

use std::fmt;

use axum_core::body::Body;
use axum_core::extract::{DefaultBodyLimit, FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;

use super::{Event, SignatureError, Verifier, events};
use crate::DecodeError;

/// The events of a request, after its signature was verified. An extractor of axum.
///
/// It needs a [`Verifier`] as the router's state, or from it by `FromRef`. It reads no more of the body
/// than [`Verifier::body_limit`] says, whatever limit the router has.
#[derive(Clone, Debug)]
pub struct SignedEvents(pub Vec<Event>);

impl<S> FromRequest<S> for SignedEvents
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = SignedEventsRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let verifier = Verifier::from_ref(state);
        let (head, body) = request.into_parts();
        let body = whole(body, verifier.limit()).await?;
        let uri = head.uri.path_and_query().map_or("", |uri| uri.as_str());
        verifier
            .verify(&head.method, uri, &head.headers, &body)
            .map_err(SignedEventsRejection::Signature)?;
        events(&body).map(Self).map_err(SignedEventsRejection::Json)
    }
}

async fn whole(body: Body, limit: usize) -> Result<Bytes, SignedEventsRejection> {
    let mut request = Request::new(body);
    DefaultBodyLimit::max(limit).apply(&mut request);
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => SignedEventsRejection::TooLarge,
        _ => SignedEventsRejection::Interrupted,
    })
}

/// Why a request's events are not handed over. HubSpot sends them again, up to ten times within a
/// day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignedEventsRejection {
    /// 401: the request is not signed as it must be.
    Signature(SignatureError),
    /// 413: the body is longer than [`Verifier::body_limit`].
    TooLarge,
    /// 400: the body did not arrive whole.
    Interrupted,
    /// 400: the body is signed, and is not JSON of events.
    Json(DecodeError),
}

impl SignedEventsRejection {
    /// The status of the response to HubSpot.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Signature(_) => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Interrupted | Self::Json(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for SignedEventsRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature(error) => error.fmt(f),
            Self::TooLarge => f.write_str("the body is too long"),
            Self::Interrupted => f.write_str("the body did not arrive whole"),
            Self::Json(error) => write!(f, "the body cannot be read: {error}"),
        }
    }
}

impl std::error::Error for SignedEventsRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Signature(error) => Some(error),
            Self::Json(error) => Some(error),
            Self::TooLarge | Self::Interrupted => None,
        }
    }
}

impl IntoResponse for SignedEventsRejection {
    fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}
