//! An answer to the visitor, sent where the visitor wrote last.

use std::fmt;

use hubspot_conversations_api::Received;

use crate::call_options::{CallOptions, call_options};
use crate::messages::Messages;
use crate::types::{
    ActorId, ChannelAccountId, ChannelId, ConversationsMessage, DeliveryIdentifier,
    DeliveryIdentifierType, Message, MessageDirection, NewAttachment, NewConversationsMessage,
    NewDeliveryIdentifier, NewRecipient, RecipientField, ThreadId,
};
use crate::{Client, Error};

/// How many entries of the history to read at a time when looking for what to answer.
const PAGE: u16 = 50;

/// An answer that is being put together. From [`Messages::reply`].
///
/// It goes to where the latest message from outside came from: the same channel, the same channel
/// account, the sender's delivery identifiers, and for e-mail the same subject.
#[must_use = "a reply does nothing until it is sent"]
#[derive(Clone)]
pub struct Reply {
    messages: Messages,
    agent: Option<ActorId>,
    text: String,
    rich_text: Option<String>,
    subject: Option<String>,
    attachments: Vec<NewAttachment>,
    recipients: Vec<NewRecipient>,
    options: CallOptions,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("messages", &self.messages).finish_non_exhaustive()
    }
}

impl Reply {
    pub(crate) fn new(client: &Client, thread: &ThreadId, text: String) -> Self {
        Self {
            messages: Messages::new(client, thread.clone()),
            agent: None,
            text,
            rich_text: None,
            subject: None,
            attachments: Vec::new(),
            recipients: Vec::new(),
            options: CallOptions::default(),
        }
    }

    call_options!();

    /// Who answers: an agent's actor id (`A-2620022`) or user id (`2620022`). Required.
    pub fn as_agent(mut self, agent: impl Into<ActorId>) -> Self {
        self.agent = Some(crate::actors::agent(agent.into()));
        self
    }

    /// The answer as HTML, beside the plain text.
    pub fn rich_text(mut self, html: impl Into<String>) -> Self {
        self.rich_text = Some(html.into());
        self
    }

    /// Another subject than that of the message answered. For e-mail.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Something to attach, beside what was attached before.
    pub fn attach(mut self, attachment: impl Into<NewAttachment>) -> Self {
        self.attachments.push(attachment.into());
        self
    }

    /// Somebody to send a copy to, by e-mail.
    pub fn cc(mut self, email: impl Into<String>) -> Self {
        let address =
            NewDeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, email.into());
        self.recipients.push(recipient(vec![address], RecipientField::Cc));
        self
    }

    /// Finds where to answer, and sends the answer, once: see [`Messages::send`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if it was not said who answers, or if
    /// the thread holds no message from outside that can be answered. Else see
    /// [`ErrorKind`](crate::ErrorKind).
    pub async fn send(self) -> Result<Received<Message>, Error> {
        let agent = self.agent.ok_or_else(|| {
            Error::invalid("a reply needs the agent who sends it: name one with `as_agent`")
        })?;
        let target = Target::find(&self.messages, &self.options).await?;

        let email = target.recipient.delivery_identifiers.iter().any(is_email);
        let mut recipients = vec![target.recipient];
        recipients.extend(self.recipients);
        let mut message = NewConversationsMessage::new(
            self.text,
            recipients,
            agent,
            target.channel,
            target.account,
            self.attachments,
        );
        message.rich_text = self.rich_text;
        message.subject = self.subject.or(target.subject.filter(|_| email));
        self.messages.send(message).options(self.options).send().await
    }
}

/// Where an answer goes.
struct Target {
    channel: ChannelId,
    account: ChannelAccountId,
    recipient: NewRecipient,
    subject: Option<String>,
}

impl Target {
    /// Looks back through the history for the latest message from outside.
    async fn find(messages: &Messages, options: &CallOptions) -> Result<Self, Error> {
        let history = messages.list().sort("-createdAt").limit(PAGE);
        let mut history = history.options(options.clone()).pages();
        while let Some(page) = history.try_next().await? {
            // An entry that cannot be read cannot be answered; an older one may.
            let entries = page.results.iter().filter_map(|item| item.decode().ok());
            let mut targets = entries.filter_map(|entry| match entry {
                Message::Message(message) => Self::of(message),
                _ => None,
            });
            if let Some(target) = targets.next() {
                return Ok(target);
            }
        }
        Err(Error::invalid(
            "the thread has no incoming message with a sender to answer: \
             use `send` and say where it goes",
        ))
    }

    /// The target, if this message came from outside and says how to answer it.
    fn of(message: ConversationsMessage) -> Option<Self> {
        if message.direction != Some(MessageDirection::Incoming) {
            return None;
        }
        // An agent who writes from a personal mailbox appears as incoming, too.
        let outside = message.senders.into_iter().filter(|sender| {
            !sender.actor_id.as_ref().is_some_and(|actor| actor.as_str().starts_with("A-"))
        });
        let mut addresses: Vec<NewDeliveryIdentifier> = Vec::new();
        for address in outside.filter_map(|sender| sendable(sender.delivery_identifier?)) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        if addresses.is_empty() {
            return None;
        }
        Some(Self {
            channel: message.channel_id?,
            account: message.channel_account_id?,
            recipient: recipient(addresses, RecipientField::To),
            subject: message.subject,
        })
    }
}

fn recipient(addresses: Vec<NewDeliveryIdentifier>, field: RecipientField) -> NewRecipient {
    let is_email = addresses.iter().any(is_email);
    let mut recipient = NewRecipient::new(addresses);
    recipient.recipient_field = is_email.then_some(field);
    recipient
}

/// The address as it can be sent to, if nothing of it is missing.
fn sendable(address: DeliveryIdentifier) -> Option<NewDeliveryIdentifier> {
    Some(NewDeliveryIdentifier::new(address.type_?, address.value?))
}

fn is_email(address: &NewDeliveryIdentifier) -> bool {
    address.type_ == DeliveryIdentifierType::HsEmailAddress
}
