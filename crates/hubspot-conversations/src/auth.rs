//! Credentials: access tokens, and where they come from.

mod developer_key;
mod oauth;
mod refresh_token;
mod refresher;
mod secret_format;
mod token;
mod token_endpoint;

use std::fmt::Debug;

pub use futures_util::future::BoxFuture;

use crate::{Error, ErrorKind};

pub(crate) use developer_key::DeveloperKey;
pub use oauth::{OAuth, OAuthBuilder};
pub use refresh_token::RefreshToken;
pub(crate) use secret_format::check_secret;
pub use token::AccessToken;

/// Provides access tokens. A client asks for one before each attempt.
///
/// An [`AccessToken`] provides itself, for tokens that do not change: those of private apps and service
/// keys. [`OAuth`] refreshes the token of an app's installation. For anything else, such as a service
/// that issues tokens, implement it:
///
/// ```
/// use hubspot_conversations::{AccessToken, BoxFuture, Error, ErrorKind, TokenProvider};
///
/// /// Reads the token from a file that something else keeps up to date.
/// #[derive(Debug)]
/// struct TokenFile(std::path::PathBuf);
///
/// impl TokenProvider for TokenFile {
///     fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
///         Box::pin(async {
///             match std::fs::read_to_string(&self.0) {
///                 Ok(token) => Ok(AccessToken::from(token)),
///                 Err(error) => Err(Error::no_token(
///                     ErrorKind::Unauthorized,
///                     format!("{} cannot be read: {error}", self.0.display()),
///                 )),
///             }
///         })
///     }
/// }
/// # let file = TokenFile("no-such-file".into());
/// # let error = futures_util::FutureExt::now_or_never(file.access_token()).unwrap().unwrap_err();
/// # assert!(error.to_string().starts_with("no access token: no-such-file cannot be read: "));
/// ```
///
/// Many calls ask at the same time, so a provider should cache its token. The future may be dropped at
/// any await.
pub trait TokenProvider: Debug + Send + Sync + 'static {
    /// An access token that is valid now.
    ///
    /// # Errors
    ///
    /// If there is no token. The request is then not sent. [`Error::no_token`] makes the error.
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>>;

    /// Forgets a token that HubSpot rejected with `401` and the category `EXPIRED_AUTHENTICATION`.
    ///
    /// The client then asks for [`access_token`](Self::access_token) again, and repeats the call once if
    /// it gets a different one. Many calls can report the same token: a provider that has another one
    /// by now keeps that. It is called between two attempts, so it must not block.
    ///
    /// By default, nothing is forgotten.
    fn invalidate(&self, expired: &AccessToken) {
        let _ = expired;
    }
}

impl<P: TokenProvider + ?Sized> TokenProvider for std::sync::Arc<P> {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        (**self).access_token()
    }

    fn invalidate(&self, expired: &AccessToken) {
        (**self).invalidate(expired);
    }
}

impl Error {
    /// Why a [`TokenProvider`] has no token.
    ///
    /// Choose a kind that says whether the failure is transient, as [`ErrorKind::Connect`] and
    /// [`ErrorKind::Timeout`], or not, as [`ErrorKind::Unauthorized`] and [`ErrorKind::InvalidGrant`].
    /// The reason is shown, so it must not contain a secret.
    pub fn no_token(kind: ErrorKind, reason: impl AsRef<str>) -> Self {
        Self::new(kind, format!("no access token: {}", reason.as_ref()))
    }
}
