//! Entries that HubSpot adds to a thread's history itself.

use chrono::{DateTime, Utc};
use fastrand::Rng;
use hubspot_conversations_api::types::{
    ActorId, AssignmentMessage, ClientType, InboxId, Message, MessageClient, Sender, ThreadId,
    ThreadInboxChange, ThreadStatus, ThreadStatusChange,
};

use crate::account::ids;
use crate::assumptions;

/// HubSpot itself, as an actor.
pub(crate) const HUBSPOT: &str = "S-hubspot";

/// Who caused an event.
#[derive(Clone, Debug)]
pub(crate) enum Cause {
    /// HubSpot itself.
    Hubspot,
    /// A person who works in HubSpot.
    Agent(ActorId),
    /// The app that the request's token belongs to.
    App,
}

impl Cause {
    fn actor(&self) -> ActorId {
        match self {
            Self::Hubspot => HUBSPOT.into(),
            Self::Agent(agent) => agent.clone(),
            Self::App => app(),
        }
    }

    fn client(&self) -> MessageClient {
        match self {
            Self::Hubspot | Self::Agent(_) => MessageClient::new(ClientType::System),
            Self::App => app_client(),
        }
    }
}

/// The app that requests authenticate as, as an actor.
pub(crate) fn app() -> ActorId {
    format!("I-{}", assumptions::APP_ID).into()
}

/// The app that requests authenticate as, as the program that created an entry.
pub(crate) fn app_client() -> MessageClient {
    let mut client = MessageClient::new(ClientType::Integration);
    client.integration_app_id = Some(assumptions::APP_ID);
    client
}

/// The thread, time and cause of an event.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    pub(crate) thread: &'a ThreadId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) cause: Cause,
}

/// Sets the fields that all three events have.
macro_rules! fill {
    ($entry:ident, $event:ident) => {
        let mut sender = Sender::new();
        sender.actor_id = Some(HUBSPOT.into());
        $entry.conversations_thread_id = Some($event.thread.clone());
        $entry.created_at = Some($event.at);
        $entry.created_by = Some($event.cause.actor());
        $entry.client = Some($event.cause.client());
        $entry.senders = vec![sender];
        $entry.archived = Some(false);
    };
}

impl Event<'_> {
    pub(crate) fn assignment(
        &self,
        random: &mut Rng,
        from: Option<ActorId>,
        to: Option<ActorId>,
    ) -> Message {
        let mut entry = AssignmentMessage::new(ids::event(random));
        fill!(entry, self);
        entry.assigned_from = from;
        entry.assigned_to = to;
        entry.into()
    }

    pub(crate) fn status_change(&self, random: &mut Rng, new: ThreadStatus) -> Message {
        let mut entry = ThreadStatusChange::new(ids::event(random));
        fill!(entry, self);
        entry.new_status = Some(new);
        entry.into()
    }

    pub(crate) fn inbox_change(&self, random: &mut Rng, from: InboxId, to: InboxId) -> Message {
        let mut entry = ThreadInboxChange::new(ids::event(random));
        fill!(entry, self);
        entry.from_inbox_id = Some(from);
        entry.to_inbox_id = Some(to);
        entry.into()
    }
}
