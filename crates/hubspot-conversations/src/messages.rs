//! The messages of a thread.

mod comment;
mod entry;
mod find_sent;
mod history_end;
mod html_text;
mod listing_order;
mod newest_from_outside;
mod reply;
mod sent_text;
mod target;

use hubspot_conversations_api::{self as api, OperationId, Page, Received};
use serde_json::value::RawValue;

use crate::{Client, Error, ErrorKind};
pub use comment::Comment;
pub use find_sent::{FindSent, FindSentOutcome, Uncertainty};
pub use reply::Reply;

use entry::Entry;
use history_end::ends_oddly;

use crate::endpoint::{Endpoint, ListEndpoint, Request, Sealed, Sent};
use crate::parameters::parameters;
use crate::types::{Message, MessageId, NewMessage, OriginalContent, ThreadId};

/// The messages, comments and events of a thread. From [`Client::messages`].
#[derive(Clone, Debug)]
pub struct Messages {
    client: Client,
    thread: ThreadId,
}

impl Messages {
    pub(crate) fn new(client: &Client, thread: ThreadId) -> Self {
        Self { client: client.clone(), thread }
    }

    /// Lists the thread's history, the newest first. Scope: `conversations.read`.
    pub fn list(&self) -> Request<ListMessages> {
        let endpoint = ListMessages {
            thread: self.thread.clone(),
            after: None,
            archived: None,
            limit: None,
            property: None,
            sort: None,
        };
        Request::new(&self.client, endpoint)
    }

    /// Reads one entry of the history. Scope: `conversations.read`.
    pub fn get(&self, message: impl Into<MessageId>) -> Request<GetMessage> {
        let endpoint =
            GetMessage { thread: self.thread.clone(), message: message.into(), property: None };
        Request::new(&self.client, endpoint)
    }

    /// Reads one entry, as JSON alone.
    pub(super) fn entry(&self, message: &MessageId) -> Request<GetEntry> {
        let endpoint = GetEntry { thread: self.thread.clone(), message: message.clone() };
        Request::new(&self.client, endpoint)
    }

    /// Reads the whole text of a message that is shown truncated. Scope: `conversations.read`.
    pub fn original(&self, message: impl Into<MessageId>) -> Request<GetOriginalContent> {
        let endpoint = GetOriginalContent {
            thread: self.thread.clone(),
            message: message.into(),
            property: None,
        };
        Request::new(&self.client, endpoint)
    }

    /// Answers the visitor where the visitor wrote last, or refuses. Scopes: `conversations.read` to
    /// find where that was, and `conversations.write`.
    pub fn reply(&self, text: impl Into<String>) -> Reply {
        Reply::new(&self.client, &self.thread, text.into())
    }

    /// Leaves a note for the team, which the visitor does not see. Scope: `conversations.write`.
    pub fn comment(&self, text: impl Into<String>) -> Comment {
        Comment::new(self, text.into())
    }

    /// Sends a message or comment exactly as given. Scope: `conversations.write`.
    ///
    /// There is no idempotency key. So it is sent again only after a failure that certainly was none
    /// of HubSpot's doing it: the connection was refused, or HubSpot answered 423, 429 or 477. After
    /// any other failure the error [is ambiguous](crate::Error::is_ambiguous), and
    /// [`find_sent`](Self::find_sent) looks whether it arrived.
    pub fn send(&self, message: impl Into<NewMessage>) -> Request<SendMessage> {
        let endpoint = SendMessage { thread: self.thread.clone(), message: message.into() };
        Request::new(&self.client, endpoint)
    }

    /// Looks whether a message with this text was sent, or a [comment](FindSent::comment). For after a
    /// send whose error [is ambiguous](crate::Error::is_ambiguous). Scope: `conversations.read`.
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

