//! What allows requests: access tokens, and where they come from.

mod failed;
mod oauth;
mod refresh_token;
mod refresher;
mod token;
mod token_endpoint;
mod wrapping;

use std::fmt::Debug;

pub use futures_util::future::BoxFuture;

use crate::{Error, ErrorKind};

pub use oauth::{OAuth, OAuthBuilder};
pub use refresh_token::RefreshToken;
pub use token::AccessToken;
pub(crate) use wrapping::wrapping;

/// Where access tokens come from. A client asks before each time it sends a request.
///
/// An [`AccessToken`] is the provider of itself, for tokens that do not change: those of private
/// apps and service keys. [`OAuth`] keeps a token of an app's installation fresh. Anything else,
/// such as a service that hands out tokens, takes a provider of one's own:
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
/// It is asked often and at the same time by many, so it has to keep what it gave: an answer that
/// takes a request of its own delays every call. The future may be dropped at any await.
pub trait TokenProvider: Debug + Send + Sync + 'static {
    /// An access token that is valid now.
    ///
    /// # Errors
    ///
    /// If there is none. The request it was wanted for is not sent then. [`Error::no_token`] makes
    /// one.
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>>;

    /// Forgets a token that HubSpot answered with `401` and the category `EXPIRED_AUTHENTICATION`,
    /// although the provider took it for valid.
    ///
    /// The client then asks [`access_token`](Self::access_token) again and repeats the call once,
    /// which was not carried out; if it gets the same token, the answer is the call's error. Many
    /// calls can meet it at the same time, each with the token it was sent with: a provider that
    /// holds another one by now keeps that. It is called between two attempts, so it must not block.
    ///
    /// By default nothing is forgotten, as by an [`AccessToken`], which has no other one.
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
    /// The kind tells whether it can have one later, as [`ErrorKind::Connect`] and
    /// [`ErrorKind::Timeout`] do, or not until somebody acts, as [`ErrorKind::Unauthorized`] and
    /// [`ErrorKind::InvalidGrant`] do. The reason is shown to whoever sees the error, so no secret
    /// belongs into it.
    pub fn no_token(kind: ErrorKind, reason: impl AsRef<str>) -> Self {
        Self::new(kind, format!("no access token: {}", reason.as_ref()))
    }
}
