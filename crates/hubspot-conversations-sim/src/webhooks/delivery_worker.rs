//! Delivers to one webhook, in order, and again after a failure.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use crate::choices;
use crate::webhooks::deliveries::{Deliveries, RecordedDelivery};
use crate::webhooks::delivery::Delivery;
use crate::webhooks::signing;
use crate::webhooks::subscription::{LOCALHOST, LOOPBACK};

/// How long HubSpot waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What all workers share.
pub(crate) struct Dispatcher {
    http: reqwest::Client,
    retries: u32,
    retry_delay: Duration,
    /// How many deliveries are under way.
    pub(crate) underway: Arc<watch::Sender<usize>>,
    pub(crate) deliveries: Mutex<Deliveries>,
}

impl Dispatcher {
    pub(crate) fn new(retries: u32, retry_delay: Duration) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .resolve_to_addrs(LOCALHOST, &LOOPBACK)
            // No certificate is ever needed, and reading those of the system takes long.
            .tls_certs_only([])
            .timeout(TIMEOUT)
            .build()
            .expect("a client that needs nothing of the system can be made");
        Self {
            http,
            retries,
            retry_delay,
            underway: Arc::new(watch::Sender::new(0)),
            deliveries: Mutex::default(),
        }
    }

    pub(crate) fn all(&self) -> Vec<RecordedDelivery> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner).all()
    }

    /// Delivers once. Returns whether it was accepted.
    async fn deliver(&self, delivery: &Delivery, attempt: u32) -> bool {
        let Delivery { url, client_secret, contents, .. } = delivery;
        let body = contents.body(attempt);
        let timestamp =
            SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let v3 = signing::v3(client_secret, "POST", url.as_str(), &body, timestamp);
        let mut request = self
            .http
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("X-HubSpot-Signature-v3", v3)
            .header("X-HubSpot-Request-Timestamp", timestamp.to_string());
        if contents.is_signed_twice() {
            request = request
                .header("X-HubSpot-Signature", signing::v1(client_secret, &body))
                .header("X-HubSpot-Signature-Version", "v1");
        }
        let answer = request.body(body).send().await;
        let status = answer.ok().map(|answer| answer.status().as_u16());

        let mut url = url.clone();
        url.set_query(None);
        let events = contents.names();
        let delivery = RecordedDelivery { url: url.into(), events, attempt, status };
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner).push(delivery);
        status.is_some_and(choices::is_taken)
    }

    /// Delivers again until it is accepted or was tried often enough.
    async fn deliver_again(self: Arc<Self>, delivery: Delivery) {
        for attempt in 1..=self.retries {
            tokio::time::sleep(self.retry_delay).await;
            if self.deliver(&delivery, attempt).await {
                return;
            }
        }
    }
}

/// The task that delivers to one webhook, in order. It ends when this is dropped.
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

    /// Queues a delivery after those before.
    pub(crate) fn take(&self, delivery: Delivery) {
        // Without a runtime nobody is left to whom it could matter.
        let _ = self.queue.send(delivery);
    }
}

impl Drop for DeliveryWorker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A delivery that failed is repeated beside the others, which do not wait for it.
async fn work(dispatcher: Arc<Dispatcher>, mut queue: UnboundedReceiver<Delivery>) {
    let mut again = JoinSet::new();
    while let Some(delivery) = queue.recv().await {
        if !dispatcher.deliver(&delivery, 0).await {
            again.spawn(Arc::clone(&dispatcher).deliver_again(delivery));
        }
        while again.try_join_next().is_some() {}
    }
}
