//! Access tokens of an app that is connected to an account by OAuth.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::refresher::{OnRotation, Refresher};
use super::token_endpoint::{Access, HttpTokenEndpoint};
use super::{AccessToken, BoxFuture, RefreshToken, TokenProvider, check_secret};
use crate::Error;
use crate::base_url::{self, BaseUrl};
use crate::debug::debug_shows;

/// Access tokens of an app that is connected to an account by OAuth, refreshed in time.
///
/// HubSpot's access tokens are valid for half an hour. In the last five minutes, or the last sixth of
/// a shorter lifetime, a token is refreshed in the background and used meanwhile. Calls wait only if
/// there is no valid token. One refresh serves all calls and clones, and completes even if every
/// waiting call is dropped.
///
/// A 401 causes a refresh only if its category is `EXPIRED_AUTHENTICATION`: the token is dropped, and
/// the calls that met the 401 share one refresh and are repeated once. If new tokens expire at once,
/// each is dropped after a longer pause, from a second to a minute; until then the 401 is the call's
/// error.
///
/// A transient failure is attempted three times. Then the next refresh begins after a pause that
/// grows from a second to a minute, or with the next call if there is no valid token.
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
/// Cheap to clone. A refresh runs on the tokio runtime of the call that began it.
///
/// # Errors
///
/// Nothing is sent without an access token.
///
/// - [`InvalidGrant`](crate::ErrorKind::InvalidGrant): HubSpot rejects the refresh token, for example
///   because the app was disconnected. Once the access token has expired, calls fail without another
///   request, until [`replace_refresh_token`](Self::replace_refresh_token).
/// - [`Unauthorized`](crate::ErrorKind::Unauthorized): the client id or client secret is wrong.
/// - [`TokenNotStored`](crate::ErrorKind::TokenNotStored): a new refresh token was not stored in time.
///   It is kept, and the next call first retries storing it.
/// - [`Connect`](crate::ErrorKind::Connect), [`Timeout`](crate::ErrorKind::Timeout),
///   [`Interrupted`](crate::ErrorKind::Interrupted), [`Server`](crate::ErrorKind::Server),
///   [`RateLimited`](crate::ErrorKind::RateLimited), [`Decode`](crate::ErrorKind::Decode): transient.
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
            attempt_timeout: Duration::from_secs(10),
            rotation_timeout: Duration::from_secs(30),
        }
    }

    /// Uses another refresh token, after the app was connected to the account again. The current access
    /// token is forgotten. Calls that already wait get the outcome of their refresh, which is not kept.
    pub fn replace_refresh_token(&self, refresh_token: impl Into<RefreshToken>) {
        self.refresher.replace(refresh_token.into());
    }
}

impl TokenProvider for OAuth {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async {
            self.refresher.token().await.map_err(|error| {
                Error::no_token(error.kind(), error.to_string())
                    .with_retry_after(error.retry_after())
            })
        })
    }

    fn invalidate(&self, expired: &AccessToken) {
        self.refresher.invalidate(expired);
    }
}

debug_shows!(OAuth: base_url);

/// Settings of [`OAuth`].
#[must_use = "a builder does nothing until it builds"]
pub struct OAuthBuilder {
    client_id: SecretString,
    client_secret: SecretString,
    refresh_token: RefreshToken,
    access_token: Option<Access>,
    on_rotation: Option<OnRotation>,
    base_url: String,
    attempt_timeout: Duration,
    rotation_timeout: Duration,
}

impl OAuthBuilder {
    /// A first access token, such as from connecting the app, and how long it is valid from now: a day
    /// at most. Without one, the first call refreshes.
    pub fn access_token(mut self, token: impl Into<AccessToken>, expires_in: Duration) -> Self {
        self.access_token = Some(Access { token: token.into(), lifetime: expires_in });
        self
    }

    /// Stores a refresh token that replaces the previous one.
    ///
    /// HubSpot documents that refresh tokens do not change; a server that rotates them rejects the old
    /// one. So the new access token is used only after the future has ended. It should end soon, since
    /// calls may be waiting, and handle its failures itself. If it panics, exceeds
    /// [`rotation_timeout`](Self::rotation_timeout), or its runtime shuts down, the next call that needs
    /// a token first calls it again. This process uses the new token in any case.
    ///
    /// It may block its thread: on a multi-thread runtime it runs on a thread that may block. Blocking
    /// code cannot be stopped, so it continues after the timeout, and is not called again before it has
    /// ended. On a current-thread runtime, use `tokio::task::spawn_blocking`: code that blocks would
    /// also stop the timeouts.
    pub fn on_rotation<F, Stored>(mut self, store: F) -> Self
    where
        F: Fn(RefreshToken) -> Stored + Send + Sync + 'static,
        Stored: Future<Output = ()> + Send + 'static,
    {
        self.on_rotation = Some(Arc::new(move |token| Box::pin(store(token))));
        self
    }

    /// How long [`on_rotation`](Self::on_rotation) may take. 30 seconds, if not set. Then it is cancelled,
    /// and calls fail with [`ErrorKind::TokenNotStored`](crate::ErrorKind::TokenNotStored).
    pub fn rotation_timeout(mut self, timeout: Duration) -> Self {
        self.rotation_timeout = timeout;
        self
    }

    /// The token server's address. `https://api.hubapi.com`, if not set. It must be https, unless it is
    /// on this machine. The secrets go nowhere else: redirects are not followed.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long one attempt to refresh may take. 10 seconds, if not set.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The provider.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the client id, the client
    /// secret or the refresh token is empty or in quotes or JSON, the access token is malformed, or
    /// secrets may not be sent to the base URL.
    pub fn build(self) -> Result<OAuth, Error> {
        for (name, value) in [
            ("client id", self.client_id.expose_secret()),
            ("client secret", self.client_secret.expose_secret()),
            ("refresh token", self.refresh_token.expose_secret()),
        ] {
            check_secret(name, value)?;
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
            self.attempt_timeout,
            self.rotation_timeout,
        );
        Ok(OAuth { base_url, refresher: Arc::new(refresher) })
    }
}

debug_shows!(OAuthBuilder: attempt_timeout);
