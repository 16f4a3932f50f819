//! The client: what is configured once and shared by all calls.

use std::env::{self, VarError};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::{MAX_BODY_SIZE, Operation};
use reqwest::header::HeaderMap;
use secrecy::SecretString;

use crate::api_roots::ApiRoots;
use crate::auth::DeveloperKey;
use crate::base_url::{self, BaseUrl};
use crate::call_options::ExtraHeaders;
use crate::connections::{self, Connections};
use crate::in_flight::InFlight;
use crate::left_out_log::LeftOutLog;
use crate::limit::Limiter;
use crate::retry::RetryBudget;
use crate::server_clock::ServerClock;
use crate::transport::Transport;
use crate::{AccessToken, ApiVersion, Error, RateLimit, RateLimitStatus, Retry, TokenProvider};

/// HubSpot's Conversations API. Cheap to clone, and meant to be shared.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Shared>);

/// The state shared by all clones of a client.
pub(crate) struct Shared {
    pub(crate) connections: Connections,
    pub(crate) base_url: BaseUrl,
    pub(crate) roots: ApiRoots,
    pub(crate) developer_key: Option<DeveloperKey>,
    pub(crate) headers: HeaderMap,
    pub(crate) transport: Option<Arc<dyn Transport>>,
    /// How many bytes of a success are read.
    pub(crate) max_body_size: usize,
    pub(crate) clock: ServerClock,
    pub(crate) tokens: Option<Arc<dyn TokenProvider>>,
    pub(crate) limiter: Limiter,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Retry,
    pub(crate) budget: RetryBudget,
    pub(crate) left_out: LeftOutLog,
    pub(crate) in_flight: InFlight,
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

    /// A client configured by environment variables: see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if there is no token, or it
    /// cannot be one.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client with other settings than the defaults.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The remaining requests of the rate limit, as far as this client and its clones know. Nothing
    /// is sent.
    pub fn rate_limit_status(&self) -> RateLimitStatus {
        self.0.limiter.status()
    }

    /// The time by HubSpot's clock, to the second, from the newest response to this client or a clone.
    /// `None` before the first response with a `Date`. Nothing is sent.
    ///
    /// Times of records are by that clock, and this machine's can be wrong.
    pub fn server_time(&self) -> Option<DateTime<Utc>> {
        self.0.clock.now()
    }

    /// The changes that this client and its clones have sent and whose outcome is not known yet, for a
    /// program that is asked to stop: HubSpot may still execute each of them. Nothing is sent.
    ///
    /// A change that HubSpot provably did not execute, and that waits for a retry, is not among them. A
    /// call that is dropped forgets its request, so ask before.
    pub fn changes_in_flight(&self) -> Vec<&'static Operation> {
        self.0.in_flight.now()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.0.base_url).finish_non_exhaustive()
    }
}

/// Settings of a [`Client`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct ClientBuilder {
    tokens: Option<Tokens>,
    developer_key: Option<DeveloperKey>,
    base_url: String,
    version: ApiVersion,
    roots: Vec<(String, String)>,
    attempt_timeout: Duration,
    connect_timeout: Duration,
    deadline: Option<Duration>,
    retry: Retry,
    retry_budget: u32,
    rate_limit: RateLimit,
    headers: ExtraHeaders,
    transport: Option<Arc<dyn Transport>>,
    user_agent: Option<String>,
    max_body_size: usize,
}

/// The source of access tokens.
#[derive(Clone, Debug)]
enum Tokens {
    Static(AccessToken),
    Provided(Arc<dyn TokenProvider>),
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            tokens: None,
            developer_key: None,
            base_url: base_url::HUBSPOT.to_owned(),
            version: ApiVersion::default(),
            roots: Vec::new(),
            attempt_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            deadline: None,
            retry: Retry::default(),
            retry_budget: 50,
            rate_limit: RateLimit::default(),
            headers: ExtraHeaders::default(),
            transport: None,
            user_agent: None,
            max_body_size: MAX_BODY_SIZE,
        }
    }
}

