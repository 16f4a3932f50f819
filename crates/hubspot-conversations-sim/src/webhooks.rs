//! Sends events to webhooks.

pub(crate) mod delivery;
pub(crate) mod delivery_worker;
pub(crate) mod recorded_deliveries;
mod signing;
pub(crate) mod subscription;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::Url;

use crate::account::outbox::{ChannelEvent, Outbox, ThreadEvent};
use crate::assumptions;
use crate::webhooks::delivery::{Contents, Delivery, InProgress, MAX_EVENTS};
use crate::webhooks::delivery_worker::{DeliveryWorker, Dispatcher};
use crate::webhooks::recorded_deliveries::RecordedDelivery;
use crate::webhooks::subscription::{Subscription, WebhookEvent, WebhookUrlError, local_url};

/// How often and when failed webhook requests are resent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WebhookSettings {
    pub(crate) retries: u32,
    pub(crate) retry_delay: Duration,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self {
            retries: assumptions::WEBHOOK_RETRIES,
            retry_delay: assumptions::WEBHOOK_RETRY_DELAY,
        }
    }
}

/// All webhooks: the subscribed ones, and those of custom channels.
pub(crate) struct Webhooks {
    /// Signs the requests to custom channels, and those of subscriptions without a secret.
    client_secret: Arc<str>,
    dispatcher: Arc<Dispatcher>,
    targets: Mutex<Targets>,
}

#[derive(Default)]
struct Targets {
    subscribers: Vec<Subscriber>,
    /// By custom channel.
    channels: BTreeMap<u64, DeliveryWorker>,
    /// How many changes caused events.
    changes: u64,
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
    pub(crate) fn new(settings: WebhookSettings, client_secret: &str) -> Self {
        Self {
            client_secret: client_secret.into(),
            dispatcher: Arc::new(Dispatcher::new(settings.retries, settings.retry_delay)),
            targets: Mutex::default(),
        }
    }

    pub(crate) fn subscribe(&self, subscription: Subscription) -> Result<(), WebhookUrlError> {
        let url = local_url(&subscription.url)?;
        let Subscription { client_secret, events, twice, .. } = subscription;
        let mut targets = self.targets();
        let first_id = first_subscription(targets.subscribers.len());
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

    /// Waits until all events so far were delivered or given up.
    pub(crate) async fn delivered(&self) {
        let mut in_progress = self.dispatcher.in_progress.subscribe();
        // It fails if the sender is gone, which the dispatcher owns.
        let _ = in_progress.wait_for(|&count| count == 0).await;
    }

    pub(crate) fn deliveries(&self) -> Vec<RecordedDelivery> {
        self.dispatcher.recorded()
    }

    /// Drops all webhooks and their queued deliveries.
    pub(crate) fn stop(&self) {
        *self.targets() = Targets::default();
    }

    /// Hands events to the workers, which deliver them later.
    pub(crate) fn dispatch(&self, outbox: Outbox) {
        if outbox.threads.is_empty() && outbox.channels.is_empty() {
            return;
        }
        let mut targets = self.targets();
        targets.changes += 1;
        // ASSUMPTION: all events of one change have the same `eventId`, because HubSpot does not
        // promise unique ones, and an app that relies on them should fail here.
        let event_id = assumptions::FIRST_EVENT_ID + targets.changes;
        for subscriber in &targets.subscribers {
            self.dispatch_to_subscriber(subscriber, event_id, &outbox.threads);
        }
        for event in outbox.channels {
            self.dispatch_to_channel(&mut targets.channels, event);
        }
    }

    fn dispatch_to_subscriber(
        &self,
        subscriber: &Subscriber,
        event_id: u64,
        events: &[ThreadEvent],
    ) {
        let is_subscribed =
            |event: &&ThreadEvent| subscriber.events.contains(&WebhookEvent::of(&event.change));
        let events: Vec<ThreadEvent> = events.iter().filter(is_subscribed).cloned().collect();
        for events in events.chunks(MAX_EVENTS) {
            let contents = Contents::Events {
                events: events.into(),
                first_subscription: subscriber.first_id,
                event_id,
            };
            for _ in 0..if subscriber.twice { 2 } else { 1 } {
                subscriber.worker.enqueue(Delivery {
                    url: subscriber.url.clone(),
                    client_secret: Arc::clone(&subscriber.client_secret),
                    contents: contents.clone(),
                    _in_progress: InProgress::begin(&self.dispatcher.in_progress),
                });
            }
        }
    }

    /// Does nothing if the channel's webhook is not on this machine.
    fn dispatch_to_channel(
        &self,
        workers: &mut BTreeMap<u64, DeliveryWorker>,
        event: ChannelEvent,
    ) {
        let Ok(url) = local_url(&event.url) else { return };
        let worker =
            workers.entry(event.channel).or_insert_with(|| DeliveryWorker::start(&self.dispatcher));
        worker.enqueue(Delivery {
            url,
            client_secret: Arc::clone(&self.client_secret),
            contents: Contents::ChannelEvent { type_: event.type_, body: event.body.into() },
            _in_progress: InProgress::begin(&self.dispatcher.in_progress),
        });
    }
}

/// The subscription id of a webhook's first kind of event.
fn first_subscription(webhook: usize) -> u64 {
    // ASSUMPTION: each kind of event is a subscription with its own id, as at HubSpot, and the ids
    // of one webhook are consecutive.
    assumptions::FIRST_SUBSCRIPTION + 10 * webhook as u64
}
