//! The request for a new access token.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Response, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{AccessToken, BoxFuture, RefreshToken};
use crate::base_url::BaseUrl;
use crate::{Error, ErrorKind, retry};

/// The characters that a form escapes, by the URL standard; here also the space, instead of a plus.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// More than any response has: tokens have some hundred characters.
const LARGEST_ANSWER: usize = 64 * 1024;

/// The lifetime that HubSpot documents, for a response without one.
const DOCUMENTED_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// Shorter lifetimes are not believed: each call would refresh. A token that expires sooner is rejected
/// with a 401.
const SHORTEST_LIFETIME: Duration = Duration::from_secs(60);

/// Longer lifetimes are not believed. Refreshing too early costs one request a day.
pub(super) const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Returns access tokens for a refresh token, one request each. Tests of the refresher replace it.
pub(super) trait TokenEndpoint: Send + Sync {
    fn refresh<'a>(&'a self, token: &'a RefreshToken) -> BoxFuture<'a, Result<Grant, Error>>;
}

/// A success. The refresh token counts even if the access token is unusable: it may be the only valid
/// one.
pub(super) struct Grant {
    pub(super) refresh_token: Option<RefreshToken>,
    pub(super) access: Result<Access, Error>,
}

pub(super) struct Access {
    pub(super) token: AccessToken,
    /// Counted from the request.
    pub(super) lifetime: Duration,
}

/// HubSpot's token server.
pub(super) struct HttpTokenEndpoint {
    http: reqwest::Client,
    base_url: BaseUrl,
    client_id: SecretString,
    client_secret: SecretString,
}

impl HttpTokenEndpoint {
    pub(super) fn new(
        base_url: BaseUrl,
        client_id: SecretString,
        client_secret: SecretString,
    ) -> Result<Self, Error> {
        base_url.check_tls()?;
        let mut http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            // A refresh token may be valid only once, so no request uses a connection that the server may
            // have closed.
            .pool_max_idle_per_host(0)
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
        if base_url.is_loopback() {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| Error::http(error, base_url.as_str()))?;
        Ok(Self { http, base_url, client_id, client_secret })
    }

    fn failure(&self, error: reqwest::Error) -> Error {
        Error::http(error, self.base_url.as_str())
    }

