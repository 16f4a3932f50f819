//! Access tokens of an app that is connected to an account by OAuth.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::refresher::{OnRotation, Refresher};
use super::token_endpoint::{Access, HttpTokenEndpoint};
use super::{AccessToken, BoxFuture, RefreshToken, TokenProvider, wrapping};
use crate::Error;
use crate::base_url::{self, BaseUrl};

/// Access tokens of an app that is connected to an account by OAuth, refreshed in time.
///
/// HubSpot's access tokens live half an hour. While less than five minutes of one are left, or a
/// sixth of a shorter life, it is refreshed in the background and goes on being used. Only where
/// there is no valid token do calls wait. There is one refresh at a time, for all calls and clones
/// together, and it is carried through even if every call that waits for it is dropped.
///
/// It is the time that decides: HubSpot asks not to take a 401 as the sign to refresh. Only one that
/// says that the token has expired, by the category `EXPIRED_AUTHENTICATION`, has the token dropped
/// before its time; the calls that met it share one refresh and are repeated once. Where new tokens have
/// expired as well, the next is dropped a second later, then after two, up to a minute; until then the
/// 401 is the call's error.
///
/// One that fails in passing is tried three times. While the old token lives, the next is begun a
/// second later, then after two, up to a minute; without a valid token by the next call.
///
/// ```no_run
/// use hubspot_conversations::{OAuth, RefreshToken};
///
/// # async fn store(token: &str) {}
/// # fn example() -> Result<(), hubspot_conversations::Error> {
/// let oauth = OAuth::builder("client-id", "client-secret", "refresh-token")
///     .on_rotation(|token: RefreshToken| async move { store(token.expose_secret()).await })
///     .build()?;
/// # Ok(())
/// # }
/// ```
///
/// Cheap to clone. The refresh runs on the tokio runtime of the call that began it.
///
/// # Errors
///
/// All say that there is no access token, and that what it was wanted for was not sent.
///
/// - [`InvalidGrant`](crate::ErrorKind::InvalidGrant): the refresh token is no longer taken, for
///   example because the app was disconnected. This is final: once the access token is expired,
///   calls fail without asking again, until
///   [`replace_refresh_token`](Self::replace_refresh_token).
/// - [`Unauthorized`](crate::ErrorKind::Unauthorized): the client id or client secret is wrong.
/// - [`TokenNotStored`](crate::ErrorKind::TokenNotStored): a new refresh token was not stored, or not
///   in time. It is kept, and the next call has it stored first.
/// - [`Connect`](crate::ErrorKind::Connect), [`Timeout`](crate::ErrorKind::Timeout),
///   [`Interrupted`](crate::ErrorKind::Interrupted), [`Server`](crate::ErrorKind::Server),
///   [`RateLimited`](crate::ErrorKind::RateLimited), [`Decode`](crate::ErrorKind::Decode): it
///   failed, and can succeed later.
#[derive(Clone)]
pub struct OAuth {
    base_url: BaseUrl,
    refresher: Arc<Refresher>,
}

impl OAuth {
    /// With the defaults, for the id and secret of the app and the refresh token of the account.
    ///
    /// # Errors
    ///
    /// Those of [`OAuthBuilder::build`].
    pub fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        refresh_token: impl Into<RefreshToken>,
    ) -> Result<Self, Error> {
        Self::builder(client_id, client_secret, refresh_token).build()
    }

    /// With other settings than the defaults.
    pub fn builder(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        refresh_token: impl Into<RefreshToken>,
    ) -> OAuthBuilder {
        OAuthBuilder {
            client_id: client_id.into().into(),
            client_secret: client_secret.into().into(),
            refresh_token: refresh_token.into(),
            access_token: None,
            on_rotation: None,
            base_url: base_url::HUBSPOT.to_owned(),
            timeout: Duration::from_secs(10),
            rotation_timeout: Duration::from_secs(30),
        }
    }

    /// Goes on with another refresh token, after the app was connected to the account anew. The
    /// access token held until now is forgotten, and so is that the old refresh token was refused.
    ///
    /// Calls that already wait get the outcome of the refresh they wait for. What that refresh
    /// gives is not kept.
    pub fn replace_refresh_token(&self, refresh_token: impl Into<RefreshToken>) {
        self.refresher.replace(refresh_token.into());
    }
}

