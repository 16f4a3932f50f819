//! Who may ask for what.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use hubspot_conversations_api::{Credential, Operation};

use crate::choices;
use crate::errors::ApiError;
use crate::oauth::{OAuth, Worth};
use crate::query::Query;

/// The query parameter that carries the developer key.
pub(crate) const DEVELOPER_KEY: &str = "hapikey";

/// The query parameter that says which app the developer key is used for.
const APP_ID: &str = "appId";

/// What the simulator accepts. It has no `Debug`, so that no key is printed.
pub(crate) struct Credentials {
    pub(crate) token: String,
    /// What the token was granted.
    pub(crate) scopes: Vec<String>,
    pub(crate) developer_key: String,
    /// Gives further tokens, which run out.
    pub(crate) oauth: OAuth,
}

impl Credentials {
    /// Refuses a request that brings something else than the operation asks for.
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
            match self.oauth.worth(sent) {
                Worth::Good => {}
                Worth::Expired => return Err(ApiError::expired()),
                Worth::Nothing => return Err(ApiError::unauthenticated()),
            }
        }
        if !operation.is_granted_by(&self.scopes) {
            return Err(ApiError::missing_scopes(operation.scopes));
        }
        Ok(())
    }

    fn check_developer_key(&self, query: &Query) -> Result<(), ApiError> {
        let is_key = query.all(DEVELOPER_KEY).eq([self.developer_key.as_str()]);
        if !is_key || !choices::owns_app(query.all(APP_ID).next()) {
            return Err(ApiError::without_developer_key());
        }
        Ok(())
    }
}

/// The token behind the scheme, whose name may be written in any case.
fn bearer_token(authorization: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = authorization.split_at_checked(b"Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}
