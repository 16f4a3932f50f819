//! The messages of a thread.

mod comment;
mod entry;
mod find_sent;
mod get_entry;
mod history_end;
mod html_text;
mod listing_order;
mod newest_from_outside;
mod reply;
mod sent_text;
mod target;

use hubspot_conversations_api::{self as api, OperationId};

use crate::{Client, Error, ErrorKind};
pub use comment::Comment;
pub use find_sent::{FindSent, FindSentOutcome, Uncertainty};
pub use reply::Reply;

use entry::Entry;
use get_entry::GetEntry;
use history_end::may_be_incomplete;

use crate::requests::{GetMessage, GetOriginalContent, ListMessages, SendMessage};
use crate::types::{Message, MessageId, NewMessage, ThreadId};

/// How many entries to read at a time to find one: it is mostly among the newest.
const PAGE: u16 = 50;

/// The messages, comments and events of a thread. From [`Client::messages`].
#[derive(Clone, Debug)]
pub struct Messages {
    client: Client,
    thread: ThreadId,
}

impl Client {
    /// The messages of a thread.
    pub fn messages(&self, thread: impl Into<ThreadId>) -> Messages {
        Messages { client: self.clone(), thread: thread.into() }
    }
}

impl Messages {
    /// Lists the thread's history, the newest first. Scope: `conversations.read`.
    pub fn list(&self) -> ListMessages {
        ListMessages::new(&self.client, &self.thread)
    }

    /// Reads one entry of the history. Scope: `conversations.read`.
    pub fn get(&self, message: impl Into<MessageId>) -> GetMessage {
        GetMessage::new(&self.client, &self.thread, message)
    }

    /// Lists entries that are archived, or the others, the newest first.
    fn newest_first(&self, archived: bool) -> ListMessages {
        let list = self.list().sort("-createdAt").limit(PAGE);
        if archived { list.archived(true) } else { list }
    }

    /// Reads one entry, as JSON alone.
    fn entry(&self, message: &MessageId) -> GetEntry {
        GetEntry(self.get(message))
    }

    /// Returns the full text of a message whose text is truncated. Scope: `conversations.read`.
    pub fn original(&self, message: impl Into<MessageId>) -> GetOriginalContent {
        GetOriginalContent::new(&self.client, &self.thread, message)
    }

    /// Replies to the newest message from outside, on its channel. Scopes: `conversations.read` to find
    /// that message, and `conversations.write`.
    pub fn reply(&self, text: impl Into<String>) -> Reply {
        Reply::new(self, text.into())
    }

    /// Adds a comment for the team, which visitors do not see. Scope: `conversations.write`.
    pub fn comment(&self, text: impl Into<String>) -> Comment {
        Comment::new(self, text.into())
    }

    /// Sends a message or comment exactly as specified. Scope: `conversations.write`.
    ///
    /// There is no idempotency key. So it is retried only if HubSpot provably did not execute it: the
    /// connection was refused, or HubSpot answered 423, 429 or 477. After any other failure the error
    /// [is ambiguous](crate::Error::is_ambiguous), and [`find_sent`](Self::find_sent) looks whether it
    /// arrived.
    pub fn create(&self, message: impl Into<NewMessage>) -> SendMessage {
        SendMessage::new(&self.client, &self.thread, message)
    }

    /// Looks whether a message with this text was sent, or a [comment](FindSent::comment), after a send
    /// whose error [is ambiguous](crate::Error::is_ambiguous). Scope: `conversations.read`.
    ///
    /// ```no_run
    /// use hubspot_conversations::FindSentOutcome;
    /// # async fn example(client: hubspot_conversations::Client) -> Result<(), hubspot_conversations::Error> {
    /// let messages = client.messages("176347007");
    /// let before = messages.newest().await?;
    /// match messages.reply("On its way.").as_agent(2620022).send().await {
    ///     Err(error) if error.is_ambiguous() => {
    ///         match messages.find_sent("On its way.").after_newest(before).send().await? {
    ///             FindSentOutcome::Found(_) => println!("it arrived"),
    ///             FindSentOutcome::NotFound => println!("it did not arrive, or not yet"),
    ///             FindSentOutcome::CannotTell(reasons) => println!("look: {reasons:?}"),
    ///         }
    ///     }
    ///     result => println!("sent: {:?}", result?.id()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn find_sent(&self, text: impl Into<String>) -> FindSent {
        FindSent::new(self, text.into())
    }

    /// The id of the newest entry of the history, of an archived one only if all are. Scope:
    /// `conversations.read`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnusableCursor`] if the history seems empty, and may be incomplete.
    /// [`ErrorKind::Decode`] if the entry's id cannot be read. Else see [`ErrorKind`].
    pub async fn newest(&self) -> Result<Option<MessageId>, Error> {
        match self.newest_of(false).await {
            Ok(None) => match self.newest_of(true).await {
                Err(error) if error.is_not_found() => Ok(None),
                newest => newest,
            },
            Err(error) if error.is_not_found() => self.newest_of(true).await.map_err(|_| error),
            newest => newest,
        }
    }

    /// The newest entry that is archived, or that is not.
    async fn newest_of(&self, archived: bool) -> Result<Option<MessageId>, Error> {
        let mut pages = self.newest_first(archived).limit(1).pages();
        while let Some(page) = pages.try_next().await? {
            if let Some(item) = page.results.first() {
                let json = item.json().get();
                let id = Entry::read(json).and_then(|entry| entry.id());
                return id.map(Some).ok_or_else(|| {
                    Error::decode(api::DecodeError::of::<Message>(json.as_bytes()), json.as_bytes())
                });
            }
            if may_be_incomplete(&page) {
                let reason = "the history may not be complete, because where it continues cannot be \
                              read";
                let error = Error::new(ErrorKind::UnusableCursor, reason);
                return Err(error.with_operation(OperationId::ListMessages.operation()));
            }
        }
        Ok(None)
    }
}

impl ListMessages {
    /// Lists the oldest first.
    pub fn oldest_first(self) -> Self {
        self.sort("createdAt")
    }
}
