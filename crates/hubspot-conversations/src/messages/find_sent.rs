//! Whether a message arrived whose sending failed.

use std::fmt;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::{Item, Received};
use serde::Deserialize;

use crate::Error;
use crate::call_options::{CallOptions, call_options};
use crate::messages::Messages;
use crate::types::{Message, MessageDirection, MessageId};

/// How many entries of the history to read at a time. What is looked for is among the newest.
const PAGE: u16 = 50;

/// A search for something that was sent. From [`Messages::find_sent`].
#[must_use = "nothing is looked for until it is sent"]
#[derive(Clone)]
pub struct FindSent {
    messages: Messages,
    text: String,
    after: Option<MessageId>,
    since: Option<DateTime<Utc>>,
    options: CallOptions,
}

impl fmt::Debug for FindSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FindSent").field("messages", &self.messages).finish_non_exhaustive()
    }
}

impl FindSent {
    pub(crate) fn new(messages: &Messages, text: String) -> Self {
        Self {
            messages: messages.clone(),
            text,
            after: None,
            since: None,
            options: CallOptions::default(),
        }
    }

    call_options!();

    /// Looks only at what is newer than this entry: what [`Messages::newest`] gave before the
    /// sending. `None` if there was nothing then.
    pub fn after(mut self, entry: impl Into<Option<MessageId>>) -> Self {
        self.after = entry.into();
        self
    }

    /// Looks only at what was created at this instant or later, by HubSpot's clock. Leave some
    /// seconds for a difference to yours.
    pub fn since(mut self, instant: DateTime<Utc>) -> Self {
        self.since = Some(instant);
        self
    }

    /// Looks for the newest outgoing message or comment with the text. White space at the ends and
    /// the kind of line breaks are not compared.
    ///
    /// The whole history is read, unless [`after`](Self::after) or [`since`](Self::since) ends it
    /// sooner; without either of them, an older message with the same text is found, too. `None`
    /// says that it is not there now: how soon HubSpot lists what it stored is not documented.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind).
    pub async fn send(self) -> Result<Option<Received<Message>>, Error> {
        let history = self.messages.list().sort("-createdAt").limit(PAGE);
        let mut pages = history.options(self.options.clone()).pages();
        while let Some(page) = pages.try_next().await? {
            for item in page.results {
                if self.after.is_some() && self.after == id(&item).ok() {
                    return Ok(None);
                }
                // What cannot be read cannot be compared, and is none of ours.
                let Ok(entry) = item.received() else { continue };
                if self.since.is_some_and(|since| entry.created_at().is_some_and(|at| at < since)) {
                    return Ok(None);
                }
                if self.is_sent(&entry) {
                    return Ok(Some(entry));
                }
            }
        }
        Ok(None)
    }

    fn is_sent(&self, entry: &Message) -> bool {
        let text = match entry {
            Message::Message(message) if message.direction == Some(MessageDirection::Outgoing) => {
                &message.text
            }
            Message::Comment(comment) => &comment.text,
            _ => return false,
        };
        text.as_deref().is_some_and(|text| compared(text) == compared(&self.text))
    }
}

fn compared(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

/// The id of an entry, whatever else it is.
pub(crate) fn id(item: &Item<Message>) -> Result<MessageId, Error> {
    #[derive(Deserialize)]
    struct Identified {
        id: MessageId,
    }

    let json = item.json().get();
    let identified = hubspot_conversations_api::from_str::<Identified>(json);
    identified
        .map(|identified| identified.id)
        .map_err(|error| Error::decode(error, json.as_bytes()))
}
