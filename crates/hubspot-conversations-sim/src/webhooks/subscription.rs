//! Subscriptions: which events a webhook receives.

use std::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

use crate::account::outbox::Change;

/// A kind of event of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum WebhookEvent {
    /// `conversation.creation`: a thread began.
    Creation,
    /// `conversation.deletion`: a thread was archived.
    Deletion,
    /// `conversation.privacyDeletion`: a thread was deleted permanently. In the simulator that
    /// happens thirty days after it was archived, which is an assumption.
    PrivacyDeletion,
    /// `conversation.propertyChange`: a thread was assigned, opened, closed or restored.
    PropertyChange,
    /// `conversation.newMessage`: a thread has a new message, comment or welcome message.
    NewMessage,
}

impl WebhookEvent {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Creation,
        Self::Deletion,
        Self::PrivacyDeletion,
        Self::PropertyChange,
        Self::NewMessage,
    ];

    /// HubSpot's name of the kind.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creation => "conversation.creation",
            Self::Deletion => "conversation.deletion",
            Self::PrivacyDeletion => "conversation.privacyDeletion",
            Self::PropertyChange => "conversation.propertyChange",
            Self::NewMessage => "conversation.newMessage",
        }
    }

    pub(crate) fn of(change: &Change) -> Self {
        match change {
            Change::Began => Self::Creation,
            Change::Archived => Self::Deletion,
            Change::Purged => Self::PrivacyDeletion,
            Change::Property { .. } => Self::PropertyChange,
            Change::Message { .. } => Self::NewMessage,
        }
    }
}

/// A webhook that receives events of conversations.
#[derive(Clone)]
pub struct Subscription {
    pub(crate) url: String,
    pub(crate) client_secret: Option<String>,
    pub(crate) events: Vec<WebhookEvent>,
    pub(crate) twice: bool,
}

impl Subscription {
    /// A webhook that receives all events. The URL is on this machine, such as
    /// `http://127.0.0.1:3000/hubspot`; version 3 of the signature covers it.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            client_secret: None,
            events: WebhookEvent::ALL.to_vec(),
            twice: false,
        }
    }

    /// The client secret to sign with. By default
    /// [`Simulator::client_secret`](crate::Simulator::client_secret).
    #[must_use]
    pub fn client_secret(mut self, client_secret: impl Into<String>) -> Self {
        self.client_secret = Some(client_secret.into());
        self
    }

    /// The only kinds of events that the webhook receives.
    #[must_use]
    pub fn events(mut self, events: impl IntoIterator<Item = WebhookEvent>) -> Self {
        self.events = events.into_iter().collect();
        self
    }

    /// Whether every event is delivered twice although it arrived, as HubSpot says can happen. Off by
    /// default.
    #[must_use]
    pub fn twice(mut self, twice: bool) -> Self {
        self.twice = twice;
        self
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("events", &self.events)
            .field("twice", &self.twice)
            .finish_non_exhaustive()
    }
}

/// The simulator does not call a webhook at this URL: it calls only this machine, over plain http.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookUrlError;

impl fmt::Display for WebhookUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the simulator calls webhooks on this machine only; use a URL such as \
             http://127.0.0.1:3000/hubspot",
        )
    }
}

impl Error for WebhookUrlError {}

/// The name of this machine.
const LOCALHOST: &str = "localhost";
/// The addresses of this machine, independent of a resolver.
pub(crate) const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(std::net::IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// Parses the URL of a webhook on this machine.
pub(crate) fn local_url(text: &str) -> Result<Url, WebhookUrlError> {
    let mut url = Url::parse(text).map_err(|_| WebhookUrlError)?;
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == LOCALHOST,
        None => false,
    };
    let has_user = !url.username().is_empty() || url.password().is_some();
    if url.scheme() != "http" || !is_loopback || has_user {
        return Err(WebhookUrlError);
    }
    url.set_fragment(None);
    Ok(url)
}