impl TokenProvider for OAuth {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async { self.refresher.token().await.map_err(|failed| failed.error()) })
    }

    fn invalidate(&self, expired: &AccessToken) {
        self.refresher.invalidate(expired);
    }
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth").field("base_url", &self.base_url.as_str()).finish_non_exhaustive()
    }
}

/// Settings of [`OAuth`].
#[must_use = "a builder does nothing until it builds"]
pub struct OAuthBuilder {
    client_id: SecretString,
    client_secret: SecretString,
    refresh_token: RefreshToken,
    access_token: Option<Access>,
    on_rotation: Option<OnRotation>,
    base_url: String,
    timeout: Duration,
    rotation_timeout: Duration,
}

impl OAuthBuilder {
    /// An access token that is there already, such as that of the app's connecting, and how long
    /// it is valid from now on. More than a day counts as a day. Without one, the first call
    /// refreshes.
    pub fn access_token(mut self, token: impl Into<AccessToken>, expires_in: Duration) -> Self {
        self.access_token = Some(Access { token: token.into(), lifetime: expires_in });
        self
    }

    /// What stores a refresh token that takes the place of the one before.
    ///
    /// HubSpot's do not change by its documentation; a server that does change them takes the old
    /// one no more. So the new access token is handed out only after the future has ended, and a
    /// stored refresh token is never behind. It should end soon, since calls may be waiting, and
    /// deal with failures itself. Whatever becomes of it, this process goes on with the new token.
    /// If it panics, takes longer than [`rotation_timeout`](Self::rotation_timeout), or its runtime is
    /// shut down meanwhile, it is called again first thing at the next call that needs a token.
    ///
    /// It may block its thread, as writing a file with `std::fs` does: on a multi-thread runtime it runs
    /// on a thread for that. What blocks cannot be stopped, so it goes on after the timeout, and is not
    /// called again before it has ended. On a current-thread runtime, what blocks stops everything,
    /// timeouts too: there, put it into `tokio::task::spawn_blocking` and await that.
    pub fn on_rotation<F, Stored>(mut self, store: F) -> Self
    where
        F: Fn(RefreshToken) -> Stored + Send + Sync + 'static,
        Stored: Future<Output = ()> + Send + 'static,
    {
        self.on_rotation = Some(Arc::new(move |token| Box::pin(store(token))));
        self
    }

    /// How long storing a refresh token with [`on_rotation`](Self::on_rotation) may take. 30 seconds,
    /// if not set. After that it is told to stop, and calls fail with
    /// [`ErrorKind::TokenNotStored`](crate::ErrorKind::TokenNotStored).
    pub fn rotation_timeout(mut self, timeout: Duration) -> Self {
        self.rotation_timeout = timeout;
        self
    }

    /// Where to refresh. `https://api.hubapi.com`, if not set.
    ///
    /// The secrets go there and nowhere else: redirects are not followed. It must be an https
    /// address, unless it is on this machine.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long one attempt to refresh may take. 10 seconds, if not set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The provider.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the client id, the client
    /// secret or the refresh token is empty or stands in quotes or JSON, the access token none, or the
    /// base URL not one that secrets may be sent to.
    pub fn build(self) -> Result<OAuth, Error> {
        for (name, value) in [
            ("client id", self.client_id.expose_secret()),
            ("client secret", self.client_secret.expose_secret()),
            ("refresh token", self.refresh_token.expose_secret()),
        ] {
            if value.is_empty() {
                return Err(Error::invalid(format!("the {name} is empty")));
            }
            if let Some(wrapping) = wrapping(value) {
                return Err(Error::invalid(format!("the {name} {wrapping}")));
            }
        }
        if let Some(access) = &self.access_token {
            access.token.header()?;
        }
        let base_url = BaseUrl::parse(&self.base_url)?;
        let endpoint =
            HttpTokenEndpoint::new(base_url.clone(), self.client_id, self.client_secret)?;
        let refresher = Refresher::new(
            Box::new(endpoint),
            self.refresh_token,
            self.access_token,
            self.on_rotation,
            self.timeout,
            self.rotation_timeout,
        );
        Ok(OAuth { base_url, refresher: Arc::new(refresher) })
    }
}

impl fmt::Debug for OAuthBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL is not checked yet, and could hold a password.
        f.debug_struct("OAuthBuilder").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
