//! The refresh token.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// The token that an app gets when it is connected to an account, and exchanges for access tokens.
/// Together with the app's secret it grants the app's access, so store it like a password. `Debug` does
/// not show it, and it is overwritten when dropped.
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
