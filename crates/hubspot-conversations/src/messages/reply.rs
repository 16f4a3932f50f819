//! An answer to the visitor, sent where the visitor wrote last.

use std::fmt;

use hubspot_conversations_api::Received;

use crate::call_options::{CallOptions, call_options};
use crate::messages::Messages;
use crate::request::Request as _;
use crate::types::{
    ActorId, DeliveryIdentifierType, Message, MessageId, NewAttachment, NewConversationsMessage,
    NewDeliveryIdentifier, NewRecipient, RecipientField, ThreadId,
};
use crate::{Client, Error};

use super::newest_from_outside::{NewestFromOutside, target_of};
use super::target::{Target, is_email, recipient};

/// How many entries of the history to read at a time when looking for what to answer.
const PAGE: u16 = 50;

/// An answer that is being put together. From [`Messages::reply`].
///
/// It goes to where the newest message from outside came from, or the one that
/// [`in_reply_to`](Self::in_reply_to) names: the same channel, the same channel account, the
/// sender's delivery identifiers, and for e-mail the same subject.
///
/// It never goes to somebody else instead. Where an entry may be the newest message from outside
/// and does not say where it came from, nothing is sent, and the error names the entry.
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

    /// Who answers: an agent's actor id (`A-2620022`) or user id (`2620022`). Required.
    pub fn as_agent(mut self, agent: impl Into<ActorId>) -> Self {
        self.agent = Some(crate::actors::agent(agent.into()));
        self
    }

    /// The message to answer, in place of the newest one from outside, such as the one that a
    /// webhook named. An outgoing message, a comment or an event cannot be answered.
    pub fn in_reply_to(mut self, message: impl Into<MessageId>) -> Self {
        self.in_reply_to = Some(message.into());
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

    /// Finds where to answer, and sends the answer, once: see [`Messages::create`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if
    /// the agent is missing, if the thread holds no message from outside, or if it is not known
    /// where the message to answer came from or which one is the newest, because two may be it or
    /// because the history may not be complete. Else see
    /// [`ErrorKind`](crate::ErrorKind).
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

/// Where the newest message from outside came from.
async fn newest(messages: &Messages, options: &CallOptions) -> Result<Target, Error> {
    let history = messages.list().sort("-createdAt").limit(PAGE);
    let mut history = history.options(options.clone()).pages();
    let mut newest = NewestFromOutside::default();
    while let Some(page) = history.try_next().await? {
        newest.read(&page);
        if newest.is_settled() {
            break;
        }
    }
    newest.target()
}

/// Where a message came from that the caller chose.
async fn chosen(
    messages: &Messages,
    message: &MessageId,
    options: &CallOptions,
) -> Result<Target, Error> {
    let entry = messages.entry(message).options(options.clone()).send().await?;
    target_of(message, entry.get())
}