impl ClientBuilder {
    /// The access token from the environment variable `HUBSPOT_ACCESS_TOKEN`, and the base URL from
    /// `HUBSPOT_BASE_URL` if set. `convo` reads the same two.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if there is no token, or the
    /// base URL is set and blank.
    pub fn from_env() -> Result<Self, Error> {
        let token = env::var("HUBSPOT_ACCESS_TOKEN").ok().filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| Error::invalid("HUBSPOT_ACCESS_TOKEN is not set"))?;
        let builder = Self::default().token(token);
        match env::var("HUBSPOT_BASE_URL") {
            Err(VarError::NotPresent) => Ok(builder),
            Ok(base_url) if !base_url.trim().is_empty() => Ok(builder.base_url(base_url)),
            _ => Err(Error::invalid("HUBSPOT_BASE_URL holds no address")),
        }
    }

    /// The access token. Required, unless the client only registers custom channels.
    pub fn token(mut self, token: impl Into<AccessToken>) -> Self {
        self.tokens = Some(Tokens::Static(token.into()));
        self
    }

    /// Provides access tokens, in place of a fixed one: [`OAuth`](crate::OAuth), or your own provider.
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.tokens = Some(Tokens::Provided(Arc::new(provider)));
        self
    }

    /// The developer key of the account that owns the app, and the app's id: the credential of the
    /// operations on custom channels. HubSpot takes the key in the URL's query, which proxies may log.
    pub fn developer_key(mut self, key: impl Into<String>, app_id: u64) -> Self {
        self.developer_key = Some(DeveloperKey { key: SecretString::from(key.into()), app_id });
        self
    }

    /// The version of the API. [`ApiVersion::V3`], if not set.
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Replaces the path with which a part of the API begins. [`ROOTS`](crate::ROOTS) names the parts.
    ///
    /// HubSpot's own pages disagree about the roots of 2026-09: its reference has
    /// `/conversations/conversations/2026-09`, its guide `/conversations/2026-09/conversations`.
    pub fn root(mut self, part: impl Into<String>, path: impl Into<String>) -> Self {
        self.roots.push((part.into(), path.into()));
        self
    }

    /// The base URL of requests. Default: `https://api.hubapi.com`. It must be https, unless it is
    /// on this machine. The token goes nowhere else: redirects are not followed.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long one attempt may take, with its response's body. 30 seconds, if not set.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long connecting may take. 10 seconds, if not set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a call may take altogether: waiting for the rate limit, all attempts, and the waits
    /// between them. No limit, if not set.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How requests are retried after transient failures.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// How many retries the client and its clones have. A retry takes one, five successes return one.
    /// 50, if not set. So a server that is down soon gets one attempt per call. Retries after 423, 429
    /// and 477, which HubSpot asks for, do not count.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// How many requests HubSpot permits, for all clones together. [`RateLimit::from_headers`], if not
    /// set.
    pub fn rate_limit(mut self, rate_limit: RateLimit) -> Self {
        self.rate_limit = rate_limit;
        self
    }

    /// A header to send with every request, beside those set before.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.add(name, value);
        self
    }

    /// A replacement for the network, for tests.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The beginning of the `User-Agent` header, before this crate's name, such as `my-service/1.0`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// The largest response body, in bytes after decompression. A larger one is a
    /// [`TooLarge`](crate::ErrorKind::TooLarge) error. 32 MiB, if not set.
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body_size = bytes;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the token is missing or
    /// malformed, a token may not be sent to the base URL, a root is not a path, or the user agent
    /// cannot be sent.
    pub fn build(self) -> Result<Client, Error> {
        let tokens: Option<Arc<dyn TokenProvider>> = match self.tokens {
            Some(Tokens::Provided(provider)) => Some(provider),
            Some(Tokens::Static(token)) => {
                // An error now, and not only when it is used.
                token.header()?;
                Some(Arc::new(token))
            }
            None if self.developer_key.is_some() => None,
            None => return Err(Error::invalid("there is no access token")),
        };
        let mut roots = ApiRoots::of_version(self.version);
        for (part, path) in &self.roots {
            roots.set(part, path)?;
        }
        let base_url = BaseUrl::parse(&self.base_url)?;
        if self.transport.is_none() {
            base_url.check_tls()?;
        }
        let own = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        let user_agent = match &self.user_agent {
            Some(theirs) => format!("{theirs} {own}"),
            None => own.to_owned(),
        };
        let connections = Connections::new(connections::Settings {
            base_url: base_url.clone(),
            user_agent,
            connect_timeout: self.connect_timeout,
        })?;
        Ok(Client(Arc::new(Shared {
            connections,
            base_url,
            roots,
            developer_key: self.developer_key,
            headers: self.headers.get()?.clone(),
            transport: self.transport,
            max_body_size: self.max_body_size,
            clock: ServerClock::default(),
            tokens,
            limiter: Limiter::new(&self.rate_limit),
            attempt_timeout: self.attempt_timeout,
            deadline: self.deadline,
            retry: self.retry,
            budget: RetryBudget::new(self.retry_budget),
            left_out: LeftOutLog::default(),
            in_flight: InFlight::default(),
        })))
    }
}
