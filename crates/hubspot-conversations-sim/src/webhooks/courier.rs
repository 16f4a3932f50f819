//! Bringing parcels to one webhook, in order, and again where that failed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use crate::choices;
use crate::webhooks::deliveries::{Deliveries, RecordedDelivery};
use crate::webhooks::parcel::Parcel;
use crate::webhooks::signing;
use crate::webhooks::subscription::{LOCALHOST, LOOPBACK};

/// How long HubSpot waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What all couriers share.
pub(crate) struct Post {
    http: reqwest::Client,
    retries: u32,
    retry_delay: Duration,
    /// How many parcels are on their way.
    pub(crate) underway: Arc<watch::Sender<usize>>,
    pub(crate) deliveries: Mutex<Deliveries>,
}

impl Post {
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

    /// Brings a parcel once. Whether it was taken.
    async fn bring(&self, parcel: &Parcel, attempt: u32) -> bool {
        let Parcel { url, client_secret, contents, .. } = parcel;
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

    /// Brings a parcel that was not taken again, until it is or that was tried often enough.
    async fn bring_again(self: Arc<Self>, parcel: Parcel) {
        for attempt in 1..=self.retries {
            tokio::time::sleep(self.retry_delay).await;
            if self.bring(&parcel, attempt).await {
                return;
            }
        }
    }
}

/// The one who goes to a webhook. Dropped, it goes no more.
pub(crate) struct Courier {
    parcels: UnboundedSender<Parcel>,
    task: AbortHandle,
}

impl Courier {
    pub(crate) fn start(post: &Arc<Post>) -> Self {
        let (parcels, queue) = mpsc::unbounded_channel();
        let task = tokio::spawn(work(Arc::clone(post), queue)).abort_handle();
        Self { parcels, task }
    }

    /// Takes a parcel, to be brought after those it was given before.
    pub(crate) fn take(&self, parcel: Parcel) {
        // Without a runtime nobody is left to whom it could matter.
        let _ = self.parcels.send(parcel);
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Parcels that were not taken are brought again beside the others, which do not wait for them.
async fn work(post: Arc<Post>, mut queue: UnboundedReceiver<Parcel>) {
    let mut again = JoinSet::new();
    while let Some(parcel) = queue.recv().await {
        if !post.bring(&parcel, 0).await {
            again.spawn(Arc::clone(&post).bring_again(parcel));
        }
        while again.try_join_next().is_some() {}
    }
}
