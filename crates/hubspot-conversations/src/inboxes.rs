//! Inboxes and help desks.

use hubspot_conversations_api::{self as api, OperationId, Page, Received};

use crate::Client;
use crate::endpoint::{Endpoint, ListEndpoint, Request, Sealed, Sent};
use crate::parameters::parameters;
use crate::types::{Inbox, InboxId};

/// Inboxes and help desks: where threads arrive. From [`Client::inboxes`].
#[derive(Clone, Debug)]
pub struct Inboxes {
    client: Client,
}

impl Inboxes {
    pub(crate) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Lists inboxes and help desks. Scope: `conversations.read`.
    pub fn list(&self) -> Request<ListInboxes> {
        Request::new(&self.client, ListInboxes::default())
    }

    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, inbox: impl Into<InboxId>) -> Request<GetInbox> {
        Request::new(&self.client, GetInbox { inbox: inbox.into(), archived: None })
    }
}

/// `list_inboxes`, with its parameters.
#[derive(Clone, Debug, Default)]
pub struct ListInboxes {
    after: Option<String>,
    archived: Option<bool>,
    default_page_length: Option<i32>,
    limit: Option<i32>,
    sort: Option<Vec<String>>,
}

parameters!(ListInboxes: after, list_archived, default_page_length, limit, sort);

impl Sealed for ListInboxes {}

impl Endpoint for ListInboxes {
    const OPERATION: OperationId = OperationId::ListInboxes;
    type Output = Page<Inbox>;

    async fn call(&self, api: &api::Client) -> Sent<Page<Inbox>> {
        api.list_inboxes(
            self.after.as_deref(),
            self.archived,
            self.default_page_length,
            self.limit,
            self.sort.as_ref(),
        )
        .await
    }
}

impl ListEndpoint for ListInboxes {
    type Item = Inbox;

    fn set_after(&mut self, after: String) {
        self.after = Some(after);
    }
}

/// `get_inbox`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetInbox {
    inbox: InboxId,
    archived: Option<bool>,
}

parameters!(GetInbox: get_archived);

impl Sealed for GetInbox {}

impl Endpoint for GetInbox {
    const OPERATION: OperationId = OperationId::GetInbox;
    type Output = Received<Inbox>;

    async fn call(&self, api: &api::Client) -> Sent<Received<Inbox>> {
        api.get_inbox(&self.inbox, self.archived).await
    }
}
