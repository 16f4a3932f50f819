//! Delivers requests to one webhook in order, and resends failed ones.

use std::convert::Infallible;
use std::future::{self, Ready};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use tower_service::Service;

use crate::webhooks::delivery::Delivery;
use crate::webhooks::recorded_deliveries::{RecordedDeliveries, RecordedDelivery};
use crate::webhooks::signing;
use crate::webhooks::subscription::LOOPBACK;

/// How long HubSpot waits for a response.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What all workers share: the HTTP client, the retry settings, and the records.
pub(crate) struct Dispatcher {
    http: Client<HttpConnector<Loopback>, Body>,
    retries: u32,
    retry_delay: Duration,
    /// The number of deliveries in progress.
    pub(crate) in_progress: Arc<watch::Sender<usize>>,
    recorded: Mutex<RecordedDeliveries>,
}

impl Dispatcher {
    pub(crate) fn new(retries: u32, retry_delay: Duration) -> Self {
        Self {
            http: Client::builder(TokioExecutor::new())
                .build(HttpConnector::new_with_resolver(Loopback)),
            retries,
            retry_delay,
            in_progress: Arc::new(watch::Sender::new(0)),
            recorded: Mutex::default(),
        }
    }

    pub(crate) fn recorded(&self) -> Vec<RecordedDelivery> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner).all()
    }

    /// Delivers once. Returns whether it was accepted.
    async fn deliver(&self, delivery: &Delivery, attempt: u32) -> bool {
        let Delivery { url, client_secret, contents, .. } = delivery;
        let body = contents.body(attempt);
        let timestamp =
            SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let v3 = signing::v3(client_secret, "POST", url.as_str(), &body, timestamp);
        let mut request = Request::post(url.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header("X-HubSpot-Signature-v3", v3)
            .header("X-HubSpot-Request-Timestamp", timestamp.to_string());
        if contents.has_v1_signature() {
            request = request
                .header("X-HubSpot-Signature", signing::v1(client_secret, &body))
                .header("X-HubSpot-Signature-Version", "v1");
        }
        let status = self.send(request.body(Body::from(body))).await;

        let mut url = url.clone();
        url.set_query(None);
        let events = contents.names();
        let delivery = RecordedDelivery { url: url.into(), events, attempt, status };
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner).push(delivery);
        // ASSUMPTION: a webhook accepts a request by responding with a redirect, because HubSpot
        // documents only 4xx and 5xx as failures.
        status.is_some_and(|status| status < 400)
    }

    /// Sends a request. Returns the status of a response that arrives in time.
    async fn send(&self, request: Result<Request<Body>, axum::http::Error>) -> Option<u16> {
        let response = self.http.request(request.ok()?);
        Some(timeout(TIMEOUT, response).await.ok()?.ok()?.status().as_u16())
    }

    /// Resends until the request is accepted or the retries are used up.
    async fn resend(self: Arc<Self>, delivery: Delivery) {
        for attempt in 1..=self.retries {
            tokio::time::sleep(self.retry_delay).await;
            if self.deliver(&delivery, attempt).await {
                return;
            }
        }
    }
}

/// Resolves every name to this machine. `localhost` is the only name in the URLs of webhooks.
#[derive(Clone)]
struct Loopback;

impl Service<Name> for Loopback {
    type Response = std::array::IntoIter<SocketAddr, 2>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Name) -> Self::Future {
        future::ready(Ok(LOOPBACK.into_iter()))
    }
}

/// The task that delivers to one webhook in order. Dropping this ends it.
pub(crate) struct DeliveryWorker {
    queue: UnboundedSender<Delivery>,
    task: AbortHandle,
}

impl DeliveryWorker {
    pub(crate) fn start(dispatcher: &Arc<Dispatcher>) -> Self {
        let (sender, queue) = mpsc::unbounded_channel();
        let task = tokio::spawn(work(Arc::clone(dispatcher), queue)).abort_handle();
        Self { queue: sender, task }
    }

    /// Adds a delivery at the end of the queue.
    pub(crate) fn enqueue(&self, delivery: Delivery) {
        // It fails only after the runtime has ended.
        let _ = self.queue.send(delivery);
    }
}

impl Drop for DeliveryWorker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Delivers the queue. Failed deliveries are resent concurrently; the others do not wait for them.
async fn work(dispatcher: Arc<Dispatcher>, mut queue: UnboundedReceiver<Delivery>) {
    let mut resending = JoinSet::new();
    while let Some(delivery) = queue.recv().await {
        if !dispatcher.deliver(&delivery, 0).await {
            resending.spawn(Arc::clone(&dispatcher).resend(delivery));
        }
        while resending.try_join_next().is_some() {}
    }
}
