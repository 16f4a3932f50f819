//! Tokens by which a chat widget knows a signed-in visitor.

use hubspot_conversations_api::types::{NewVisitorToken, VisitorToken};

use crate::call::{Answer, Call};
use crate::choices;
use crate::errors::ApiError;
use crate::state::State;

/// Each call answers another token. HubSpot's are good for twelve hours.
pub(crate) fn create_token(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let visitor: NewVisitorToken = call.json()?;
    if !looks_like_an_address(&visitor.email) {
        return Err(ApiError::invalid("email", "expected an e-mail address"));
    }
    state.tick();
    Ok(Answer::ok(&VisitorToken::new(choices::visitor_token(&mut state.random))))
}

fn looks_like_an_address(email: &str) -> bool {
    match email.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && !email.contains(char::is_whitespace)
                && !domain.contains('@')
                && domain.split('.').count() > 1
                && domain.split('.').all(|label| !label.is_empty())
        }
        None => false,
    }
}
