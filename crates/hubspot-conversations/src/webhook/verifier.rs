//! Whether a request comes from HubSpot.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, Method};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::SignatureError;
use super::signature::{self, Signed};
use crate::Error;
use crate::auth::check_secret;
use crate::debug::debug_shows;

const SIGNATURE_V3: &str = "X-HubSpot-Signature-v3";
const TIMESTAMP: &str = "X-HubSpot-Request-Timestamp";
const SIGNATURE: &str = "X-HubSpot-Signature";
const VERSION: &str = "X-HubSpot-Signature-Version";

/// Tells requests that HubSpot sent from all others, by their signature.
///
/// By default it accepts only v3, signed within five minutes of now. HubSpot also sends v1 for
/// compatibility. If v3 is present, it alone decides: v1 signs neither timestamp nor URL, so an
/// attacker who captured a request could strip the v3 headers and replay it indefinitely.
///
/// Cheap to clone.
#[derive(Clone)]
pub struct Verifier {
    secret: Arc<SecretString>,
    address: Address,
    time_window: Duration,
    body_limit: usize,
    accepts_v1: bool,
    accepts_v2: bool,
    accepts_unsigned: bool,
}

/// The URL that HubSpot calls.
#[derive(Clone, Debug)]
enum Address {
    /// Precedes the path and query of each request.
    Base(Arc<str>),
    /// The URL of each request, whatever the request says.
    Whole(Arc<str>),
}

impl Verifier {
    /// With the app's client secret, and the beginning of the URLs that HubSpot calls, such as
    /// `https://bot.example.com`. The path and query of each request are appended.
    ///
    /// A request does not tell it, because proxies change host and scheme. If they also remove the
    /// beginning of the path, or a router does (`Router::nest` of axum), add that here:
    /// `https://bot.example.com/nested`.
    ///
    /// # Errors
    ///
    /// The secret is empty, an access token, or in quotes or JSON; or the URL is not http or https, or
    /// has a query or a fragment.
    pub fn new(client_secret: impl Into<SecretString>, base_url: &str) -> Result<Self, Error> {
        let url = web_url(base_url)?;
        if url.query().is_some() {
            return Err(Error::invalid("the URL of the hook must not contain a query"));
        }
        let base_url = base_url.trim().trim_end_matches('/');
        Self::with(&client_secret.into(), Address::Base(base_url.into()))
    }

    /// With the app's client secret, and the one URL that HubSpot calls, as in the app's settings, such
    /// as `https://bot.example.com/hubspot?account=1`. The URLs of requests are ignored, so proxies
    /// and routers may change them.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new); but the URL may have a query.
    pub fn for_url(client_secret: impl Into<SecretString>, url: &str) -> Result<Self, Error> {
        web_url(url)?;
        Self::with(&client_secret.into(), Address::Whole(url.trim().into()))
    }

    fn with(secret: &SecretString, address: Address) -> Result<Self, Error> {
        let secret = secret.expose_secret().trim();
        check_secret("client secret", secret)?;
        if is_access_token(secret) {
            return Err(Error::invalid(
                "the client secret is an access token, with which HubSpot signs nothing: take the \
                 client secret from the app's settings",
            ));
        }
        Ok(Self {
            secret: Arc::new(secret.into()),
            address,
            time_window: Duration::from_secs(5 * 60),
            body_limit: 1 << 20,
            accepts_v1: false,
            accepts_v2: false,
            accepts_unsigned: false,
        })
    }

    /// How far the time of signing may be from now, before or after. Five minutes unless set, as
    /// HubSpot documents it for the past. Only v3 signs the time.
    #[must_use]
    pub fn time_window(mut self, time_window: Duration) -> Self {
        self.time_window = time_window;
        self
    }

    /// The maximum body size in bytes that the axum extractor accepts. One mebibyte unless set: a
    /// hundred conversation events are about fifty kilobytes, and a message of a custom channel,
    /// whose size HubSpot does not document, comes alone.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Accepts requests that have a v1 signature and none of v3, which HubSpot documents for
    /// webhook subscriptions.
    ///
    /// It covers the body only: a captured request can be replayed at any time, to any URL of the app.
    #[must_use]
    pub fn accept_v1(mut self) -> Self {
        self.accepts_v1 = true;
        self
    }

    /// Accepts requests that have a v2 signature and none of v3, which HubSpot documents for
    /// calls of workflows and cards.
    ///
    /// It covers method, URL and body: a captured request can be replayed at any time.
    #[must_use]
    pub fn accept_v2(mut self) -> Self {
        self.accepts_v2 = true;
        self
    }

    /// Accepts requests without any signature. If a request has one, it must be valid.
    ///
    /// HubSpot does not document whether the events of custom channels are signed. If yours are
    /// not, use a separate verifier for their route, with a secret URL and a small
    /// [`body_limit`](Self::body_limit): anyone who knows the URL can send events.
    #[must_use]
    pub fn accept_unsigned(mut self) -> Self {
        self.accepts_unsigned = true;
        self
    }

    /// Verifies a request by the system's clock.
    ///
    /// `uri` is the request's path and query as received, not decoded. If it is a complete URL,
    /// only its path and query are used. `body` is the raw body: JSON that was parsed and
    /// serialized again has another signature.
    ///
    /// # Errors
    ///
    /// The request is not signed as it must be.
    pub fn verify(
        &self,
        method: &Method,
        uri: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), SignatureError> {
        self.verify_at(method, uri, headers, body, SystemTime::now().into())
    }

