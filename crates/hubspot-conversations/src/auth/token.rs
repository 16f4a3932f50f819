//! The access token.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use super::secret_format::format_mistake;
use super::{BoxFuture, TokenProvider};
use crate::Error;

/// Precedes the token in the header.
const SCHEME: &str = "Bearer ";

/// An access token: of a private app, a service key, or OAuth. It is shown nowhere.
///
/// Cheap to clone: all clones, and the headers they are sent in, share the same bytes, which are
/// overwritten when the last of them is dropped.
#[derive(Clone)]
pub struct AccessToken(Result<HeaderValue, Flaw>);

/// Why a text is not a token. It completes "the access token …".
type Flaw = &'static str;

impl AccessToken {
    /// The token itself, for requests that this crate does not send. Empty if it is malformed, for
    /// example because of a line break in it, or quotes around it.
    pub fn expose_secret(&self) -> &str {
        let header = self.0.as_ref().map(HeaderValue::as_bytes).unwrap_or_default();
        let token = header.strip_prefix(SCHEME.as_bytes()).unwrap_or_default();
        std::str::from_utf8(token).unwrap_or_default()
    }

    /// Whether it can be sent. A client checks that itself; a [`TokenProvider`] can check it to add where
    /// the token comes from.
    ///
    /// # Errors
    ///
    /// If it is empty, in quotes or JSON, begins with `Bearer`, or has a character that no token has.
    /// The token is not shown.
    pub fn check(&self) -> Result<(), Error> {
        self.header().map(drop)
    }

    /// The value of the `Authorization` header, marked so that no log shows it.
    pub(crate) fn header(&self) -> Result<HeaderValue, Error> {
        self.0.clone().map_err(|flaw| Error::invalid(format!("the access token {flaw}")))
    }

    /// Whether it is the same token, though it may come from elsewhere.
    pub(crate) fn is(&self, other: &Self) -> bool {
        matches!((&self.0, &other.0), (Ok(this), Ok(other)) if this.as_bytes() == other.as_bytes())
    }
}

impl TokenProvider for AccessToken {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

impl From<String> for AccessToken {
    fn from(token: String) -> Self {
        Self::from(Zeroizing::new(token).as_str())
    }
}

impl From<&str> for AccessToken {
    fn from(token: &str) -> Self {
        Self(bearer(token.trim()))
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// The header's value, made once, over bytes that are overwritten after the last use.
fn bearer(token: &str) -> Result<HeaderValue, Flaw> {
    if let Some(flaw) = flaw(token) {
        return Err(flaw);
    }
    // Large enough from the beginning: growing would leave a copy in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(SCHEME.len() + token.len()));
    bytes.extend_from_slice(SCHEME.as_bytes());
    bytes.extend_from_slice(token.as_bytes());
    let mut value =
        HeaderValue::from_maybe_shared(Bytes::from_owner(bytes)).map_err(|_| STRANGE_CHARACTER)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Why HubSpot cannot accept it, so that it is not sent.
fn flaw(token: &str) -> Option<Flaw> {
    if token.is_empty() {
        return Some("is empty");
    }
    if let Some(mistake) = format_mistake(token) {
        return Some(mistake);
    }
    if token.contains([' ', '\t']) {
        return Some("holds white space: give the token alone, without a comment");
    }
    // Base64 pads at the end; there is no other equals sign in a token.
    let unpadded = token.trim_end_matches('=');
    if unpadded.contains('=') {
        return Some("has a name and an equals sign before it: give only what follows them");
    }
    (!unpadded.bytes().all(is_of_token)).then_some(STRANGE_CHARACTER)
}

const STRANGE_CHARACTER: Flaw = "holds a character that no token has, such as a line break";

/// Whether a bearer token can hold it, by RFC 6750.
fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::AccessToken;

    #[test]
    fn all_headers_of_a_token_share_its_bytes() {
        let token = AccessToken::from(" a-token\n".to_owned());
        let header = token.header().unwrap();
        assert_eq!(header.as_bytes(), b"Bearer a-token");
        assert_eq!(token.expose_secret(), "a-token");
        assert!(header.is_sensitive());
        assert_eq!(header.as_bytes().as_ptr(), token.clone().header().unwrap().as_bytes().as_ptr());
    }

    #[test]
    fn what_no_header_takes_is_refused_without_being_shown() {
        for flawed in [
            "",
            " \n",
            "secret\r\nx: y",
            "secret\0",
            "Bearer secret",
            "\"secret\"",
            r#"{"access_token":"secret"}"#,
            "HUBSPOT_ACCESS_TOKEN=secret",
            "token=secret==",
            "secret # of production",
            "https://example.com/secret",
            "\u{FEFF}secret",
            "secret…",
            "sécret",
        ] {
            let token = AccessToken::from(flawed);
            assert_eq!(token.expose_secret(), "");
            let shown = format!("{token:?} {0} {0:?}", token.header().unwrap_err());
            assert!(shown.contains("the access token "), "{shown}");
            assert!(!shown.contains("secret") && !shown.contains("cret"), "{shown}");
        }
    }
}
