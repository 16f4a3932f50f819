//! OAuth: the refresh token, and the access tokens it is exchanged for, which run out.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use serde::Serialize;
use tokio::time::Instant;

use crate::call::Answer;
use crate::choices;
use crate::simulator::{Simulator, SimulatorBuilder};

/// What the paths of all authorization begin with. What is sent there is not recorded.
pub(crate) const ROOT: &str = "/oauth/";

/// Where HubSpot documents the exchange, in every version that has it.
pub(crate) const TOKEN_PATHS: [&str; 3] =
    ["/oauth/v3/token", "/oauth/2026-03/token", "/oauth/2026-09/token"];

/// How long HubSpot's access tokens are good for.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

impl Simulator {
    /// The client id of the app, which a refresh names. The same in every simulator.
    pub fn client_id(&self) -> &str {
        choices::CLIENT_ID
    }

    /// The client secret of the app. A refresh needs it, and webhooks are signed with it.
    pub fn client_secret(&self) -> &str {
        self.server.credentials.oauth.client_secret()
    }

    /// The refresh token that is accepted at this moment, or was before it was revoked.
    ///
    /// It is exchanged at `/oauth/v3/token`, `/oauth/2026-03/token` and `/oauth/2026-09/token`.
    pub fn refresh_token(&self) -> String {
        self.server.credentials.oauth.grants().refresh_token.clone()
    }

    /// How many access tokens were given for a refresh token so far. Refusals do not count.
    pub fn refreshes(&self) -> usize {
        self.server.credentials.oauth.grants().refreshes
    }

    /// Does what happens when a user removes the app: from now on refreshing is refused with
    /// `invalid_grant`. Access tokens that were given stay good until they run out, which is a
    /// choice.
    pub fn revoke_refresh_token(&self) {
        self.server.credentials.oauth.grants().is_revoked = true;
    }
}

impl SimulatorBuilder {
    /// The client secret of the app, the same in every simulator by default.
    #[must_use]
    pub fn client_secret(mut self, client_secret: impl Into<String>) -> Self {
        self.oauth.client_secret = client_secret.into();
        self
    }

    /// How long an access token that was given for a refresh token is good for, in whole seconds
    /// of `tokio::time`, so that a paused clock drives it. 30 minutes by default, as HubSpot's are.
    /// The token of [`SimulatorBuilder::token`] does not run out.
    #[must_use]
    pub fn access_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.oauth.lifetime = Duration::from_secs(lifetime.as_secs());
        self
    }

    /// Whether each refresh answers another refresh token and takes the old one back. Not by
    /// default.
    #[must_use]
    pub fn rotate_refresh_tokens(mut self, rotate: bool) -> Self {
        self.oauth.rotates = rotate;
        self
    }
}

/// How an app is authorized. It has no `Debug`, so that no secret is printed.
#[derive(Clone)]
pub(crate) struct Settings {
    client_secret: String,
    lifetime: Duration,
    rotates: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            client_secret: choices::CLIENT_SECRET.to_owned(),
            lifetime: LIFETIME,
            rotates: false,
        }
    }
}

/// The app, and what it was given.
pub(crate) struct OAuth {
    settings: Settings,
    grants: Mutex<Grants>,
}

struct Grants {
    refresh_token: String,
    is_revoked: bool,
    /// When each access token was given.
    access_tokens: HashMap<String, Instant>,
    refreshes: usize,
}

/// What an access token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    Good,
    Expired,
    Nothing,
}

/// The body of an answer that gives a token.
#[derive(Serialize)]
struct Granted<'a> {
    token_type: &'static str,
    refresh_token: &'a str,
    access_token: &'a str,
    hub_id: u64,
    scopes: &'a [String],
    expires_in: u64,
}

/// The body of an answer that gives none. It is not that of HubSpot's other errors.
#[derive(Serialize)]
pub(crate) struct Denied {
    pub(crate) error: &'static str,
    pub(crate) error_description: &'static str,
    pub(crate) status: &'static str,
    /// The same as the description.
    pub(crate) message: &'static str,
}

impl OAuth {
    pub(crate) fn new(settings: Settings) -> Self {
        let grants = Grants {
            refresh_token: choices::refresh_token(0),
            is_revoked: false,
            access_tokens: HashMap::new(),
            refreshes: 0,
        };
        Self { settings, grants: Mutex::new(grants) }
    }

    pub(crate) fn client_secret(&self) -> &str {
        &self.settings.client_secret
    }

    /// Answers a form that asks for an access token.
    pub(crate) fn token(&self, form: &[u8], scopes: &[String]) -> Answer {
        match self.exchange(form, scopes) {
            Ok(answer) => answer,
            Err(denied) => Answer::json(StatusCode::BAD_REQUEST, &denied),
        }
    }

    /// What an access token is worth now.
    pub(crate) fn worth(&self, access_token: &[u8]) -> Worth {
        let access_token = std::str::from_utf8(access_token).unwrap_or_default();
        match self.grants().access_tokens.get(access_token) {
            None => Worth::Nothing,
            Some(given) if given.elapsed() < self.settings.lifetime => Worth::Good,
            Some(_) => Worth::Expired,
        }
    }

    fn exchange(&self, form: &[u8], scopes: &[String]) -> Result<Answer, Denied> {
        let fields: HashMap<_, _> = url::form_urlencoded::parse(form).collect();
        let is = |name: &str, value: &str| fields.get(name).is_some_and(|sent| sent == value);
        if !is("grant_type", "refresh_token") {
            return Err(choices::other_grant());
        }
        if !is("client_id", choices::CLIENT_ID)
            || !is("client_secret", &self.settings.client_secret)
        {
            return Err(choices::unknown_client());
        }
        let mut grants = self.grants();
        if grants.is_revoked || !is("refresh_token", &grants.refresh_token) {
            return Err(unknown_refresh_token());
        }

        grants.refreshes += 1;
        if self.settings.rotates {
            grants.refresh_token = choices::refresh_token(grants.refreshes);
        }
        let access_token = choices::access_token(grants.refreshes);
        let answer = Answer::ok(&Granted {
            token_type: "bearer",
            refresh_token: &grants.refresh_token,
            access_token: &access_token,
            hub_id: choices::PORTAL_ID,
            scopes,
            expires_in: self.settings.lifetime.as_secs(),
        });
        grants.access_tokens.insert(access_token, Instant::now());
        Ok(answer)
    }

    fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// HubSpot says the same of a refresh token that is wrong, was rotated, or was revoked.
fn unknown_refresh_token() -> Denied {
    let message = "the refresh token is not known, has run out or was revoked";
    Denied {
        error: "invalid_grant",
        error_description: message,
        status: "BAD_REFRESH_TOKEN",
        message,
    }
}
