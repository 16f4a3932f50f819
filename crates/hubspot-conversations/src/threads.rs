//! Threads.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::{self as api, OperationId, Page, Received};

use crate::Client;
use crate::endpoint::{Endpoint, ListEndpoint, Request, Sealed, Sent};
use crate::parameters::parameters;
use crate::types::{
    ActorId, ContactId, InboxId, Thread, ThreadAssignment, ThreadAssociation, ThreadId,
    ThreadStatus, ThreadUpdate, TicketId,
};

/// Threads: conversations with one contact each. From [`Client::threads`].
#[derive(Clone, Debug)]
pub struct Threads {
    client: Client,
}

impl Threads {
    pub(crate) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Lists threads. Scope: `conversations.read`.
    pub fn list(&self) -> Request<ListThreads> {
        Request::new(&self.client, ListThreads::default())
    }

    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, thread: impl Into<ThreadId>) -> Request<GetThread> {
        Request::new(&self.client, GetThread::new(thread.into()))
    }

    /// Closes a thread. Scope: `conversations.write`.
    pub fn close(&self, thread: impl Into<ThreadId>) -> Request<UpdateThread> {
        self.set_status(thread.into(), ThreadStatus::Closed)
    }

    /// Opens a closed thread again. Scope: `conversations.write`.
    pub fn reopen(&self, thread: impl Into<ThreadId>) -> Request<UpdateThread> {
        self.set_status(thread.into(), ThreadStatus::Open)
    }

    /// Brings an archived thread back, up to 30 days later. Scope: `conversations.write`.
    pub fn restore(&self, thread: impl Into<ThreadId>) -> Request<UpdateThread> {
        let mut update = ThreadUpdate::new();
        update.archived = Some(false);
        let endpoint = UpdateThread { thread: thread.into(), archived: Some(true), update };
        Request::new(&self.client, endpoint)
    }

    /// Archives a thread. It is deleted for good 30 days later. Scope: `conversations.write`.
    pub fn archive(&self, thread: impl Into<ThreadId>) -> Request<ArchiveThread> {
        Request::new(&self.client, ArchiveThread { thread: thread.into() })
    }

    /// Makes an agent responsible for a thread. Scope: `conversations.write`.
    pub fn assign(
        &self,
        thread: impl Into<ThreadId>,
        agent: impl Into<ActorId>,
    ) -> Request<AssignThread> {
        let assignment = ThreadAssignment::new(crate::actors::agent(agent.into()));
        Request::new(&self.client, AssignThread { thread: thread.into(), assignment })
    }

    /// Makes nobody responsible for a thread. Scope: `conversations.write`.
    pub fn unassign(&self, thread: impl Into<ThreadId>) -> Request<UnassignThread> {
        Request::new(&self.client, UnassignThread { thread: thread.into() })
    }

    fn set_status(&self, thread: ThreadId, status: ThreadStatus) -> Request<UpdateThread> {
        let mut update = ThreadUpdate::new();
        update.status = Some(status);
        Request::new(&self.client, UpdateThread { thread, archived: None, update })
    }
}

/// `list_threads`, with its parameters.
#[derive(Clone, Debug, Default)]
pub struct ListThreads {
    after: Option<String>,
    archived: Option<bool>,
    contact: Option<ContactId>,
    ticket: Option<TicketId>,
    association: Option<Vec<ThreadAssociation>>,
    inboxes: Option<Vec<InboxId>>,
    latest_message_after: Option<DateTime<Utc>>,
    limit: Option<i32>,
    property: Option<String>,
    sort: Option<Vec<String>>,
    status: Option<ThreadStatus>,
}

parameters!(ListThreads: after, list_archived, association, limit, property, sort);

impl Request<ListThreads> {
    /// Only threads with this contact. HubSpot then needs [`status`](Self::status), and takes no
    /// [`inbox`](Self::inbox).
    pub fn contact(mut self, contact: impl Into<ContactId>) -> Self {
        self.endpoint.contact = Some(contact.into());
        self
    }

    /// Only threads of this ticket.
    pub fn ticket(mut self, ticket: impl Into<TicketId>) -> Self {
        self.endpoint.ticket = Some(ticket.into());
        self
    }

    /// Only threads of this inbox. HubSpot takes one.
    pub fn inbox(mut self, inbox: impl Into<InboxId>) -> Self {
        self.endpoint.inboxes.get_or_insert_default().push(inbox.into());
        self
    }

