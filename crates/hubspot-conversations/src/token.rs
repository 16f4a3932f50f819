//! The access token.

use std::fmt;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::Error;

/// An access token: of a private app, a service key, or OAuth. It is shown nowhere.
#[derive(Clone)]
pub struct AccessToken(SecretString);

impl AccessToken {
    /// The value of the `Authorization` header, marked so that no log shows it.
    pub(crate) fn header(&self) -> Result<HeaderValue, Error> {
        let text = self.0.expose_secret().trim();
        if text.is_empty() {
            return Err(Error::invalid("the access token is empty"));
        }
        let mut value = HeaderValue::from_str(&format!("Bearer {text}")).map_err(|_| {
            Error::invalid(
                "the access token holds a character that no token has, such as a line break",
            )
        })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl From<String> for AccessToken {
    fn from(token: String) -> Self {
        Self(token.into())
    }
}

impl From<&str> for AccessToken {
    fn from(token: &str) -> Self {
        Self(token.into())
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}
