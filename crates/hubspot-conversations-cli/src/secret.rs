//! The access token, so that it can be taken out of whatever is printed.

use std::borrow::Cow;
use std::sync::OnceLock;

use secrecy::{ExposeSecret, SecretString};

static TOKEN: OnceLock<SecretString> = OnceLock::new();

/// Remembers the token that must not be printed. The first one counts.
pub(crate) fn keep(token: &str) {
    // A process uses one token, so there is no second to lose.
    let _ = TOKEN.set(token.into());
}

/// The text with `…` in place of the token.
pub(crate) fn hide(text: &str) -> Cow<'_, str> {
    match TOKEN.get().map(ExposeSecret::expose_secret) {
        Some(token) if !token.is_empty() && text.contains(token) => text.replace(token, "…").into(),
        _ => text.into(),
    }
}
