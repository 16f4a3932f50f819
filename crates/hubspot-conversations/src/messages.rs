//! The messages of a thread.

mod comment;
mod reply;

use hubspot_conversations_api::{self as api, OperationId, Page};

use crate::Client;
pub use comment::Comment;
pub use reply::Reply;

use crate::endpoint::{Endpoint, ListEndpoint, Request, Sent};
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

    /// Reads the whole text of a message that is shown truncated. Scope: `conversations.read`.
    pub fn original(&self, message: impl Into<MessageId>) -> Request<GetOriginalContent> {
        let endpoint = GetOriginalContent {
            thread: self.thread.clone(),
            message: message.into(),
            property: None,
        };
        Request::new(&self.client, endpoint)
    }

    /// Answers the visitor where the visitor wrote last. Scopes: `conversations.read` to find where
    /// that was, and `conversations.write`.
    pub fn reply(&self, text: impl Into<String>) -> Reply {
        Reply::new(&self.client, &self.thread, text.into())
    }

    /// Leaves a note for the team, which the visitor does not see. Scope: `conversations.write`.
    pub fn comment(&self, text: impl Into<String>) -> Comment {
        Comment::new(self, text.into())
    }

    /// Sends a message or comment exactly as given. Scope: `conversations.write`.
    ///
    /// It is sent once: there is no idempotency key, and after a failure HubSpot may have carried
    /// it out.
    pub fn send(&self, message: impl Into<NewMessage>) -> Request<SendMessage> {
        let endpoint = SendMessage { thread: self.thread.clone(), message: message.into() };
        Request::new(&self.client, endpoint)
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

impl Endpoint for GetMessage {
    const OPERATION: OperationId = OperationId::GetMessage;
    type Output = Message;

    async fn call(&self, api: &api::Client) -> Sent<Message> {
        api.get_message(&self.thread, &self.message, self.property.as_deref()).await
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

impl Endpoint for GetOriginalContent {
    const OPERATION: OperationId = OperationId::GetOriginalContent;
    type Output = OriginalContent;

    async fn call(&self, api: &api::Client) -> Sent<OriginalContent> {
        api.get_original_content(&self.thread, &self.message, self.property.as_deref()).await
    }
}

/// `send_message`, with its parameters.
#[derive(Clone, Debug)]
pub struct SendMessage {
    thread: ThreadId,
    message: NewMessage,
}

impl Endpoint for SendMessage {
    const OPERATION: OperationId = OperationId::SendMessage;
    type Output = Message;

    async fn call(&self, api: &api::Client) -> Sent<Message> {
        api.send_message(&self.thread, &self.message).await
    }
}
