//! Tokens that identify signed-in visitors to a chat widget.

use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{NewVisitorToken, VisitorToken};

use crate::account::Account;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;
use crate::resources::Handlers;

pub(crate) const HANDLERS: Handlers = &[(OperationId::CreateVisitorToken, create)];

/// Creates a new token on each call. HubSpot's expire after twelve hours.
fn create(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let visitor: NewVisitorToken = call.json()?;
    if !looks_like_an_address(&visitor.email) {
        return Err(ApiError::invalid("email", "expected an e-mail address"));
    }
    account.tick();
    // ASSUMPTION: a visitor token consists of forty hexadecimal digits.
    let random = &mut account.random;
    let token = format!("{:032x}{:08x}", random.u128(..), random.u32(..));
    Ok(ApiResponse::ok(&VisitorToken::new(token)))
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