    /// The body of a response. This copy is overwritten; those in the connection's buffers are not.
    async fn read(&self, mut response: Response) -> Result<Zeroizing<Vec<u8>>, Error> {
        // Large enough from the beginning: growing would leave copies in memory.
        let mut body = Zeroizing::new(Vec::with_capacity(LARGEST_ANSWER));
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failure(error))? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(unreadable("is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl TokenEndpoint for HttpTokenEndpoint {
    fn refresh<'a>(&'a self, token: &'a RefreshToken) -> BoxFuture<'a, Result<Grant, Error>> {
        Box::pin(async move {
            let body = form(&[
                ("grant_type", "refresh_token"),
                ("client_id", self.client_id.expose_secret()),
                ("client_secret", self.client_secret.expose_secret()),
                ("refresh_token", token.expose_secret()),
            ]);
            let response = self
                .http
                .post(format!("{}/oauth/v3/token", self.base_url.as_str()))
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(ACCEPT, "application/json")
                .body(body)
                .send()
                .await
                .map_err(|error| self.failure(error))?;
            let status = response.status();
            if status.is_success() {
                return Grant::read(&self.read(response).await?);
            }
            let retry_after = retry::retry_after(response.headers());
            // A truncated body costs the explanation, not the status.
            let body = self.read(response).await.unwrap_or_default();
            Err(rejection(status, &body).with_retry_after(retry_after))
        })
    }
}

/// A form's body that is overwritten once it is sent.
fn form(fields: &[(&str, &str)]) -> Bytes {
    // Large enough for every byte to be escaped: growing would leave copies in memory.
    let capacity = fields.iter().map(|(name, value)| name.len() + 3 * value.len() + 2).sum();
    let mut body = Zeroizing::new(String::with_capacity(capacity));
    for (name, value) in fields {
        if !body.is_empty() {
            body.push('&');
        }
        body.push_str(name);
        body.push('=');
        body.extend(utf8_percent_encode(value, ESCAPED));
    }
    Bytes::from_owner(body)
}

/// The fields of a response as received, so that a malformed one affects no other. Of a repeated one,
/// the last counts.
struct Answer<'a>(HashMap<Cow<'a, str>, &'a RawValue>);

impl<'a> Answer<'a> {
    fn read(body: &'a [u8]) -> Result<Self, Error> {
        // serde's own explanation would repeat values.
        serde_json::from_slice(body).map(Self).map_err(|_| unreadable("is not the JSON expected"))
    }

    fn field(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied()
    }

    /// A field that is a string and not empty.
    fn text(&self, name: &str) -> Option<Hidden> {
        let text: Hidden = serde_json::from_str(self.field(name)?.get()).ok()?;
        (!text.0.is_empty()).then_some(text)
    }
}

/// A string that is overwritten when dropped, also if the JSON after it is malformed.
#[derive(Deserialize)]
#[serde(from = "String")]
struct Hidden(Zeroizing<String>);

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Grant {
    fn read(body: &[u8]) -> Result<Self, Error> {
        let answer = Answer::read(body)?;
        let refresh_token = answer.text("refresh_token");
        let refresh_token = refresh_token.map(|token| RefreshToken::from(token.0.as_str()));
        Ok(Self {
            refresh_token: refresh_token.filter(|token| !token.expose_secret().is_empty()),
            access: Access::read(&answer),
        })
    }
}

impl Access {
    fn read(answer: &Answer<'_>) -> Result<Self, Error> {
        let token = answer.text("access_token");
        let token = token.ok_or_else(|| unreadable("holds no access token"))?;
        let token = AccessToken::from(token.0.as_str());
        token.header().map_err(|_| unreadable("holds an access token that cannot be one"))?;
        let lifetime = answer.field("expires_in").and_then(|seconds| lifetime(seconds.get()));
        Ok(Self { token, lifetime: lifetime.unwrap_or(DOCUMENTED_LIFETIME) })
    }
}

/// A lifetime in seconds, as a number or a string, clamped to what is believed.
fn lifetime(seconds: &str) -> Option<Duration> {
    let seconds: f64 = seconds.trim_matches('"').trim().parse().ok()?;
    let believed = SHORTEST_LIFETIME.as_secs_f64()..=LONGEST_LIFETIME.as_secs_f64();
    (!seconds.is_nan())
        .then(|| Duration::from_secs_f64(seconds.clamp(*believed.start(), *believed.end())))
}

fn unreadable(flaw: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the token server's answer {flaw}"))
}

/// The error of a response that is not a success.
fn rejection(status: StatusCode, body: &[u8]) -> Error {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let (kind, reason) = match status.as_u16() {
        400 | 401 if body["error"] == "invalid_grant" || body["status"] == "BAD_REFRESH_TOKEN" => (
            ErrorKind::InvalidGrant,
            "HubSpot no longer takes the refresh token: the app must be connected to the account anew",
        ),
        400 | 401 | 403 => (
            ErrorKind::Unauthorized,
            "HubSpot refused the refresh, but not for its token: check the app's client id and client secret",
        ),
        429 => (ErrorKind::RateLimited, "too many requests to the token server at a time"),
        402..=499 => {
            (ErrorKind::Rejected, "the token server refused the request: check the base URL")
        }
        500..=599 => (ErrorKind::Server, "the token server failed"),
        300..=399 => (
            ErrorKind::UnexpectedStatus,
            "the token server redirects, which is not followed: check the base URL",
        ),
        _ => (ErrorKind::UnexpectedStatus, "the token server answered an unknown status"),
    };
    let notes = match code(&body) {
        Some(code) => format!("{}, {code}", status.as_u16()),
        None => status.as_u16().to_string(),
    };
    Error::new(kind, format!("{reason} ({notes})"))
}

/// The server's code, such as `BAD_CLIENT_ID`, if it looks like one.
fn code(body: &Value) -> Option<&str> {
    let is_code = |text: &&str| {
        text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
    };
    let codes = ["status", "error"].into_iter().filter_map(|name| body[name].as_str());
    codes.filter(|code| !code.is_empty()).find(is_code)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn lifetime_of(answer: &str) -> Result<Duration, ErrorKind> {
        let grant = Grant::read(answer.as_bytes()).map_err(|error| error.kind())?;
        grant.access.map(|access| access.lifetime).map_err(|error| error.kind())
    }

    #[test]
    fn a_lifetime_is_read_safely_whatever_it_says() {
        let answered =
            |value: &str| lifetime_of(&format!(r#"{{"access_token":"a","expires_in":{value}}}"#));
        for (value, seconds) in [
            ("1800", 1800),
            ("\"1800\"", 1800),
            ("60", 60),
            ("61.5", 61),
            ("1", 60),
            ("0", 60),
            ("0.5", 60),
            ("-1", 60),
            ("-1e300", 60),
            ("null", 1800),
            ("86401", 86400),
            ("18446744073709551616", 86400),
            ("1e300", 86400),
            ("1e999", 86400),
        ] {
            let lifetime = answered(value).map(|lifetime| lifetime.as_secs());
            assert_eq!(lifetime, Ok(seconds), "{value}");
        }
        for value in ["\"\"", "\"soon\"", "\"NaN\"", "true", "[]", "{}"] {
            assert_eq!(answered(value), Ok(DOCUMENTED_LIFETIME), "{value}");
        }
        assert_eq!(lifetime_of(r#"{"access_token":"a"}"#), Ok(Duration::from_secs(1800)));
    }

    #[test]
    fn an_answer_without_a_usable_access_token_still_gives_its_refresh_token() {
        for answer in [
            r#"{"refresh_token":"r2"}"#,
            r#"{"refresh_token":"r2","access_token":null}"#,
            r#"{"refresh_token":"r2","access_token":""}"#,
            r#"{"refresh_token":"r2","access_token":"a\nb"}"#,
            r#"{"refresh_token":"r2","access_token":5}"#,
            r#"{"refresh_token":"r2","access_token":{"a":"b"}}"#,
            r#"{"access_token":["a"],"refresh_token":"r2"}"#,
            r#"{"refresh_token":"r1","access_token":null,"refresh_token":"r2"}"#,
            r#"{"refresh_token":"r2","access_token":"\ud800"}"#,
            r#"{"refresh_token":"r2","scopes":["\ud800",1e999],"access_token":1e999}"#,
        ] {
            let grant = Grant::read(answer.as_bytes()).unwrap();
            assert_eq!(grant.refresh_token.unwrap().expose_secret(), "r2", "{answer}");
            assert_eq!(grant.access.err().unwrap().kind(), ErrorKind::Decode, "{answer}");
        }
    }

    #[test]
    fn a_refresh_token_that_is_none_costs_no_access_token() {
        for refresh_token in ["5", "null", "\"\"", "[\"r2\"]", "{}", "\"\\ud800\""] {
            let answer = format!(r#"{{"refresh_token":{refresh_token},"access_token":"a"}}"#);
            let grant = Grant::read(answer.as_bytes()).unwrap();
            assert!(grant.refresh_token.is_none(), "{answer}");
            assert_eq!(grant.access.ok().unwrap().token.expose_secret(), "a", "{answer}");
        }
    }

    #[test]
    fn a_grant_is_an_object() {
        for answer in [r#"["a","r",1800]"#, "null", "7", "\"a\"", "[]", "{} {}"] {
            let failed = Grant::read(answer.as_bytes()).err().unwrap();
            assert_eq!(failed.kind(), ErrorKind::Decode, "{answer}");
        }
    }

    #[test]
    fn no_answer_is_repeated_in_the_reason() {
        for answer in [
            "",
            "secret",
            "<html>secret",
            r#""secret""#,
            r#"["secret"]"#,
            r#"{"access_token":"secret""#,
            r#"{"access_token":["secret"]}"#,
            r#"{"access_token":{"secret":1}}"#,
        ] {
            let read = Grant::read(answer.as_bytes()).and_then(|grant| grant.access);
            let failed = read.err().unwrap();
            assert_eq!(failed.kind(), ErrorKind::Decode, "{answer}");
            assert!(!format!("{failed:?}").contains("secret"), "{failed:?}");
        }
        for answer in
            [r#"{"error":"s3cret","status":"s3cret"}"#, r#"{"status":"", "error":["s3cret"]}"#]
        {
            let failed = rejection(StatusCode::BAD_REQUEST, answer.as_bytes());
            assert!(failed.to_string().ends_with("(400)"), "{failed:?}");
        }
    }

    /// The error of one request, to a server on this machine.
    async fn failed_at(address: std::net::SocketAddr) -> Error {
        let base_url = BaseUrl::parse(&format!("http://{address}")).unwrap();
        let endpoint =
            HttpTokenEndpoint::new(base_url, "a-client".into(), "s3cret".into()).unwrap();
        endpoint.refresh(&"r3fresh".into()).await.err().unwrap()
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_named() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let failed = failed_at(address).await;
        assert_eq!(failed.kind(), ErrorKind::Connect);
        let start = format!("cannot reach http://{address}: ");
        assert!(failed.to_string().starts_with(&start), "{failed:?}");
    }

    #[tokio::test]
    async fn an_answer_without_end_is_given_up() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let (mut connection, _) = listener.accept().await.unwrap();
            connection.read_u8().await.unwrap();
            connection.write_all(b"HTTP/1.1 200 .\r\n\r\n{\"access_token\":\"").await.unwrap();
            while connection.write_all(&[b'a'; 4096]).await.is_ok() {}
        });
        let failed = failed_at(address).await;
        assert_eq!(failed.kind(), ErrorKind::Decode);
        assert_eq!(failed.to_string(), "the token server's answer is too long");
    }

    #[test]
    fn a_form_escapes_what_would_end_a_value() {
        assert_eq!(
            form(&[("a", "x&b=1 %+é~"), ("c", "*-._")]),
            "a=x%26b%3D1%20%25%2B%C3%A9%7E&c=*-._"
        );
    }
}
