//! One request to a webhook.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;
use url::Url;

use crate::account::outbox::{Change, ThreadEvent};
use crate::assumptions;
use crate::webhooks::subscription::WebhookEvent;

/// The most events that HubSpot sends in one request.
pub(crate) const MAX_EVENTS: usize = 100;

/// A request to a webhook, resent after a failure.
pub(crate) struct Delivery {
    pub(crate) url: Url,
    pub(crate) client_secret: Arc<str>,
    pub(crate) contents: Contents,
    /// Counts the delivery as in progress until it is dropped.
    pub(crate) _in_progress: InProgress,
}

/// The events of a delivery.
#[derive(Clone)]
pub(crate) enum Contents {
    /// Events of conversations, sent as a list.
    Events {
        events: Arc<[ThreadEvent]>,
        /// The subscription id of the webhook's first kind of event.
        first_subscription: u64,
        /// The same for all of them.
        event_id: u64,
    },
    /// An event of a custom channel, sent alone.
    ChannelEvent { type_: &'static str, body: Arc<[u8]> },
}

impl Contents {
    /// The body of the request, which contains the number of earlier attempts.
    pub(crate) fn body(&self, attempt: u32) -> Vec<u8> {
        match self {
            Self::Events { events, first_subscription, event_id } => {
                let events: Vec<EventBody<'_>> = events
                    .iter()
                    .map(|event| EventBody::new(event, *first_subscription, *event_id, attempt))
                    .collect();
                serde_json::to_vec(&events).unwrap_or_default()
            }
            Self::ChannelEvent { body, .. } => body.to_vec(),
        }
    }

    /// HubSpot's names of the events.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            Self::Events { events, .. } => events
                .iter()
                .map(|event| WebhookEvent::of(&event.change).as_str().to_owned())
                .collect(),
            Self::ChannelEvent { type_, .. } => vec![(*type_).to_owned()],
        }
    }

    /// Whether the request has version 1 of the signature as well as version 3.
    pub(crate) fn has_v1_signature(&self) -> bool {
        // ASSUMPTION: the events of custom channels are signed in version 3 only, as an app is known
        // to verify it; HubSpot documents no signature.
        matches!(self, Self::Events { .. })
    }
}

/// An event of a conversation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventBody<'a> {
    event_id: u64,
    subscription_id: u64,
    portal_id: u64,
    app_id: i64,
    /// In milliseconds.
    occurred_at: i64,
    subscription_type: &'static str,
    attempt_number: u32,
    /// The thread's id, which is a string elsewhere.
    object_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change_flag: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    property_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    property_value: Option<&'a str>,
}

impl<'a> EventBody<'a> {
    fn new(
        event: &'a ThreadEvent,
        first_subscription: u64,
        event_id: u64,
        attempt_number: u32,
    ) -> Self {
        let kind = WebhookEvent::of(&event.change);
        let mut body = Self {
            event_id,
            subscription_id: first_subscription + kind as u64,
            portal_id: assumptions::PORTAL_ID,
            app_id: assumptions::APP_ID,
            occurred_at: event.at.timestamp_millis(),
            subscription_type: kind.as_str(),
            attempt_number,
            object_id: event.thread,
            message_id: None,
            message_type: None,
            change_flag: None,
            property_name: None,
            property_value: None,
        };
        match &event.change {
            Change::Message { id, type_ } => {
                body.message_id = Some(id.as_str());
                body.message_type = Some(type_);
                body.change_flag = Some("NEW_MESSAGE");
            }
            Change::Property { name, value } => {
                body.property_name = Some(name);
                body.property_value = Some(value);
            }
            Change::Began | Change::Archived | Change::Purged => {}
        }
        body
    }
}

/// Counts one delivery as in progress until it is dropped, however it ends.
pub(crate) struct InProgress {
    count: Arc<watch::Sender<usize>>,
}

impl InProgress {
    pub(crate) fn begin(count: &Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|count| *count += 1);
        Self { count: Arc::clone(count) }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.count.send_modify(|count| *count -= 1);
    }
}
