//! Subscribes webhooks, and reports their deliveries.

use std::time::Duration;

use crate::simulator::Simulator;
use crate::simulator::builder::SimulatorBuilder;
use crate::webhooks::WebhookSettings;
use crate::webhooks::recorded_deliveries::RecordedDelivery;
use crate::webhooks::subscription::{Subscription, WebhookUrlError};

impl Simulator {
    /// Sends the later events of conversations to a webhook, whether they come from the API or from
    /// [`receive`](Self::receive) and [`begin_thread`](Self::begin_thread). The events of one change
    /// are sent in one request, or in several of up to a hundred events each.
    ///
    /// Requests are signed in HubSpot's versions 1 and 3, the latter with this machine's time. A
    /// request that is not accepted within five seconds, or is answered 4xx or 5xx, is resent: see
    /// [`SimulatorBuilder::webhook_retries`]. As with HubSpot, neither order nor uniqueness is
    /// guaranteed: a resent request arrives after later events, and `eventId` is the same for all
    /// events of one change.
    ///
    /// The webhooks of custom channels need no subscription. They are called if they are on this
    /// machine, and signed with [`client_secret`](Self::client_secret) in version 3 only.
    ///
    /// Deliveries wait for sockets: with a paused tokio clock the five seconds pass at once.
    ///
    /// # Errors
    ///
    /// Fails if the address is not http on this machine.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime. The current one calls the webhook.
    pub fn subscribe(&self, subscription: Subscription) -> Result<(), WebhookUrlError> {
        self.server.webhooks.subscribe(subscription)
    }

    /// Waits until all events so far were delivered or given up. Cancel-safe.
    pub async fn delivered(&self) {
        self.server.webhooks.delivered().await;
    }

    /// The requests to webhooks, including failed ones, in the order in which they ended. The last
    /// ten thousand are kept.
    pub fn deliveries(&self) -> Vec<RecordedDelivery> {
        self.server.webhooks.deliveries()
    }
}

impl Drop for Simulator {
    /// Stops all deliveries, including those that would be resent.
    fn drop(&mut self) {
        self.server.webhooks.stop();
    }
}

impl SimulatorBuilder {
    /// How often a request that a webhook did not accept is resent, and how long to wait before each
    /// time, by tokio's clock. By default three times after 100 ms, which is an assumption: HubSpot
    /// resends up to ten times within 24 hours.
    #[must_use]
    pub fn webhook_retries(mut self, times: u32, delay: Duration) -> Self {
        self.webhooks = WebhookSettings { retries: times, retry_delay: delay };
        self
    }
}
