//! A reply to the newest message from outside.

use hubspot_conversations_api::Received;

use crate::Error;
use crate::call_options::{CallOptions, call_options};
use crate::debug::debug_shows;
use crate::messages::Messages;
use crate::request::Request as _;
use crate::types::{
    ActorId, DeliveryIdentifierType, Message, MessageId, NewAttachment, NewConversationsMessage,
    NewDeliveryIdentifier, NewRecipient, RecipientField,
};

use super::newest_from_outside::{NewestFromOutside, target_of};
use super::target::{Target, is_email, recipient};

/// A reply to be sent. From [`Messages::reply`].
///
/// It goes to the origin of the newest message from outside, or of the one that
/// [`in_reply_to`](Self::in_reply_to) names: the same channel, the same channel account, the
/// sender's delivery identifiers, and for e-mail the same subject.
///
/// It never goes to anyone else. If an entry may be the newest message from outside and its origin is
/// unknown, nothing is sent, and the error names the entry.
#[must_use = "a reply does nothing until it is sent"]
#[derive(Clone)]
pub struct Reply {
    messages: Messages,
    agent: Option<ActorId>,
    in_reply_to: Option<MessageId>,
    text: String,
    rich_text: Option<String>,
    subject: Option<String>,
    attachments: Vec<NewAttachment>,
    recipients: Vec<NewRecipient>,
    options: CallOptions,
}

debug_shows!(Reply: messages);

impl Reply {
    pub(super) fn new(messages: &Messages, text: String) -> Self {
        Self {
            messages: messages.clone(),
            agent: None,
            in_reply_to: None,
            text,
            rich_text: None,
            subject: None,
            attachments: Vec::new(),
            recipients: Vec::new(),
            options: CallOptions::default(),
        }
    }

    call_options!();

    /// The sender: an agent's actor id (`A-2620022`) or user id (`2620022`). Required.
    pub fn as_agent(mut self, agent: impl Into<ActorId>) -> Self {
        self.agent = Some(crate::actors::agent(agent.into()));
        self
    }

    /// The message to reply to, instead of the newest one from outside, such as one that a webhook
    /// named. It cannot be an outgoing message, a comment or an event.
    pub fn in_reply_to(mut self, message: impl Into<MessageId>) -> Self {
        self.in_reply_to = Some(message.into());
        self
    }

    /// The reply as HTML, in addition to the plain text.
    pub fn rich_text(mut self, html: impl Into<String>) -> Self {
        self.rich_text = Some(html.into());
        self
    }

    /// The subject, for e-mail, instead of that of the message replied to.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Adds an attachment.
    pub fn attach(mut self, attachment: impl Into<NewAttachment>) -> Self {
        self.attachments.push(attachment.into());
        self
    }

    /// Adds a recipient of a copy, by e-mail.
    pub fn cc(mut self, email: impl Into<String>) -> Self {
        let address =
            NewDeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, email.into());
        self.recipients.push(recipient(vec![address], RecipientField::Cc));
        self
    }

    /// Finds the recipient, and sends the reply once: see [`Messages::create`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if
    /// the agent is missing, the thread has no message from outside, its origin is unknown, or it is
    /// not certain which one is the newest. Else see [`ErrorKind`](crate::ErrorKind).
    pub async fn send(self) -> Result<Received<Message>, Error> {
        let agent = self.agent.ok_or_else(|| {
            Error::invalid("a reply needs the agent who sends it: name one with `as_agent`")
        })?;
        let target = match &self.in_reply_to {
            Some(message) => chosen(&self.messages, message, &self.options).await?,
            None => newest(&self.messages, &self.options).await?,
        };

        let email = target.recipient.delivery_identifiers.iter().any(is_email);
        let mut recipients = vec![target.recipient];
        recipients.extend(self.recipients);
        let mut message = NewConversationsMessage::new(self.text, agent)
            .channel_id(target.channel)
            .channel_account_id(target.account)
            .recipients(recipients)
            .attachments(self.attachments);
        message.rich_text = self.rich_text;
        message.subject = self.subject.or(target.subject.filter(|_| email));
        self.messages.create(message).options(self.options).send().await
    }
}

/// The origin of the newest message from outside.
async fn newest(messages: &Messages, options: &CallOptions) -> Result<Target, Error> {
    let mut history = messages.newest_first(false).options(options.clone()).pages();
    let mut newest = NewestFromOutside::default();
    while let Some(page) = history.try_next().await? {
        newest.read(&page);
        if newest.is_settled() {
            break;
        }
    }
    newest.target()
}

/// The origin of the message that the caller chose.
async fn chosen(
    messages: &Messages,
    message: &MessageId,
    options: &CallOptions,
) -> Result<Target, Error> {
    let entry = messages.entry(message).options(options.clone()).send().await?;
    target_of(message, entry.get())
}
