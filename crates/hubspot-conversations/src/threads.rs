//! Threads.

use crate::Client;
use crate::requests::{
    ArchiveThread, AssignThread, GetThread, ListThreads, UnassignThread, UpdateThread,
};
use crate::types::{ActorId, ThreadAssignment, ThreadId, ThreadStatus, ThreadUpdate};

/// Threads: conversations with one contact each. From [`Client::threads`].
#[derive(Clone, Debug)]
pub struct Threads {
    client: Client,
}

impl Client {
    /// Threads: conversations with one contact each.
    pub fn threads(&self) -> Threads {
        Threads { client: self.clone() }
    }
}

impl Threads {
    /// Lists threads. Scope: `conversations.read`.
    pub fn list(&self) -> ListThreads {
        ListThreads::new(&self.client)
    }

    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, thread: impl Into<ThreadId>) -> GetThread {
        GetThread::new(&self.client, thread)
    }

    /// Closes a thread. Scope: `conversations.write`.
    pub fn close(&self, thread: impl Into<ThreadId>) -> UpdateThread {
        self.set_status(thread.into(), ThreadStatus::Closed)
    }

    /// Opens a closed thread again. Scope: `conversations.write`.
    pub fn reopen(&self, thread: impl Into<ThreadId>) -> UpdateThread {
        self.set_status(thread.into(), ThreadStatus::Open)
    }

    /// Brings an archived thread back, up to 30 days later. Scope: `conversations.write`.
    pub fn restore(&self, thread: impl Into<ThreadId>) -> UpdateThread {
        let update = ThreadUpdate::new().archived(false);
        UpdateThread::new(&self.client, thread, update).archived(true)
    }

    /// Archives a thread. It is deleted for good 30 days later. Scope: `conversations.write`.
    pub fn archive(&self, thread: impl Into<ThreadId>) -> ArchiveThread {
        ArchiveThread::new(&self.client, thread)
    }

    /// Assigns a thread to an agent. Scope: `conversations.write`.
    pub fn assign(&self, thread: impl Into<ThreadId>, agent: impl Into<ActorId>) -> AssignThread {
        let assignment = ThreadAssignment::new(crate::actors::agent(agent.into()));
        AssignThread::new(&self.client, thread, assignment)
    }

    /// Unassigns a thread. Scope: `conversations.write`.
    pub fn unassign(&self, thread: impl Into<ThreadId>) -> UnassignThread {
        UnassignThread::new(&self.client, thread)
    }

    fn set_status(&self, thread: ThreadId, status: ThreadStatus) -> UpdateThread {
        UpdateThread::new(&self.client, thread, ThreadUpdate::new().status(status))
    }
}
