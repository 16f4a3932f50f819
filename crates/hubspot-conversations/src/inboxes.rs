//! Inboxes and help desks.

use crate::Client;
use crate::requests::{GetInbox, ListInboxes};
use crate::types::InboxId;

/// Inboxes and help desks: where threads arrive. From [`Client::inboxes`].
#[derive(Clone, Debug)]
pub struct Inboxes {
    client: Client,
}

impl Client {
    /// Inboxes and help desks.
    pub fn inboxes(&self) -> Inboxes {
        Inboxes { client: self.clone() }
    }
}

impl Inboxes {
    /// Lists inboxes and help desks. Scope: `conversations.read`.
    pub fn list(&self) -> ListInboxes {
        ListInboxes::new(&self.client)
    }

    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, inbox: impl Into<InboxId>) -> GetInbox {
        GetInbox::new(&self.client, inbox)
    }
}
