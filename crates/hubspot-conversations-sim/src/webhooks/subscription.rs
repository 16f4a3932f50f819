//! Who wants to know what.

use std::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

use crate::outbox::Change;

/// A kind of event that HubSpot tells of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum WebhookEvent {
    /// `conversation.creation`: a thread began.
    Creation,
    /// `conversation.deletion`: a thread was archived.
    Deletion,
    /// `conversation.privacyDeletion`: a thread was deleted for good. Here that is what becomes of
    /// a thread thirty days after it was archived, which is a choice.
    PrivacyDeletion,
    /// `conversation.propertyChange`: a thread was assigned, opened, closed or restored.
    PropertyChange,
    /// `conversation.newMessage`: a thread has a new message, comment or welcome message.
    NewMessage,
}

impl WebhookEvent {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Creation,
        Self::Deletion,
        Self::PrivacyDeletion,
        Self::PropertyChange,
        Self::NewMessage,
    ];

    /// The name HubSpot has for it.
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

/// A webhook to call when something happens to a conversation.
#[derive(Clone)]
pub struct Subscription {
    pub(crate) url: String,
    pub(crate) client_secret: Option<String>,
    pub(crate) events: Vec<WebhookEvent>,
    pub(crate) twice: bool,
}

impl Subscription {
    /// A webhook that is told of everything. The address is one of this machine, such as
    /// `http://127.0.0.1:3000/hubspot`; it is what the third version of the signature is made of.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            client_secret: None,
            events: WebhookEvent::ALL.to_vec(),
            twice: false,
        }
    }

    /// The client secret to sign with.
    /// [`Simulator::client_secret`](crate::Simulator::client_secret), if not set.
    #[must_use]
    pub fn client_secret(mut self, client_secret: impl Into<String>) -> Self {
        self.client_secret = Some(client_secret.into());
        self
    }

    /// What to tell of, and of nothing else.
    #[must_use]
    pub fn events(mut self, events: impl IntoIterator<Item = WebhookEvent>) -> Self {
        self.events = events.into_iter().collect();
        self
    }

    /// Whether everything is delivered a second time although it arrived, as HubSpot says it may
    /// be. Not by default.
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

/// The address of a webhook is not one the simulator calls: it speaks to this machine only, and
/// only over plain http.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookUrlError;

impl fmt::Display for WebhookUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the simulator calls webhooks on this machine only; give an address such as \
             http://127.0.0.1:3000/hubspot",
        )
    }
}

impl Error for WebhookUrlError {}

/// The name of this machine, and what it stands for, whatever a resolver says.
pub(crate) const LOCALHOST: &str = "localhost";
pub(crate) const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(std::net::IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// The address of a webhook on this machine.
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
