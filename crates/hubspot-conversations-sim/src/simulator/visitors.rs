//! Lets visitors write, which no operation of the API does.

use hubspot_conversations_api::types::{MessageId, ThreadId};

use crate::simulator::Simulator;

impl Simulator {
    /// The visitor of a thread writes a message. This moves the clock as a write does, and reopens a
    /// closed thread. Returns the message's id. `None` if the thread does not exist, is archived, or
    /// has no visitor.
    pub fn receive(&self, thread: impl AsRef<str>, text: impl Into<String>) -> Option<MessageId> {
        let thread = thread.as_ref().parse().ok()?;
        self.server.change(|account| account.receive(thread, text.into()))
    }

    /// A visitor with this e-mail address writes the first message of a new thread, through a
    /// channel account. The address finds a contact or creates one. Returns the ids of the thread
    /// and the message. `None` if the channel account does not exist or is archived.
    pub fn begin_thread(
        &self,
        channel_account: impl AsRef<str>,
        email: impl Into<String>,
        text: impl Into<String>,
    ) -> Option<(ThreadId, MessageId)> {
        let id = channel_account.as_ref().parse().ok()?;
        self.server.change(|account| account.receive_first(id, email.into(), text.into()))
    }
}
