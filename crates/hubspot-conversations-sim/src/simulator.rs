//! A running simulator: its address and credentials, its clock, and its records.

pub(crate) mod builder;
mod oauth;
mod visitors;
mod webhooks;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use axum::{BoxError, Router};
use chrono::{DateTime, Utc};
use hubspot_conversations_api::OperationId;
use tokio::sync::oneshot;
use tower_service::Service;

use crate::account::counts::Counts;
use crate::assumptions;
use crate::http::connection;
use crate::instruments::faults::{Fault, RandomFaults};
use crate::instruments::recorded_requests::RecordedRequest;
use crate::instruments::request_stats::RequestStats;
use crate::resources::custom_channels::staging;
use crate::server::Server;

/// A simulator, on a port of this machine or in process.
///
/// A simulator that was [started](crate::SimulatorBuilder::start) listens on 127.0.0.1 only, serves in
/// the tokio runtime that started it, and stops when it is dropped. A simulator that is
/// [in process](crate::SimulatorBuilder::in_process) has no port. Both [answer](Self::answer)
/// requests without a socket.
pub struct Simulator {
    pub(crate) server: Arc<Server>,
    router: Router,
    port: Option<Port>,
}

/// The listening socket. Dropping this closes it.
struct Port {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Simulator {
    /// Answers a request without a socket, with the same data, faults, limits and recording as over
    /// a socket.
    ///
    /// Only tokio's clock is used, and only if a fault takes time. Under a paused clock, the same
    /// requests in the same order get the same responses without waiting.
    ///
    /// The request's URL is a path, or begins with [`base_url`](Self::base_url). Its body can be a
    /// `String`, a [`Body`], or a body of reqwest. A test of a program that uses reqwest can convert
    /// its request to this one, and this response to reqwest's:
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
    /// This future never completes if a fault leaves the request without a response. A client gives
    /// up by dropping it; whether the request was executed by then depends on the fault.
    ///
    /// # Errors
    ///
    /// Fails if a fault breaks the connection: with
    /// [`ConnectionRefused`](io::ErrorKind::ConnectionRefused) if the request did not arrive
    /// ([`Fault::RefuseConnection`]), and otherwise with
    /// [`ConnectionReset`](io::ErrorKind::ConnectionReset), which does not show whether the request
    /// was executed. A request to another origin is refused too. Reading a body that is cut fails.
    pub async fn answer<B>(&self, request: Request<B>) -> io::Result<Response<Body>>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        connection::reaches(self.base_url(), &request)?;
        let Ok(response) = self.router.clone().call(request).await;
        connection::in_process(response)
    }

    /// The URL to send requests to, without a final slash: `http://127.0.0.1:49152`. In process it
    /// is always the same URL, at which no server listens.
    pub fn base_url(&self) -> &str {
        &self.server.base_url
    }

    /// The access token that the simulator accepts.
    pub fn token(&self) -> &str {
        &self.server.credentials.token
    }

    /// The developer key that the simulator accepts, as `hapikey` in the query, together with
    /// [`app_id`](Self::app_id) as `appId`. Custom channels are registered with it.
    pub fn developer_key(&self) -> &str {
        &self.server.credentials.developer_key
    }

    /// The id of the app that the token and the developer key belong to.
    pub fn app_id(&self) -> u64 {
        assumptions::APP_ID.unsigned_abs()
    }

    /// Begins to connect an account of a custom channel to an inbox, as a user does at HubSpot, which
    /// then sends an account token to the channel's redirect URL. Returns that token; the app
    /// completes the account with it. `None` if the custom channel or the inbox does not exist.
    pub fn staging_token(
        &self,
        channel: impl AsRef<str>,
        inbox: impl AsRef<str>,
    ) -> Option<String> {
        self.server.change(|account| staging::begin(account, channel.as_ref(), inbox.as_ref()))
    }

    /// The address it listens on. `None` in process.
    pub fn addr(&self) -> Option<SocketAddr> {
        self.port.as_ref().map(|port| port.address)
    }

    /// The numbers of records at this moment.
    pub fn counts(&self) -> Counts {
        self.server.account().counts()
    }

    /// The requests that arrived, the oldest first, including rejected ones and those that met a
    /// fault. The last ten thousand are kept, or fewer that take 16 MiB together.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.server.instruments().requests.all()
    }

    /// Drops the recorded requests. [`request_stats`](Self::request_stats) still counts them.
    pub fn clear_requests(&self) {
        self.server.instruments().requests.clear();
    }

    /// How many requests for an operation arrived, or with `None` for all operations together, and
    /// their outcomes.
    pub fn request_stats(&self, operation: impl Into<Option<OperationId>>) -> RequestStats {
        self.server.instruments().stats.sum(operation.into())
    }

    /// Makes the next request for an operation fail, or with `None` the next request for any. Faults
    /// are queued: each applies to one request, the oldest first.
    pub fn fail_next(&self, operation: impl Into<Option<OperationId>>, fault: Fault) {
        self.server.instruments().faults.push(operation.into(), fault);
    }

    /// Makes requests fail at random: each meets one of these faults with the probability `share`,
    /// from 0.0 for none to 1.0 for every request. The choice depends on the seed and on the number
    /// of requests. A fault that is listed twice is chosen twice as often.
    ///
    /// Queued faults take precedence. A later call replaces this one.
    pub fn fail_randomly(&self, seed: u64, share: f64, faults: impl IntoIterator<Item = Fault>) {
        let faults = RandomFaults::new(seed, share, faults.into_iter().collect());
        self.server.instruments().faults.set_random(faults);
    }

    /// Removes the queued faults and the random ones.
    pub fn clear_faults(&self) {
        self.server.instruments().faults.clear();
    }

    /// The time of the simulator's clock. It starts at the same instant in every simulator, and each
    /// write moves it by a fixed step.
    pub fn now(&self) -> DateTime<Utc> {
        self.server.account().clock.now()
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.server.change(|account| {
            let instant = account.clock.now() + by;
            account.move_clock(instant);
        });
    }

    /// Moves the clock forward to an instant. An earlier instant changes nothing.
    pub fn set_now(&self, instant: DateTime<Utc>) {
        self.server.change(|account| account.move_clock(instant));
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
