//! The client: what is configured once and shared by all calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hubspot_conversations_api as api;
use reqwest::redirect;
use secrecy::SecretString;

use crate::base_url::{self, BaseUrl};
use crate::dress::{DeveloperKey, Dress};
use crate::retry::Retry;
use crate::types::{ChannelId, ThreadId};
use crate::version::Roots;
use crate::{
    AccessToken, Actors, ApiVersion, ChannelAccounts, Channels, CustomChannelAccounts,
    CustomChannelMessages, CustomChannels, Error, Inboxes, Messages, Threads, Visitors,
};

/// HubSpot's Conversations API. Cheap to clone, and meant to be shared.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Shared>);

/// What all clones of a client share.
pub(crate) struct Shared {
    pub(crate) api: api::Client,
    pub(crate) base_url: BaseUrl,
    pub(crate) timeout: Duration,
    pub(crate) retry: Retry,
}

impl Client {
    /// A client with the defaults, for an access token of a private app, a service key or OAuth.
    ///
    /// # Errors
    ///
    /// If the token cannot be one.
    pub fn new(token: impl Into<AccessToken>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// A client with other settings than the defaults.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Inboxes and help desks.
    pub fn inboxes(&self) -> Inboxes {
        Inboxes::new(self)
    }

    /// Channels: e-mail, live chat, and others.
    pub fn channels(&self) -> Channels {
        Channels::new(self)
    }

    /// Accounts of channels: mailboxes, chatflows, numbers.
    pub fn channel_accounts(&self) -> ChannelAccounts {
        ChannelAccounts::new(self)
    }

    /// Threads: conversations with one contact each.
    pub fn threads(&self) -> Threads {
        Threads::new(self)
    }

    /// The messages of a thread.
    pub fn messages(&self, thread: impl Into<ThreadId>) -> Messages {
        Messages::new(self, thread.into())
    }

    /// Actors: who did something.
    pub fn actors(&self) -> Actors {
        Actors::new(self)
    }

    /// Custom channels: those an app brings to HubSpot.
    pub fn custom_channels(&self) -> CustomChannels {
        CustomChannels::new(self)
    }

    /// The accounts of a custom channel.
    pub fn custom_channel_accounts(&self, channel: impl Into<ChannelId>) -> CustomChannelAccounts {
        CustomChannelAccounts::new(self, channel.into())
    }

    /// The messages of a custom channel.
    pub fn custom_channel_messages(&self, channel: impl Into<ChannelId>) -> CustomChannelMessages {
        CustomChannelMessages::new(self, channel.into())
    }

    /// Visitors who are signed in to a page of your own.
    pub fn visitors(&self) -> Visitors {
        Visitors::new(self)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url.as_str())
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Client`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct ClientBuilder {
    token: Option<AccessToken>,
    developer_key: Option<DeveloperKey>,
    base_url: String,
    version: ApiVersion,
    roots: Vec<(String, String)>,
    timeout: Duration,
    connect_timeout: Duration,
    retry: Retry,
    user_agent: Option<String>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            token: None,
            developer_key: None,
            base_url: base_url::HUBSPOT.to_owned(),
            version: ApiVersion::default(),
            roots: Vec::new(),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retry: Retry::default(),
            user_agent: None,
        }
    }
}

impl ClientBuilder {
    /// The access token. Required, except by a client that registers custom channels and no more.
    pub fn token(mut self, token: impl Into<AccessToken>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The developer key of the account that owns the app, and the app's id. Listing, registering,
    /// changing and archiving custom channels takes them in place of an access token.
    ///
    /// HubSpot takes the key in the query of the address, which servers between may write down.
    pub fn developer_key(mut self, key: impl Into<String>, app_id: u64) -> Self {
        self.developer_key = Some(DeveloperKey { key: SecretString::from(key.into()), app_id });
        self
    }

    /// The version of the API. [`ApiVersion::V3`], if not set.
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Where the paths of a part of the API begin, in place of what the document says. The parts
    /// are named in [`ROOTS`](crate::ROOTS).
    ///
    /// HubSpot's own pages disagree about the roots of 2026-09: its reference has
    /// `/conversations/conversations/2026-09`, its guide `/conversations/2026-09/conversations`.
    pub fn root(mut self, part: impl Into<String>, path: impl Into<String>) -> Self {
        self.roots.push((part.into(), path.into()));
        self
    }

    /// Where to send requests. `https://api.hubapi.com`, if not set.
    ///
    /// The token goes there and nowhere else: redirects are not followed. It must be an https
    /// address, unless it is on this machine.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long one attempt may take, its answer's body included. 30 seconds, if not set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take. 10 seconds, if not set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How often an idempotent request is sent at most. 3, if not set; at least 1.
    ///
    /// Others are sent once: after a failure, HubSpot may have carried them out.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.retry.attempts = attempts.max(1);
        self
    }

    /// How long to wait at most before an idempotent request is sent again the first time. Doubles
    /// with each attempt, up to ten seconds; the wait itself is random. 250 ms, if not set.
    pub fn backoff(mut self, backoff: Duration) -> Self {
        self.retry.backoff = backoff;
        self
    }

    /// What to put before this crate's name in the `User-Agent` header, such as `my-service/1.0`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the token is missing or
    /// no token, the base URL is not one a token may be sent to, a root no path, or the user agent
    /// not one.
    pub fn build(self) -> Result<Client, Error> {
        if self.token.is_none() && self.developer_key.is_none() {
            return Err(Error::invalid("there is no access token"));
        }
        let authorization = self.token.as_ref().map(AccessToken::header).transpose()?;
        let mut roots = Roots::of_version(self.version);
        for (part, path) in &self.roots {
            roots.set(part, path)?;
        }
        let base_url = BaseUrl::parse(&self.base_url)?;
        let own = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        let user_agent = match &self.user_agent {
            Some(theirs) => format!("{theirs} {own}"),
            None => own.to_owned(),
        };
        let mut http = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .redirect(redirect::Policy::none())
            .user_agent(user_agent);
        if base_url.is_loopback() {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| Error::http(error, base_url.as_str()))?;
        let hook = Arc::new(Dress {
            base_path: base_url.path().to_owned(),
            roots,
            authorization,
            developer_key: self.developer_key,
        });
        Ok(Client(Arc::new(Shared {
            api: api::Client::new_with_client(base_url.as_str(), http, hook),
            base_url,
            timeout: self.timeout,
            retry: self.retry,
        })))
    }
}
