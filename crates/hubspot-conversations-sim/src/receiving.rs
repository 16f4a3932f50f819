//! Visitors who write, which no operation of the API does.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    Actor, ActorId, ClientType, ConversationsMessage, DeliveryIdentifier, DeliveryIdentifierType,
    Message, MessageClient, MessageDirection, MessageId, MessageStatus, MessageStatusType,
    NewDeliveryIdentifier, Participant, Sender, ThreadId, ThreadStatus, TruncationStatus,
};

use crate::answered;
use crate::channel_accounts::is_archived;
use crate::choices;
use crate::conversation::Conversation;
use crate::custom_channels::visitors;
use crate::history_events::Cause;
use crate::ids;
use crate::simulator::Simulator;
use crate::state::State;
use crate::threads;

impl Simulator {
    /// The visitor of a thread writes a message, which moves the clock as a write does and opens
    /// a closed thread again. Answers the message's id. `None` if there is no such thread, or it
    /// is archived or without a visitor.
    pub fn receive(&self, thread: impl AsRef<str>, text: impl Into<String>) -> Option<MessageId> {
        let thread = thread.as_ref().parse().ok()?;
        self.server.change(|state| receive(state, thread, text.into()))
    }

    /// A visitor who has this e-mail address writes the first message of a new thread, through a
    /// channel account. The address finds the contact who has it, or makes one. Answers the ids of
    /// the thread and the message. `None` if there is no such account, or it is archived.
    pub fn begin_thread(
        &self,
        channel_account: impl AsRef<str>,
        email: impl Into<String>,
        text: impl Into<String>,
    ) -> Option<(ThreadId, MessageId)> {
        let account = channel_account.as_ref().parse().ok()?;
        self.server.change(|state| begin(state, account, email.into(), text.into()))
    }
}

fn receive(state: &mut State, thread: u64, text: String) -> Option<MessageId> {
    let conversation = state.threads.get(&thread)?;
    let contact = conversation.thread.associated_contact_id.as_ref()?;
    let visitor = visitors::actor(contact.as_str());
    let entry = next(state, conversation, &visitor);

    let at = state.tick();
    if choices::REOPENS {
        threads::set_status(state, thread, &ThreadStatus::Open, at, Cause::Hubspot).ok()?;
    }
    append(state, thread, entry, text, at)
}

fn begin(
    state: &mut State,
    account: u64,
    email: String,
    text: String,
) -> Option<(ThreadId, MessageId)> {
    let account = state.channel_accounts.get(&account).filter(|account| !is_archived(account))?;
    let account = account.clone();
    let channel = account.channel_id.as_ref()?.as_str().parse().ok()?;

    let at = state.tick();
    let address = NewDeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, email);
    let visitor = visitors::at(state, channel, &Participant::new(address.clone()));
    let thread = threads::begin(state, &account, &visitor, at);
    let mut sender = sender(state, &visitor);
    sender.delivery_identifier = Some(answered::address(&address));
    let mut entry = ConversationsMessage::new(String::new().into());
    entry.senders = vec![sender];
    entry.channel_id = account.channel_id;
    entry.channel_account_id = Some(account.id);
    let message = append(state, thread, entry, text, at)?;
    Some((thread.into(), message))
}

/// A message from where the visitor wrote the last time, or else from where the thread began.
fn next(state: &State, conversation: &Conversation, visitor: &ActorId) -> ConversationsMessage {
    let mut entry = ConversationsMessage::new(String::new().into());
    let is_theirs = |entry: &&ConversationsMessage| {
        let sender = entry.senders.first().and_then(|sender| sender.actor_id.as_ref());
        entry.direction == Some(MessageDirection::Incoming) && sender == Some(visitor)
    };
    let messages = conversation.history().iter().rev().filter_map(|entry| match entry {
        Message::Message(message) => Some(message),
        _ => None,
    });
    if let Some(last) = messages.into_iter().find(is_theirs) {
        entry.senders.clone_from(&last.senders);
        entry.recipients.clone_from(&last.recipients);
        entry.subject.clone_from(&last.subject);
        entry.channel_id.clone_from(&last.channel_id);
        entry.channel_account_id.clone_from(&last.channel_account_id);
    } else {
        entry.senders = vec![sender(state, visitor)];
        entry.channel_id.clone_from(&conversation.thread.original_channel_id);
        entry.channel_account_id.clone_from(&conversation.thread.original_channel_account_id);
    }
    entry
}

/// The visitor as the sender of a message, with the address that is known.
fn sender(state: &State, visitor: &ActorId) -> Sender {
    let mut sender = Sender::new();
    sender.actor_id = Some(visitor.clone());
    if let Some(Actor::Visitor(visitor)) = state.actors.get(visitor) {
        sender.name.clone_from(&visitor.name);
        let address = |email: &String| {
            DeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, email.clone())
        };
        sender.delivery_identifier = visitor.email.as_ref().map(address);
    }
    sender
}

/// Adds a message that has a sender and a channel, and nothing else yet.
fn append(
    state: &mut State,
    thread: u64,
    mut entry: ConversationsMessage,
    text: String,
    at: DateTime<Utc>,
) -> Option<MessageId> {
    let id = ids::message(&mut state.random);
    entry.id = id.clone();
    entry.conversations_thread_id = Some(thread.into());
    entry.created_at = Some(at);
    entry.updated_at = Some(at);
    entry.created_by = entry.senders.first().and_then(|sender| sender.actor_id.clone());
    entry.client = Some(MessageClient::new(ClientType::System));
    entry.archived = Some(false);
    entry.text = Some(text);
    entry.truncation_status = Some(TruncationStatus::NotTruncated);
    entry.status = Some(MessageStatus::new(MessageStatusType::Received));
    entry.direction = Some(MessageDirection::Incoming);
    state.append(thread, entry.into()).ok()?;
    Some(id)
}
