//! Starting a simulator and looking into it.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use axum::middleware;
use axum::{BoxError, Router};
use chrono::{DateTime, Utc};
use hubspot_conversations_api::{OPERATIONS, OperationId};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_service::Service;

use crate::authorization::Credentials;
use crate::choices;
use crate::connection;
use crate::counts::Counts;
use crate::custom_channels::staging;
use crate::faults::{Fault, RandomFaults};
use crate::oauth::{self, OAuth};
use crate::rate_limit::{Limiter, RateLimit};
use crate::request_stats::RequestStats;
use crate::requests::RecordedRequest;
use crate::seed;
use crate::server::{self, Server};
use crate::webhooks::{self, Webhooks};

/// A simulator, on a port of this machine or in process.
///
/// One that was [started](SimulatorBuilder::start) listens on 127.0.0.1 only, serves in the tokio
/// runtime it was started in, and stops when it is dropped. One that is
/// [in process](SimulatorBuilder::in_process) has no port. Both [answer](Self::answer) without one.
pub struct Simulator {
    pub(crate) server: Arc<Server>,
    router: Router,
    port: Option<Port>,
}

/// Where a simulator listens, until this is dropped.
struct Port {
    address: SocketAddr,
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

    /// Answers a request without a socket, as it would be answered over one: with the same data,
    /// faults and limits, and recorded like any other.
    ///
    /// No time passes but tokio's, and that only where a fault asks for it. So under a paused clock
    /// the same requests in the same order are answered the same, at once.
    ///
    /// The request's address is a path, or begins with [`base_url`](Self::base_url). Its body can
    /// be a `String`, a [`Body`], or one of reqwest's. A test of a program that uses reqwest can
    /// turn its request into this one, and this answer into its response:
    ///
    /// ```
    /// # async fn example(
    /// #     simulator: hubspot_conversations_sim::Simulator,
    /// #     request: reqwest::Request,
    /// # ) -> Result<reqwest::Response, Box<dyn std::error::Error>> {
    /// let request: http::Request<reqwest::Body> = request.try_into()?;
    /// let answer = simulator.answer(request).await?;
    /// let stream = |body: hubspot_conversations_sim::Body| body.into_data_stream();
    /// let response = reqwest::Response::from(answer.map(stream).map(reqwest::Body::wrap_stream));
    /// # Ok(response)
    /// # }
    /// ```
    ///
    /// It never ends where a fault leaves the request without an answer. Dropping it is how a client
    /// gives up; a request that is held until then has or has not been carried out by that time, as
    /// the fault says.
    ///
    /// # Errors
    ///
    /// There is no answer where a fault breaks the connection:
    /// [`ConnectionRefused`](io::ErrorKind::ConnectionRefused) if the request did not even arrive
    /// ([`Fault::RefuseConnection`]), and otherwise
    /// [`ConnectionReset`](io::ErrorKind::ConnectionReset), from which nobody can tell whether it
    /// was carried out. A request to another place than the simulator is refused as well. A body
    /// that is cut fails while it is read.
    pub async fn answer<B>(&self, request: Request<B>) -> io::Result<Response<Body>>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        connection::reaches(self.base_url(), &request)?;
        let Ok(response) = self.router.clone().call(request).await;
        connection::delivered(response)
    }

    /// The address to send requests to, without a slash at the end: `http://127.0.0.1:49152`. In
    /// process it is always the same one, where nobody listens.
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

    /// The address it listens on. `None` in process.
    pub fn addr(&self) -> Option<SocketAddr> {
        self.port.as_ref().map(|port| port.address)
    }

    /// How much there is at this moment.
    pub fn counts(&self) -> Counts {
        self.server.state().counts()
    }

    /// The requests that arrived, the oldest first, also those that were refused or met a fault.
    /// The last ten thousand are kept, or fewer that take 16 MiB together.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.server.state().requests.all()
    }

    /// Forgets the requests that arrived so far. [`traffic`](Self::traffic) still counts them.
    pub fn clear_requests(&self) {
        self.server.state().requests.clear();
    }

    /// How many requests for an operation there were, or with `None` for all of them together, and
    /// what became of them.
    pub fn traffic(&self, operation: impl Into<Option<OperationId>>) -> RequestStats {
        self.server.state().request_stats.sum(operation.into())
    }

    /// Lets the next request for an operation fail, or with `None` the next one for any. Faults
    /// queue up: each is met by one request, the oldest first.
    pub fn fail_next(&self, operation: impl Into<Option<OperationId>>, fault: Fault) {
        self.server.state().faults.push(operation.into(), fault);
    }

    /// Lets requests fail by chance from now on: each meets one of these faults with a probability
    /// of `share`, from 0.0 for none to 1.0 for every request. What is drawn follows from the seed
    /// and from how many requests there were. A fault that is there twice is drawn twice as often.
    ///
    /// Faults that wait for their request come first. Asking again replaces what was asked before.
    pub fn fail_randomly(&self, seed: u64, share: f64, faults: impl IntoIterator<Item = Fault>) {
        let faults = RandomFaults::new(seed, share, faults.into_iter().collect());
        self.server.state().faults.come_by_chance(faults);
    }

    /// Forgets the faults that no request has met, and lets none come by chance any more.
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
        f.debug_struct("Simulator").field("base_url", &self.base_url()).finish_non_exhaustive()
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
            token: choices::TOKEN.to_owned(),
            scopes,
            developer_key: choices::DEVELOPER_KEY.to_owned(),
            short_pages: false,
            oauth: oauth::Settings::default(),
            webhooks: webhooks::Settings::default(),
            rate_limit: None,
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

    /// How many requests are let through. All of them by default.
    #[must_use]
    pub fn rate_limit(self, rate_limit: RateLimit) -> Self {
        Self { rate_limit: Some(rate_limit), ..self }
    }

    /// A simulator without a port, for [`Simulator::answer`]. It needs no tokio runtime until a
    /// request meets a fault that takes time.
    pub fn in_process(self) -> Simulator {
        self.simulator(choices::IN_PROCESS)
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
        let mut simulator = self.simulator(address);

        let (stop, stopped) = oneshot::channel();
        let router = simulator.router.clone();
        let router = router.layer(middleware::map_response(connection::over_socket));
        // A bare router would copy all its routes for each connection.
        let service = router.into_make_service();
        let serve = axum::serve(listener, service).with_graceful_shutdown(async {
            // Nothing is ever sent: the simulator is dropped, and this ends.
            let _ = stopped.await;
        });
        tokio::spawn(async move { serve.await });
        simulator.port = Some(Port { address, _stop: stop });
        Ok(simulator)
    }

    fn simulator(self, address: SocketAddr) -> Simulator {
        let mut state = seed::state(self.seed, self.threads, self.messages);
        state.short_pages = self.short_pages;
        state.limiter = self.rate_limit.map(Limiter::new);
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