    /// Only threads with a message later than this. Needed to sort by `latestMessageTimestamp`.
    pub fn latest_message_after(mut self, time: DateTime<Utc>) -> Self {
        self.endpoint.latest_message_after = Some(time);
        self
    }

    /// Only open or only closed threads.
    pub fn status(mut self, status: ThreadStatus) -> Self {
        self.endpoint.status = Some(status);
        self
    }
}

impl Sealed for ListThreads {}

impl Endpoint for ListThreads {
    const OPERATION: OperationId = OperationId::ListThreads;
    type Output = Page<Thread>;

    async fn call(&self, api: &api::Client) -> Sent<Page<Thread>> {
        api.list_threads(
            self.after.as_deref(),
            self.archived,
            self.contact.as_ref(),
            self.ticket.as_ref(),
            self.association.as_ref(),
            self.inboxes.as_ref(),
            self.latest_message_after.as_ref(),
            self.limit,
            self.property.as_deref(),
            self.sort.as_ref(),
            self.status.as_ref(),
        )
        .await
    }
}

impl ListEndpoint for ListThreads {
    type Item = Thread;

    fn set_after(&mut self, after: String) {
        self.after = Some(after);
    }
}

/// `get_thread`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetThread {
    thread: ThreadId,
    archived: Option<bool>,
    association: Option<Vec<ThreadAssociation>>,
    property: Option<String>,
}

impl GetThread {
    fn new(thread: ThreadId) -> Self {
        Self { thread, archived: None, association: None, property: None }
    }
}

parameters!(GetThread: get_archived, association, property);

impl Sealed for GetThread {}

impl Endpoint for GetThread {
    const OPERATION: OperationId = OperationId::GetThread;
    type Output = Received<Thread>;

    async fn call(&self, api: &api::Client) -> Sent<Received<Thread>> {
        api.get_thread(
            &self.thread,
            self.archived,
            self.association.as_ref(),
            self.property.as_deref(),
        )
        .await
    }
}

/// `update_thread`, with its parameters. From [`Threads::close`], [`Threads::reopen`] and
/// [`Threads::restore`].
#[derive(Clone, Debug)]
pub struct UpdateThread {
    thread: ThreadId,
    archived: Option<bool>,
    update: ThreadUpdate,
}

impl Sealed for UpdateThread {}

impl Endpoint for UpdateThread {
    const OPERATION: OperationId = OperationId::UpdateThread;
    type Output = Received<Thread>;

    async fn call(&self, api: &api::Client) -> Sent<Received<Thread>> {
        api.update_thread(&self.thread, self.archived, &self.update).await
    }

    fn read_again(&self) -> Option<impl Endpoint<Output = Received<Thread>>> {
        Some(GetThread::new(self.thread.clone()))
    }
}

/// `archive_thread`, with its parameters.
#[derive(Clone, Debug)]
pub struct ArchiveThread {
    thread: ThreadId,
}

impl Sealed for ArchiveThread {}

impl Endpoint for ArchiveThread {
    const OPERATION: OperationId = OperationId::ArchiveThread;
    type Output = ();

    async fn call(&self, api: &api::Client) -> Sent<()> {
        api.archive_thread(&self.thread).await
    }
}

/// `assign_thread`, with its parameters.
#[derive(Clone, Debug)]
pub struct AssignThread {
    thread: ThreadId,
    assignment: ThreadAssignment,
}

impl Sealed for AssignThread {}

impl Endpoint for AssignThread {
    const OPERATION: OperationId = OperationId::AssignThread;
    type Output = Received<Thread>;

    async fn call(&self, api: &api::Client) -> Sent<Received<Thread>> {
        api.assign_thread(&self.thread, &self.assignment).await
    }

    fn read_again(&self) -> Option<impl Endpoint<Output = Received<Thread>>> {
        Some(GetThread::new(self.thread.clone()))
    }
}

/// `unassign_thread`, with its parameters.
#[derive(Clone, Debug)]
pub struct UnassignThread {
    thread: ThreadId,
}

impl Sealed for UnassignThread {}

impl Endpoint for UnassignThread {
    const OPERATION: OperationId = OperationId::UnassignThread;
    type Output = ();

    async fn call(&self, api: &api::Client) -> Sent<()> {
        api.unassign_thread(&self.thread).await
    }
}
