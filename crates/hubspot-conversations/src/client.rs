//! The client: what is configured once and shared by all calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hubspot_conversations_api::{self as api, Operation, RequestHook};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect;

use crate::base_url::{self, BaseUrl};
use crate::retry::Retry;
use crate::types::ThreadId;
use crate::{
    AccessToken, Actors, ChannelAccounts, Channels, Error, Inboxes, Messages, Threads, Visitors,
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
    base_url: String,
    timeout: Duration,
    connect_timeout: Duration,
    retry: Retry,
    user_agent: Option<String>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            token: None,
            base_url: base_url::HUBSPOT.to_owned(),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retry: Retry::default(),
            user_agent: None,
        }
    }
}

impl ClientBuilder {
    /// The access token. Required.
    pub fn token(mut self, token: impl Into<AccessToken>) -> Self {
        self.token = Some(token.into());
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
    /// no token, the base URL is not one a token may be sent to, or the user agent not one.
    pub fn build(self) -> Result<Client, Error> {
        let token = self.token.ok_or_else(|| Error::invalid("there is no access token"))?;
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
        let hook = Arc::new(Dress { authorization: token.header()? });
        Ok(Client(Arc::new(Shared {
            api: api::Client::new_with_client(base_url.as_str(), http, hook),
            base_url,
            timeout: self.timeout,
            retry: self.retry,
        })))
    }
}

/// Puts the token on each request.
#[derive(Debug)]
struct Dress {
    authorization: HeaderValue,
}

impl RequestHook for Dress {
    fn dress(&self, request: &mut reqwest::Request, _: &Operation) -> Result<(), String> {
        request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        Ok(())
    }
}
