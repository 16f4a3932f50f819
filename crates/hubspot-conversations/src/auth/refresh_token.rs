//! The refresh token.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// The token that an app gets once, when it is connected to an account, and new access tokens
/// with ever after. Whoever has it and the app's secret has the app's access, so store it as one
/// stores passwords. `Debug` does not show it, and it is overwritten when it is dropped.
#[derive(Clone)]
pub struct RefreshToken(SecretString);

impl RefreshToken {
    /// The token itself, to be stored.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for RefreshToken {
    fn from(token: String) -> Self {
        Self::from(Zeroizing::new(token).as_str())
    }
}

impl From<&str> for RefreshToken {
    fn from(token: &str) -> Self {
        Self(token.trim().into())
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}
