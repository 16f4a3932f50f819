//! Visitors of your own pages.

use hubspot_conversations_api::{self as api, OperationId, Received};

use crate::Client;
use crate::endpoint::{Endpoint, Request, Sealed, Sent};
use crate::types::{NewVisitorToken, VisitorToken};

/// Visitors who are signed in to a page of your own. From [`Client::visitors`].
#[derive(Clone, Debug)]
pub struct Visitors {
    client: Client,
}

impl Visitors {
    pub(crate) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Makes a token by which the chat widget knows the visitor. Valid for 12 hours.
    ///
    /// Scope: `conversations.visitor_identification.tokens.create`. HubSpot answers 403 to
    /// accounts below Professional.
    pub fn token(&self, email: impl Into<String>) -> Request<CreateVisitorToken> {
        let visitor = NewVisitorToken::new(email.into());
        Request::new(&self.client, CreateVisitorToken { visitor })
    }
}

/// `create_visitor_token`, with its parameters.
#[derive(Clone, Debug)]
pub struct CreateVisitorToken {
    visitor: NewVisitorToken,
}

impl Request<CreateVisitorToken> {
    /// The given name. HubSpot uses it only while the contact has none.
    pub fn first_name(mut self, name: impl Into<String>) -> Self {
        self.endpoint.visitor.first_name = Some(name.into());
        self
    }

    /// The family name. HubSpot uses it only while the contact has none.
    pub fn last_name(mut self, name: impl Into<String>) -> Self {
        self.endpoint.visitor.last_name = Some(name.into());
        self
    }

    /// Something the customer agent should know of the visitor, beside what was said before.
    pub fn context(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.endpoint.visitor.hs_customer_agent_context.insert(name.into(), value.into());
        self
    }
}

impl Sealed for CreateVisitorToken {}

impl Endpoint for CreateVisitorToken {
    const OPERATION: OperationId = OperationId::CreateVisitorToken;
    type Output = Received<VisitorToken>;

    async fn call(&self, api: &api::Client) -> Sent<Received<VisitorToken>> {
        api.create_visitor_token(&self.visitor).await
    }
}
