//! Controls OAuth, and reads its tokens.

use std::time::Duration;

use crate::assumptions;
use crate::simulator::Simulator;
use crate::simulator::builder::SimulatorBuilder;

impl Simulator {
    /// The client id of the app, which a refresh names. The same in every simulator.
    pub fn client_id(&self) -> &str {
        assumptions::CLIENT_ID
    }

    /// The client secret of the app. A refresh needs it, and webhooks are signed with it.
    pub fn client_secret(&self) -> &str {
        self.server.credentials.oauth.client_secret()
    }

    /// The current refresh token, whether revoked or not.
    ///
    /// It is exchanged at `/oauth/v3/token`, `/oauth/2026-03/token` and `/oauth/2026-09/token`.
    pub fn refresh_token(&self) -> String {
        self.server.credentials.oauth.grants().refresh_token.clone()
    }

    /// How many access tokens were issued for a refresh token. Rejected requests do not count.
    pub fn refreshes(&self) -> usize {
        self.server.credentials.oauth.grants().refreshes
    }

    /// Revokes the refresh token, as HubSpot does if a user removes the app: later refreshes are
    /// rejected with `invalid_grant`. Access tokens stay valid until they expire, which is an
    /// assumption.
    pub fn revoke_refresh_token(&self) {
        // ASSUMPTION: access tokens stay valid after the refresh token is revoked, until they
        // expire.
        self.server.credentials.oauth.grants().is_revoked = true;
    }
}

impl SimulatorBuilder {
    /// The client secret of the app. By default the same in every simulator.
    #[must_use]
    pub fn client_secret(mut self, client_secret: impl Into<String>) -> Self {
        self.oauth.client_secret = client_secret.into();
        self
    }

    /// The lifetime of an access token that was issued for a refresh token, in whole seconds of
    /// `tokio::time`, so that a paused clock controls it. By default 30 minutes, as at HubSpot. The
    /// token of [`SimulatorBuilder::token`] does not expire.
    #[must_use]
    pub fn access_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.oauth.lifetime = Duration::from_secs(lifetime.as_secs());
        self
    }

    /// Whether each refresh returns a new refresh token and invalidates the old one. Off by
    /// default.
    #[must_use]
    pub fn rotate_refresh_tokens(mut self, rotate: bool) -> Self {
        self.oauth.rotates = rotate;
        self
    }
}
