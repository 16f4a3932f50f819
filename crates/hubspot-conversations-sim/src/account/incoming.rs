//! Messages that visitors write. No operation of the API does this.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{
    Actor, ActorId, ClientType, ConversationsMessage, DeliveryIdentifier, DeliveryIdentifierType,
    Message, MessageClient, MessageDirection, MessageId, MessageStatus, MessageStatusType,
    NewDeliveryIdentifier, Participant, Sender, ThreadId, ThreadStatus, TruncationStatus,
};

use crate::account::conversation::Conversation;
use crate::account::history_events::Cause;
use crate::account::not_found::NotFound;
use crate::account::{Account, from_sent, ids, visitors};

impl Account {
    /// The visitor of a thread writes a message. `None` if the thread does not exist, is archived,
    /// or has no visitor.
    pub(crate) fn receive(&mut self, thread: u64, text: String) -> Option<MessageId> {
        let conversation = self.threads.get(&thread)?;
        let contact = conversation.thread.associated_contact_id.as_ref()?;
        let visitor = visitors::actor(contact.as_str());
        let entry = self.like_last(conversation, &visitor);

        let at = self.tick();
        self.reopen(thread, at).ok()?;
        self.append_incoming(thread, entry, text, at)
    }

    /// A visitor with an e-mail address writes the first message of a new thread. `None` if the
    /// channel account does not exist or is archived.
    pub(crate) fn receive_first(
        &mut self,
        account: u64,
        email: String,
        text: String,
    ) -> Option<(ThreadId, MessageId)> {
        let account = self.channel_accounts.get(&account)?;
        let account = Some(account).filter(|account| account.archived != Some(true))?.clone();
        let channel = account.channel_id.as_ref()?.as_str().parse().ok()?;

        let at = self.tick();
        let address = NewDeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, email);
        let visitor = self.visitor_at(channel, &Participant::new(address.clone()));
        let thread = self.begin_thread(&account, &visitor, at);
        let mut sender = self.sender(&visitor);
        sender.delivery_identifier = Some(from_sent::address(&address));
        let mut entry = ConversationsMessage::new(String::new().into());
        entry.senders = vec![sender];
        entry.channel_id = account.channel_id;
        entry.channel_account_id = Some(account.id);
        let message = self.append_incoming(thread, entry, text, at)?;
        Some((thread.into(), message))
    }

    /// Opens a thread that receives a message.
    pub(crate) fn reopen(&mut self, thread: u64, at: DateTime<Utc>) -> Result<(), NotFound> {
        // ASSUMPTION: an incoming message reopens a closed thread.
        self.set_status(thread, &ThreadStatus::Open, at, Cause::Hubspot).map(|_| ())
    }

    /// A message with the channel and addresses of the visitor's last message, or else with the
    /// channel that the thread began on.
    fn like_last(&self, conversation: &Conversation, visitor: &ActorId) -> ConversationsMessage {
        let mut entry = ConversationsMessage::new(String::new().into());
        let is_theirs = |entry: &&ConversationsMessage| {
            let sender = entry.senders.first().and_then(|sender| sender.actor_id.as_ref());
            entry.direction == Some(MessageDirection::Incoming) && sender == Some(visitor)
        };
        let mut messages = conversation.history().iter().rev().filter_map(|entry| match entry {
            Message::Message(message) => Some(message),
            _ => None,
        });
        if let Some(last) = messages.find(is_theirs) {
            entry.senders.clone_from(&last.senders);
            entry.recipients.clone_from(&last.recipients);
            entry.subject.clone_from(&last.subject);
            entry.channel_id.clone_from(&last.channel_id);
            entry.channel_account_id.clone_from(&last.channel_account_id);
        } else {
            entry.senders = vec![self.sender(visitor)];
            entry.channel_id.clone_from(&conversation.thread.original_channel_id);
            entry.channel_account_id.clone_from(&conversation.thread.original_channel_account_id);
        }
        entry
    }

    /// The visitor as a message's sender, with the known e-mail address.
    fn sender(&self, visitor: &ActorId) -> Sender {
        let mut sender = Sender::new();
        sender.actor_id = Some(visitor.clone());
        if let Some(Actor::Visitor(visitor)) = self.actors.get(visitor) {
            sender.name.clone_from(&visitor.name);
            let address = |email: &String| {
                DeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, email.clone())
            };
            sender.delivery_identifier = visitor.email.as_ref().map(address);
        }
        sender
    }

    /// Completes and adds a message of which only the sender and the channel are set.
    fn append_incoming(
        &mut self,
        thread: u64,
        mut entry: ConversationsMessage,
        text: String,
        at: DateTime<Utc>,
    ) -> Option<MessageId> {
        let id = ids::message(&mut self.random);
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
        self.append(thread, entry.into()).ok()?;
        Some(id)
    }
}
