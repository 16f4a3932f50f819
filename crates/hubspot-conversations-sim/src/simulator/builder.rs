//! Configures and starts a simulator.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::middleware;
use hubspot_conversations_api::OPERATIONS;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::assumptions;
use crate::http::authorization::Credentials;
use crate::http::connection;
use crate::http::oauth::{OAuth, OAuthSettings};
use crate::instruments::Instruments;
use crate::instruments::rate_limit::{Limiter, RateLimit};
use crate::seed;
use crate::server::{self, Server};
use crate::simulator::{Port, Simulator};
use crate::webhooks::{WebhookSettings, Webhooks};

impl Simulator {
    /// Starts a simulator with the defaults of [`SimulatorBuilder`].
    ///
    /// # Errors
    ///
    /// Fails if no port is available.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts a simulator with other settings.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }
}

/// The settings of a simulator.
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
    pub(crate) oauth: OAuthSettings,
    pub(crate) webhooks: WebhookSettings,
    rate_limit: Option<RateLimit>,
}

impl Default for SimulatorBuilder {
    fn default() -> Self {
        let mut scopes: Vec<String> = OPERATIONS
            .iter()
            .flat_map(|operation| operation.scopes.iter().copied().flatten())
            .map(|&scope| scope.to_owned())
            .collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self {
            seed: 1,
            threads: 25,
            messages: 12,
            port: 0,
            token: assumptions::TOKEN.to_owned(),
            scopes,
            developer_key: assumptions::DEVELOPER_KEY.to_owned(),
            short_pages: false,
            oauth: OAuthSettings::default(),
            webhooks: WebhookSettings::default(),
            rate_limit: None,
        }
    }
}

impl SimulatorBuilder {
    /// The seed of the data: the same seed results in the same data. 1 by default.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The number of threads that are not archived. 25 by default.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// The number of entries in each of those threads' histories: messages, comments and events
    /// together. 12 by default.
    ///
    /// With at least 12 threads of 8 entries, every kind of message, actor and attachment occurs.
    #[must_use]
    pub fn messages(self, messages: usize) -> Self {
        Self { messages, ..self }
    }

    /// The port to listen on. 0, the default, selects a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// The access token to accept. By default the same in every simulator.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        Self { token: token.into(), ..self }
    }

    /// The scopes of the access token. By default all that the operations need.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        Self { scopes: scopes.into_iter().map(Into::into).collect(), ..self }
    }

    /// The developer key to accept. By default the same in every simulator.
    #[must_use]
    pub fn developer_key(self, developer_key: impl Into<String>) -> Self {
        Self { developer_key: developer_key.into(), ..self }
    }

    /// Whether pages are shorter than `limit` before the end of the list, as HubSpot's sometimes
    /// are. Off by default.
    #[must_use]
    pub fn short_pages(self, short_pages: bool) -> Self {
        Self { short_pages, ..self }
    }

    /// How many requests are admitted. By default all.
    #[must_use]
    pub fn rate_limit(self, rate_limit: RateLimit) -> Self {
        Self { rate_limit: Some(rate_limit), ..self }
    }

    /// Creates a simulator without a port, for [`Simulator::answer`]. It needs no tokio runtime until
    /// a request meets a fault that takes time.
    pub fn in_process(self) -> Simulator {
        self.simulator(assumptions::IN_PROCESS)
    }

    /// Starts the simulator in the current tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails if the port is not available.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    pub async fn start(self) -> io::Result<Simulator> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = listener.local_addr()?;
        let mut simulator = self.simulator(address);

        let (stop, stopped) = oneshot::channel();
        let router = simulator.router.clone();
        let router = router.layer(middleware::map_response(connection::over_socket));
        // A bare router would clone all its routes for each connection.
        let service = router.into_make_service();
        let serve = axum::serve(listener, service).with_graceful_shutdown(async {
            // Nothing is sent: this ends when the simulator is dropped.
            let _ = stopped.await;
        });
        tokio::spawn(async move { serve.await });
        simulator.port = Some(Port { address, _stop: stop });
        Ok(simulator)
    }

    fn simulator(self, address: SocketAddr) -> Simulator {
        let oauth = OAuth::new(self.oauth);
        let server = Arc::new(Server {
            base_url: format!("http://{address}").into(),
            short_pages: self.short_pages,
            webhooks: Webhooks::new(self.webhooks, oauth.client_secret()),
            credentials: Credentials {
                token: self.token,
                scopes: self.scopes,
                developer_key: self.developer_key,
                oauth,
            },
            account: Mutex::new(seed::account(self.seed, self.threads, self.messages)),
            instruments: Mutex::new(Instruments {
                limiter: self.rate_limit.map(Limiter::new),
                ..Instruments::default()
            }),
        });
        Simulator { router: server::router(&server), server, port: None }
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
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
}
