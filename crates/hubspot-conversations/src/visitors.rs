//! Visitors of your own pages.

use crate::Client;
use crate::requests::CreateVisitorToken;
use crate::types::NewVisitorToken;

/// Visitors who are signed in to a page of your own. From [`Client::visitors`].
#[derive(Clone, Debug)]
pub struct Visitors {
    client: Client,
}

impl Client {
    /// Visitors who are signed in to a page of your own.
    pub fn visitors(&self) -> Visitors {
        Visitors { client: self.clone() }
    }
}

impl Visitors {
    /// Creates a token that identifies the visitor to the chat widget. Valid for 12 hours.
    ///
    /// Scope: `conversations.visitor_identification.tokens.create`. HubSpot returns 403 to accounts
    /// below Professional.
    pub fn token(&self, email: impl Into<String>) -> CreateVisitorToken {
        CreateVisitorToken::new(&self.client, NewVisitorToken::new(email.into()))
    }
}
