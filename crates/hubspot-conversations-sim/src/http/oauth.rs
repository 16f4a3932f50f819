//! OAuth: exchanges the refresh token for access tokens, which expire.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use serde::Serialize;
use tokio::time::Instant;

use crate::assumptions;
use crate::http::response::ApiResponse;

/// The prefix of all paths of OAuth. What is sent there is recorded without secrets.
pub(crate) const ROOT: &str = "/oauth/";

/// The documented paths of the exchange, one per version.
pub(crate) const TOKEN_PATHS: [&str; 3] =
    ["/oauth/v3/token", "/oauth/2026-03/token", "/oauth/2026-09/token"];

/// The lifetime of HubSpot's access tokens.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// How OAuth is configured. It has no `Debug`, so that no secret is printed.
#[derive(Clone)]
pub(crate) struct OAuthSettings {
    pub(crate) client_secret: String,
    pub(crate) lifetime: Duration,
    pub(crate) rotates: bool,
}

impl Default for OAuthSettings {
    fn default() -> Self {
        Self {
            client_secret: assumptions::CLIENT_SECRET.to_owned(),
            lifetime: LIFETIME,
            rotates: false,
        }
    }
}

/// The app and its tokens.
pub(crate) struct OAuth {
    settings: OAuthSettings,
    grants: Mutex<Grants>,
}

pub(crate) struct Grants {
    pub(crate) refresh_token: String,
    pub(crate) is_revoked: bool,
    /// When each access token was issued.
    access_tokens: HashMap<String, Instant>,
    pub(crate) refreshes: usize,
}

/// Whether an access token is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenState {
    Valid,
    Expired,
    Unknown,
}

/// The body of a response with a token.
#[derive(Serialize)]
struct Granted<'a> {
    token_type: &'static str,
    refresh_token: &'a str,
    access_token: &'a str,
    hub_id: u64,
    scopes: &'a [String],
    expires_in: u64,
}

/// The body of an error, which differs from that of HubSpot's other errors.
#[derive(Serialize)]
struct Denied {
    error: &'static str,
    error_description: &'static str,
    status: &'static str,
    message: &'static str,
}

impl Denied {
    fn new(error: &'static str, status: &'static str, message: &'static str) -> Self {
        Self { error, error_description: message, status, message }
    }
}

impl OAuth {
    pub(crate) fn new(settings: OAuthSettings) -> Self {
        let grants = Grants {
            refresh_token: refresh_token(0),
            is_revoked: false,
            access_tokens: HashMap::new(),
            refreshes: 0,
        };
        Self { settings, grants: Mutex::new(grants) }
    }

    pub(crate) fn client_secret(&self) -> &str {
        &self.settings.client_secret
    }

    /// The response to a form that requests an access token.
    pub(crate) fn token(&self, form: &[u8], scopes: &[String]) -> ApiResponse {
        match self.exchange(form, scopes) {
            Ok(response) => response,
            Err(denied) => ApiResponse::json(StatusCode::BAD_REQUEST, &denied),
        }
    }

    /// Whether an access token is accepted now.
    pub(crate) fn state(&self, access_token: &[u8]) -> TokenState {
        let access_token = std::str::from_utf8(access_token).unwrap_or_default();
        match self.grants().access_tokens.get(access_token) {
            None => TokenState::Unknown,
            Some(issued) if issued.elapsed() < self.settings.lifetime => TokenState::Valid,
            Some(_) => TokenState::Expired,
        }
    }

    fn exchange(&self, form: &[u8], scopes: &[String]) -> Result<ApiResponse, Denied> {
        let fields: HashMap<_, _> = url::form_urlencoded::parse(form).collect();
        let is = |name: &str, value: &str| fields.get(name).is_some_and(|sent| sent == value);
        if !is("grant_type", "refresh_token") {
            // ASSUMPTION: the exchange of anything but a refresh token, which the simulator does not
            // support, is rejected with `unsupported_grant_type` and `BAD_GRANT_TYPE`.
            let message = "expected a form with the grant_type refresh_token";
            return Err(Denied::new("unsupported_grant_type", "BAD_GRANT_TYPE", message));
        }
        if !is("client_id", assumptions::CLIENT_ID)
            || !is("client_secret", &self.settings.client_secret)
        {
            // ASSUMPTION: a missing or wrong client id or secret is rejected with `invalid_client`
            // and `BAD_CLIENT_ID`, a status that is known only from reports.
            let message = "no client has this id and secret";
            return Err(Denied::new("invalid_client", "BAD_CLIENT_ID", message));
        }
        let mut grants = self.grants();
        if grants.is_revoked || !is("refresh_token", &grants.refresh_token) {
            // HubSpot's response is the same for a wrong, a rotated and a revoked token.
            let message = "the refresh token is unknown, expired or revoked";
            return Err(Denied::new("invalid_grant", "BAD_REFRESH_TOKEN", message));
        }

        grants.refreshes += 1;
        if self.settings.rotates {
            grants.refresh_token = refresh_token(grants.refreshes);
        }
        let access_token = access_token(grants.refreshes);
        let response = ApiResponse::ok(&Granted {
            token_type: "bearer",
            refresh_token: &grants.refresh_token,
            access_token: &access_token,
            hub_id: assumptions::PORTAL_ID,
            scopes,
            expires_in: self.settings.lifetime.as_secs(),
        });
        grants.access_tokens.insert(access_token, Instant::now());
        Ok(response)
    }

    pub(crate) fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The refresh token after a number of refreshes, if each rotates it.
fn refresh_token(refreshes: usize) -> String {
    // ASSUMPTION: the form of a refresh token, which HubSpot does not document.
    format!("na1-00000000-0000-4000-8000-{refreshes:012}")
}

/// The access token that a refresh issues.
fn access_token(refresh: usize) -> String {
    // ASSUMPTION: the form of an access token, which HubSpot does not document.
    format!("oauth-00000000-0000-4000-8000-{refresh:012}")
}
