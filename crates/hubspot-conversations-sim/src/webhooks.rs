//! Webhooks: telling an app what happened.

mod deliveries;
mod delivery;
mod delivery_worker;
mod signing;
mod subscription;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::Url;

use crate::choices;
use crate::custom_channels::channel_events::ChannelEvent;
use crate::outbox::{Outbox, ThreadEvent};
use crate::simulator::{Simulator, SimulatorBuilder};
use crate::webhooks::delivery::{Contents, Delivery, MAX_EVENTS, Underway};
use crate::webhooks::delivery_worker::{DeliveryWorker, Dispatcher};
use crate::webhooks::subscription::local_url;

pub use crate::webhooks::deliveries::RecordedDelivery;
pub use crate::webhooks::subscription::{Subscription, WebhookEvent, WebhookUrlError};

impl Simulator {
    /// From now on tells a webhook what happens to conversations, through the API and through
    /// [`receive`](Self::receive) and its like. What one of them makes happen goes in one request,
    /// or in several of up to a hundred events.
    ///
    /// Requests are signed in HubSpot's versions 1 and 3, the latter with the time of this
    /// machine. What is not taken within five seconds, or is answered 4xx or 5xx, is delivered
    /// again: see [`SimulatorBuilder::webhook_retries`]. As with HubSpot, neither order nor
    /// uniqueness is promised: what is delivered again comes after what happened later, and
    /// `eventId` is the same for everything that happened at once.
    ///
    /// The webhooks of custom channels need no subscription. They are called if they are on this
    /// machine, and signed with [`client_secret`](Self::client_secret) in version 3 only.
    ///
    /// Deliveries wait for real sockets: with a paused tokio clock the five seconds pass at once.
    ///
    /// # Errors
    ///
    /// Fails if the address is not http on this machine.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime. The webhook is called from the current one.
    pub fn subscribe(&self, subscription: Subscription) -> Result<(), WebhookUrlError> {
        self.server.webhooks.subscribe(subscription)
    }

    /// Waits until everything that happened so far was delivered or given up. Can be dropped.
    pub async fn delivered(&self) {
        let mut underway = self.server.webhooks.dispatcher.underway.subscribe();
        // It fails when the sender is gone, which this simulator has.
        let _ = underway.wait_for(|&count| count == 0).await;
    }

    /// The requests to webhooks, also those that failed, in the order they ended. The last ten
    /// thousand are kept.
    pub fn deliveries(&self) -> Vec<RecordedDelivery> {
        self.server.webhooks.dispatcher.all()
    }
}

impl Drop for Simulator {
    /// Nothing is delivered any more, also not what was to be delivered again.
    fn drop(&mut self) {
        *self.server.webhooks.targets() = Targets::default();
    }
}

impl SimulatorBuilder {
    /// How often something is delivered to a webhook again that did not take it, and how long to
    /// wait before each time, by tokio's clock. Three times after 100 ms by default, which is a
    /// choice: HubSpot tries up to ten times within 24 hours.
    #[must_use]
    pub fn webhook_retries(mut self, times: u32, delay: Duration) -> Self {
        self.webhooks = Settings { retries: times, retry_delay: delay };
        self
    }
}

/// How webhooks are called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    retries: u32,
    retry_delay: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { retries: choices::WEBHOOK_RETRIES, retry_delay: choices::WEBHOOK_RETRY_DELAY }
    }
}

/// Everyone who wants to know what happens.
pub(crate) struct Webhooks {
    /// Signs what custom channels are told, and what subscriptions have no other secret for.
    client_secret: Arc<str>,
    dispatcher: Arc<Dispatcher>,
    targets: Mutex<Targets>,
}

#[derive(Default)]
struct Targets {
    subscribers: Vec<Subscriber>,
    /// By custom channel.
    channels: BTreeMap<u64, DeliveryWorker>,
    /// How many times something happened.
    occasions: u64,
}

struct Subscriber {
    url: Url,
    client_secret: Arc<str>,
    events: Vec<WebhookEvent>,
    twice: bool,
    first_id: u64,
    worker: DeliveryWorker,
}

impl Webhooks {
    /// Nobody yet.
    pub(crate) fn new(settings: Settings, client_secret: &str) -> Self {
        Self {
            client_secret: client_secret.into(),
            dispatcher: Arc::new(Dispatcher::new(settings.retries, settings.retry_delay)),
            targets: Mutex::default(),
        }
    }

    fn subscribe(&self, subscription: Subscription) -> Result<(), WebhookUrlError> {
        let url = local_url(&subscription.url)?;
        let Subscription { client_secret, events, twice, .. } = subscription;
        let mut targets = self.targets();
        let first_id = choices::first_subscription(targets.subscribers.len());
        targets.subscribers.push(Subscriber {
            url,
            client_secret: client_secret.map_or_else(|| self.client_secret.clone(), Arc::from),
            events,
            twice,
            first_id,
            worker: DeliveryWorker::start(&self.dispatcher),
        });
        Ok(())
    }

    fn targets(&self) -> MutexGuard<'_, Targets> {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands what happened to the workers, who deliver it later.
    pub(crate) fn tell(&self, happened: Outbox) {
        if happened.threads.is_empty() && happened.channels.is_empty() {
            return;
        }
        let mut targets = self.targets();
        targets.occasions += 1;
        let event_id = choices::event_id(targets.occasions);
        for subscriber in &targets.subscribers {
            self.tell_subscriber(subscriber, event_id, &happened.threads);
        }
        for notice in happened.channels {
            self.tell_channel(&mut targets.channels, notice);
        }
    }

    fn tell_subscriber(&self, subscriber: &Subscriber, event_id: u64, happened: &[ThreadEvent]) {
        let is_wanted =
            |event: &&ThreadEvent| subscriber.events.contains(&WebhookEvent::of(&event.change));
        let wanted: Vec<ThreadEvent> = happened.iter().filter(is_wanted).cloned().collect();
        for events in wanted.chunks(MAX_EVENTS) {
            let contents = Contents::Events {
                events: events.into(),
                first_subscription: subscriber.first_id,
                event_id,
            };
            for _ in 0..if subscriber.twice { 2 } else { 1 } {
                subscriber.worker.take(Delivery {
                    url: subscriber.url.clone(),
                    client_secret: Arc::clone(&subscriber.client_secret),
                    contents: contents.clone(),
                    _underway: Underway::begin(&self.dispatcher.underway),
                });
            }
        }
    }

    /// What is not on this machine is not told.
    fn tell_channel(&self, workers: &mut BTreeMap<u64, DeliveryWorker>, notice: ChannelEvent) {
        let Ok(url) = local_url(&notice.url) else { return };
        let worker = workers
            .entry(notice.channel)
            .or_insert_with(|| DeliveryWorker::start(&self.dispatcher));
        worker.take(Delivery {
            url,
            client_secret: Arc::clone(&self.client_secret),
            contents: Contents::ChannelEvent { type_: notice.type_, body: notice.body.into() },
            _underway: Underway::begin(&self.dispatcher.underway),
        });
    }
}