    /// The id of the newest entry of the history, of which archived entries are a part only if there
    /// are no others. `None` if there is none. Scope: `conversations.read`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnusableCursor`] if the history seems to be empty, and may not be complete.
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
        let mut list = self.list().sort("-createdAt").limit(1);
        if archived {
            list = list.archived(true);
        }
        let mut pages = list.pages();
        while let Some(page) = pages.try_next().await? {
            if let Some(item) = page.results.first() {
                let json = item.json().get();
                let id = Entry::read(json).and_then(|entry| entry.id());
                return id.map(Some).ok_or_else(|| {
                    Error::decode(api::DecodeError::of::<Message>(json.as_bytes()), json.as_bytes())
                });
            }
            if ends_oddly(&page) {
                let reason = "the history may not be complete, because where it continues cannot be \
                              read";
                let error = Error::new(ErrorKind::UnusableCursor, reason.to_owned());
                return Err(error.with_operation(OperationId::ListMessages.operation()));
            }
        }
        Ok(None)
    }
}

/// `list_messages`, with its parameters.
#[derive(Clone, Debug)]
pub struct ListMessages {
    thread: ThreadId,
    after: Option<String>,
    archived: Option<bool>,
    limit: Option<i32>,
    property: Option<String>,
    sort: Option<Vec<String>>,
}

parameters!(ListMessages: after, list_archived, limit, property, sort);

impl Request<ListMessages> {
    /// Lists the oldest first.
    pub fn oldest_first(self) -> Self {
        self.sort("createdAt")
    }
}

impl Sealed for ListMessages {}

impl Endpoint for ListMessages {
    const OPERATION: OperationId = OperationId::ListMessages;
    type Output = Page<Message>;

    async fn call(&self, api: &api::Client) -> Sent<Page<Message>> {
        api.list_messages(
            &self.thread,
            self.after.as_deref(),
            self.archived,
            self.limit,
            self.property.as_deref(),
            self.sort.as_ref(),
        )
        .await
    }
}

impl ListEndpoint for ListMessages {
    type Item = Message;

    fn set_after(&mut self, after: String) {
        self.after = Some(after);
    }
}

/// `get_message`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetMessage {
    thread: ThreadId,
    message: MessageId,
    property: Option<String>,
}

parameters!(GetMessage: property);

impl Sealed for GetMessage {}

impl Endpoint for GetMessage {
    const OPERATION: OperationId = OperationId::GetMessage;
    type Output = Received<Message>;

    async fn call(&self, api: &api::Client) -> Sent<Received<Message>> {
        api.get_message(&self.thread, &self.message, self.property.as_deref()).await
    }
}

/// `get_message`, of whose answer nothing but JSON is expected.
#[derive(Clone, Debug)]
pub(crate) struct GetEntry {
    thread: ThreadId,
    message: MessageId,
}

impl Sealed for GetEntry {}

impl Endpoint for GetEntry {
    const OPERATION: OperationId = OperationId::GetMessage;
    type Output = Box<RawValue>;

    async fn call(&self, api: &api::Client) -> Sent<Box<RawValue>> {
        match api.get_message(&self.thread, &self.message, None).await {
            Ok(message) => Ok(message.json().to_owned()),
            Err(api::Error::Decode(undecodable)) => {
                api::from_slice(&undecodable.text).map_err(|_| api::Error::Decode(undecodable))
            }
            Err(error) => Err(error),
        }
    }
}

/// `get_original_content`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetOriginalContent {
    thread: ThreadId,
    message: MessageId,
    property: Option<String>,
}

parameters!(GetOriginalContent: property);

impl Sealed for GetOriginalContent {}

impl Endpoint for GetOriginalContent {
    const OPERATION: OperationId = OperationId::GetOriginalContent;
    type Output = Received<OriginalContent>;

    async fn call(&self, api: &api::Client) -> Sent<Received<OriginalContent>> {
        api.get_original_content(&self.thread, &self.message, self.property.as_deref()).await
    }
}

/// `send_message`, with its parameters.
#[derive(Clone, Debug)]
pub struct SendMessage {
    thread: ThreadId,
    message: NewMessage,
}

impl Sealed for SendMessage {}

impl Endpoint for SendMessage {
    const OPERATION: OperationId = OperationId::SendMessage;
    type Output = Received<Message>;

    async fn call(&self, api: &api::Client) -> Sent<Received<Message>> {
        api.send_message(&self.thread, &self.message).await
    }
}
