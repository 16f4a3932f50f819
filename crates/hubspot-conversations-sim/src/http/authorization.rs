//! Checks the credentials of requests.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use hubspot_conversations_api::{Credential, Operation};

use crate::assumptions;
use crate::http::errors::ApiError;
use crate::http::oauth::{OAuth, TokenState};
use crate::http::query::{DEVELOPER_KEY, Query};

/// The query parameter with the id of the app that the developer key is used for.
const APP_ID: &str = "appId";

/// The credentials that the simulator accepts. It has no `Debug`, so that no key is printed.
pub(crate) struct Credentials {
    pub(crate) token: String,
    /// The scopes of all access tokens.
    pub(crate) scopes: Vec<String>,
    pub(crate) developer_key: String,
    /// Issues further tokens, which expire.
    pub(crate) oauth: OAuth,
}

impl Credentials {
    /// Rejects a request without the credential that the operation needs.
    pub(crate) fn check(
        &self,
        operation: &Operation,
        headers: &HeaderMap,
        query: &Query,
    ) -> Result<(), ApiError> {
        match operation.credential {
            Credential::DeveloperKey => self.check_developer_key(query),
            _ => self.check_token(operation, headers),
        }
    }

    fn check_token(&self, operation: &Operation, headers: &HeaderMap) -> Result<(), ApiError> {
        let sent = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes).and_then(bearer_token);
        let sent = sent.ok_or_else(ApiError::unauthenticated)?;
        if sent != self.token.as_bytes() {
            match self.oauth.state(sent) {
                TokenState::Valid => {}
                TokenState::Expired => return Err(ApiError::expired()),
                TokenState::Unknown => return Err(ApiError::unauthenticated()),
            }
        }
        if !operation.is_granted_by(&self.scopes) {
            return Err(ApiError::missing_scopes(operation.scopes));
        }
        Ok(())
    }

    fn check_developer_key(&self, query: &Query) -> Result<(), ApiError> {
        let is_key = query.all(DEVELOPER_KEY).eq([self.developer_key.as_str()]);
        // ASSUMPTION: a developer key is valid only with the id of the token's app; a missing or
        // different id is rejected like a wrong key.
        let app = query.all(APP_ID).next().and_then(|id| id.parse().ok());
        if !is_key || app != Some(assumptions::APP_ID) {
            return Err(ApiError::without_developer_key());
        }
        Ok(())
    }
}

/// The token after the scheme, whose name may be in any case.
fn bearer_token(authorization: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = authorization.split_at_checked(b"Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}
