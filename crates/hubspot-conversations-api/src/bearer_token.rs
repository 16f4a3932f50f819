//! A request hook for one fixed access token.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderValue};

use crate::{Operation, RequestHook};

/// A hook that adds one access token to each request, and sends it to one server only.
///
/// It is for a token that does not expire, such as a private app's. `Debug` does not show it.
#[derive(Clone)]
pub struct BearerToken {
    base_url: Url,
    header: HeaderValue,
}

/// Why a token was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidToken(&'static str);

impl BearerToken {
    /// Creates a hook that sends the token to the server of this base URL.
    ///
    /// # Errors
    ///
    /// If the base URL is not a URL, would send the token unencrypted to another machine, or needs
    /// TLS, without which this crate was built; or if the token is malformed, such as in quotes or
    /// with the word `Bearer`.
    pub fn new(base_url: &str, token: &str) -> Result<Self, InvalidToken> {
        let base_url =
            Url::parse(base_url).map_err(|_| InvalidToken("the base URL is not a URL"))?;
        if base_url.scheme() != "https" && !(base_url.scheme() == "http" && is_local(&base_url)) {
            return Err(InvalidToken("the token would be sent unencrypted: use https"));
        }
        let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
        if base_url.scheme() == "https" && !has_tls {
            return Err(InvalidToken("https needs the feature `rustls` or `native-tls`"));
        }
        let is_of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if token.is_empty() || !token.bytes().all(is_of_token) {
            return Err(InvalidToken(
                "the token is empty or malformed: specify the token alone, without \
                 `Bearer`, quotes or spaces",
            ));
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| InvalidToken("the token cannot be sent"))?;
        header.set_sensitive(true);
        Ok(Self { base_url, header })
    }
}

impl RequestHook for BearerToken {
    fn prepare(&self, request: &mut reqwest::Request, _: &Operation) -> Result<(), String> {
        if request.url().origin() != self.base_url.origin() {
            return Err("the access token is for another server".to_owned());
        }
        request.headers_mut().insert(AUTHORIZATION, self.header.clone());
        Ok(())
    }
}

fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerToken").finish_non_exhaustive()
    }
}

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidToken {}
