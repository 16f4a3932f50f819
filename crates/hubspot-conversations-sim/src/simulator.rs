//! Starting a simulator and looking into it.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::{OPERATIONS, OperationId};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::authorization::Credentials;
use crate::choices;
use crate::counts::Counts;
use crate::custom_channels::staging;
use crate::faults::Fault;
use crate::oauth::{self, OAuth};
use crate::requests::RecordedRequest;
use crate::seed;
use crate::server::{self, Server};
use crate::webhooks::{self, Webhooks};

/// A running simulator. Dropping it stops the server.
///
/// It listens on 127.0.0.1 only, and serves in the tokio runtime it was started in.
pub struct Simulator {
    address: SocketAddr,
    pub(crate) server: Arc<Server>,
    _stop: oneshot::Sender<()>,
}

impl Simulator {
    /// Starts a simulator with the defaults of [`SimulatorBuilder`].
    ///
    /// # Errors
    ///
    /// Fails if no port can be listened on.
    pub async fn start() -> std::io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts with something else than the defaults.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }

    /// The address to send requests to, without a slash at the end: `http://127.0.0.1:49152`.
    pub fn base_url(&self) -> &str {
        &self.server.base_url
    }

    /// The access token the simulator accepts.
    pub fn token(&self) -> &str {
        &self.server.credentials.token
    }

    /// The developer key the simulator accepts, as `hapikey` in the query beside
    /// [`app_id`](Self::app_id) as `appId`. Custom channels are registered with it.
    pub fn developer_key(&self) -> &str {
        &self.server.credentials.developer_key
    }

    /// The id of the app the token and the developer key belong to.
    pub fn app_id(&self) -> u64 {
        choices::APP_ID.unsigned_abs()
    }

    /// What HubSpot does when a user begins to connect an account of a custom channel to an inbox:
    /// it hands the channel's redirect URL an account token, which is returned here. The app
    /// completes the account with it. `None` if there is no such custom channel or inbox.
    pub fn staging_token(
        &self,
        channel: impl AsRef<str>,
        inbox: impl AsRef<str>,
    ) -> Option<String> {
        self.server.change(|state| staging::begin(state, channel.as_ref(), inbox.as_ref()))
    }

    /// The address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// How much there is at this moment.
    pub fn counts(&self) -> Counts {
        self.server.state().counts()
    }

    /// The requests that arrived, the oldest first, also those that were refused or met a fault.
    /// The last ten thousand are kept.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.server.state().requests.all()
    }

    /// Forgets the requests that arrived so far.
    pub fn clear_requests(&self) {
        self.server.state().requests.clear();
    }

    /// Lets the next request for an operation fail, or with `None` the next one for any. Faults
    /// queue up: each is met by one request, the oldest first.
    pub fn fail_next(&self, operation: impl Into<Option<OperationId>>, fault: Fault) {
        self.server.state().faults.push(operation.into(), fault);
    }

    /// Forgets the faults that no request has met.
    pub fn clear_faults(&self) {
        self.server.state().faults.clear();
    }

    /// What the simulator's clock says. It starts at the same instant every time, and moves a
    /// fixed step at each write.
    pub fn now(&self) -> DateTime<Utc> {
        self.server.state().clock.now()
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        self.server.change(|state| {
            let instant = state.clock.now() + by;
            state.move_clock(instant);
        });
    }

    /// Moves the clock to an instant. It never goes back: an earlier one changes nothing.
    pub fn set_now(&self, instant: DateTime<Utc>) {
        self.server.change(|state| state.move_clock(instant));
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What a simulator starts with.
#[derive(Clone)]
pub struct SimulatorBuilder {
    seed: u64,
    threads: usize,
    messages: usize,
    port: u16,
    token: String,
    scopes: Vec<String>,
    developer_key: String,
    short_pages: bool,
    pub(crate) oauth: oauth::Settings,
    pub(crate) webhooks: webhooks::Settings,
}

impl Default for SimulatorBuilder {
    fn default() -> Self {
        let mut scopes: Vec<String> = OPERATIONS
            .iter()
            .flat_map(|operation| operation.scopes)
            .map(|&scope| scope.to_owned())
            .collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self {
            seed: 1,
            threads: 25,
            messages: 12,
            port: 0,
            token: choices::TOKEN.to_owned(),
            scopes,
            developer_key: choices::DEVELOPER_KEY.to_owned(),
            short_pages: false,
            oauth: oauth::Settings::default(),
            webhooks: webhooks::Settings::default(),
        }
    }
}

impl SimulatorBuilder {
    /// Which data there is: the same seed gives the same data. 1 by default.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// How many threads there are beside the archived ones. 25 by default.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// How many entries each of those threads' histories has, messages, comments and events
    /// together. 12 by default.
    ///
    /// From 12 threads of 8 entries on, every kind of message, actor and attachment occurs.
    #[must_use]
    pub fn messages(self, messages: usize) -> Self {
        Self { messages, ..self }
    }

    /// The port to listen on. 0, the default, takes a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// The access token to accept, the same in every simulator by default.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        Self { token: token.into(), ..self }
    }

    /// The scopes the access token was granted. All that the operations need, by default.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        Self { scopes: scopes.into_iter().map(Into::into).collect(), ..self }
    }

    /// The developer key to accept, the same in every simulator by default.
    #[must_use]
    pub fn developer_key(self, developer_key: impl Into<String>) -> Self {
        Self { developer_key: developer_key.into(), ..self }
    }

    /// Whether pages are shorter than `limit` although the list goes on, as HubSpot's sometimes
    /// are. Not by default.
    #[must_use]
    pub fn short_pages(self, short_pages: bool) -> Self {
        Self { short_pages, ..self }
    }

    /// Starts the simulator in the current tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails if the port cannot be listened on.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    pub async fn start(self) -> std::io::Result<Simulator> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = listener.local_addr()?;
        let mut state = seed::state(self.seed, self.threads, self.messages);
        state.short_pages = self.short_pages;
        let oauth = OAuth::new(self.oauth);
        let webhooks = Webhooks::new(self.webhooks, oauth.client_secret());
        let server = Arc::new(Server {
            base_url: format!("http://{address}").into(),
            credentials: Credentials {
                token: self.token,
                scopes: self.scopes,
                developer_key: self.developer_key,
                oauth,
            },
            webhooks,
            state: Mutex::new(state),
        });

        let (stop, stopped) = oneshot::channel();
        let serve = axum::serve(listener, server::router(&server)).with_graceful_shutdown(async {
            // Nothing is ever sent: the simulator is dropped, and this ends.
            let _ = stopped.await;
        });
        tokio::spawn(async move { serve.await });
        Ok(Simulator { address, server, _stop: stop })
    }
}

impl fmt::Debug for SimulatorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatorBuilder")
            .field("seed", &self.seed)
            .field("threads", &self.threads)
            .field("messages", &self.messages)
            .field("port", &self.port)
            .field("scopes", &self.scopes)
            .field("short_pages", &self.short_pages)
            .finish_non_exhaustive()
    }
}