    /// Verifies a request as [`verify`](Self::verify) would at that time.
    ///
    /// # Errors
    ///
    /// The request is not signed as it must be.
    pub fn verify_at(
        &self,
        method: &Method,
        uri: &str,
        headers: &HeaderMap,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), SignatureError> {
        if headers.contains_key(SIGNATURE_V3) {
            let signature = only(headers, SIGNATURE_V3)?;
            let timestamp = only(headers, TIMESTAMP)?;
            self.check_time(timestamp, now.timestamp_millis())?;
            let signed = Signed { method: method.as_str(), url: &self.url(uri), body, timestamp };
            matches(signed.is_signed(self.secret.expose_secret(), signature))
        } else if headers.contains_key(SIGNATURE) {
            let signature = only(headers, SIGNATURE)?;
            let secret = self.secret.expose_secret();
            match only(headers, VERSION)? {
                "v1" if self.accepts_v1 => {
                    matches(signature::is_signed_v1(secret, body, signature))
                }
                "v2" if self.accepts_v2 => {
                    let (method, url) = (method.as_str(), self.url(uri));
                    matches(signature::is_signed_v2(secret, method, &url, body, signature))
                }
                "v1" | "v2" => Err(SignatureError::NotAccepted),
                _ => Err(SignatureError::Malformed(VERSION)),
            }
        } else if self.accepts_unsigned {
            Ok(())
        } else {
            Err(SignatureError::Missing(SIGNATURE_V3))
        }
    }

    fn check_time(&self, timestamp: &str, now: i64) -> Result<(), SignatureError> {
        let signed_at = milliseconds(timestamp).ok_or(SignatureError::Malformed(TIMESTAMP))?;
        if Duration::from_millis(now.abs_diff(signed_at)) <= self.time_window {
            Ok(())
        } else if signed_at < now {
            Err(SignatureError::TooOld)
        } else {
            Err(SignatureError::FromTheFuture)
        }
    }

    /// The headers of a request that HubSpot signs by v3 at that time: for tests of a hook.
    pub fn sign(&self, method: &Method, uri: &str, body: &[u8], at: DateTime<Utc>) -> HeaderMap {
        let timestamp = at.timestamp_millis();
        let signature = Signed {
            method: method.as_str(),
            url: &self.url(uri),
            body,
            timestamp: &timestamp.to_string(),
        }
        .signature(self.secret.expose_secret());
        let signature = HeaderValue::try_from(signature).expect("base64 fits into a header");
        let mut headers = HeaderMap::new();
        headers.insert(SIGNATURE_V3, signature);
        headers.insert(TIMESTAMP, timestamp.into());
        headers
    }

    #[cfg(feature = "axum")]
    pub(super) fn limit(&self) -> usize {
        self.body_limit
    }

    /// The URL that HubSpot called.
    fn url(&self, uri: &str) -> Cow<'_, str> {
        match &self.address {
            Address::Base(base_url) => format!("{base_url}{}", path_and_query(uri)).into(),
            Address::Whole(url) => Cow::Borrowed(url),
        }
    }
}

debug_shows!(Verifier: address, time_window, body_limit, accepts_v1, accepts_v2, accepts_unsigned);

/// Whether it is an access token, which is shown beside the client secret in an app's settings: of
/// a private app, or of OAuth. A client secret is a UUID.
fn is_access_token(secret: &str) -> bool {
    let of_private_app = secret.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("pat-"));
    // OAuth's are base64 of a message whose first field is small.
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let of_oauth = secret.len() >= 60
        && secret.starts_with('C')
        && secret[1..].starts_with(|second| matches!(second, 'A'..='P'))
        && secret.bytes().all(is_base64);
    of_private_app || of_oauth
}

fn web_url(text: &str) -> Result<Url, Error> {
    let invalid = |reason: &str| Error::invalid(format!("the URL of the hook {reason}"));
    let url = Url::parse(text).map_err(|error| invalid(&format!("cannot be read: {error}")))?;
    match url.scheme() {
        "http" | "https" if url.fragment().is_none() => Ok(url),
        "http" | "https" => Err(invalid("must not contain a fragment")),
        _ => Err(invalid("must begin with https:// or http://")),
    }
}

/// The path and query of a URL.
fn path_and_query(uri: &str) -> &str {
    if uri.starts_with('/') {
        return uri;
    }
    let authority = uri.split_once("://").map_or(uri, |(_, authority)| authority);
    authority.find(['/', '?']).map_or("", |start| &authority[start..])
}

/// The value of a header that is there once. A second one could be read by the next program.
fn only<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, SignatureError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(SignatureError::Missing(name))?;
    let text = value.to_str().map_err(|_| SignatureError::Malformed(name))?;
    if values.next().is_some() { Err(SignatureError::Malformed(name)) } else { Ok(text) }
}

/// Milliseconds since 1970. Body and timestamp are signed without a mark between them, so a leading
/// zero, which could be the end of the body, is refused.
fn milliseconds(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number >= 0 && number.to_string() == text).then_some(number)
}

fn matches(is_signed: bool) -> Result<(), SignatureError> {
    if is_signed { Ok(()) } else { Err(SignatureError::Mismatch) }
}
