//! A comment for the team.

use hubspot_conversations_api::Received;

use crate::Error;
use crate::call_options::{CallOptions, call_options};
use crate::messages::Messages;
use crate::types::{Message, NewAttachment, NewComment};

/// A comment to be sent. From [`Messages::comment`].
#[must_use = "a comment does nothing until it is sent"]
#[derive(Clone, Debug)]
pub struct Comment {
    messages: Messages,
    comment: NewComment,
    options: CallOptions,
}

impl Comment {
    pub(crate) fn new(messages: &Messages, text: String) -> Self {
        Self {
            messages: messages.clone(),
            comment: NewComment::new(text),
            options: CallOptions::default(),
        }
    }

    call_options!();

    /// The comment as HTML, beside the plain text.
    pub fn rich_text(mut self, html: impl Into<String>) -> Self {
        self.comment.rich_text = Some(html.into());
        self
    }

    /// Adds an attachment.
    pub fn attach(mut self, attachment: impl Into<NewAttachment>) -> Self {
        self.comment.attachments.push(attachment.into());
        self
    }

    /// Sends the comment once: see [`Messages::create`].
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind).
    pub async fn send(self) -> Result<Received<Message>, Error> {
        self.messages.create(self.comment).options(self.options).send().await
    }
}
