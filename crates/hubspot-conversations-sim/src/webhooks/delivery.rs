//! What one request to a webhook carries.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;
use url::Url;

use crate::choices;
use crate::outbox::{Change, ThreadEvent};
use crate::webhooks::subscription::WebhookEvent;

/// How many events HubSpot puts into one request at most.
pub(crate) const MAX_EVENTS: usize = 100;

/// Something to be delivered.
pub(crate) struct Delivery {
    pub(crate) url: Url,
    pub(crate) client_secret: Arc<str>,
    pub(crate) contents: Contents,
    /// It is on its way as long as this is there.
    pub(crate) _underway: Underway,
}

/// What is told.
#[derive(Clone)]
pub(crate) enum Contents {
    /// Events of conversations, which are told as a list.
    Events {
        events: Arc<[ThreadEvent]>,
        /// The number of the first of the subscription's kinds.
        first_subscription: u64,
        /// The same for all of them.
        event_id: u64,
    },
    /// An event of a custom channel, which is told alone.
    ChannelEvent { type_: &'static str, body: Arc<[u8]> },
}

impl Contents {
    /// The body of the request, which says how often it was sent before.
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

    /// What it tells of, by HubSpot's names.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            Self::Events { events, .. } => events
                .iter()
                .map(|event| WebhookEvent::of(&event.change).as_str().to_owned())
                .collect(),
            Self::ChannelEvent { type_, .. } => vec![(*type_).to_owned()],
        }
    }

    /// Whether the first version of the signature is sent beside the third.
    pub(crate) fn is_signed_twice(&self) -> bool {
        match self {
            Self::Events { .. } => true,
            Self::ChannelEvent { .. } => choices::NOTICES_HAVE_V1,
        }
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
    /// The thread. HubSpot's ids are strings elsewhere.
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
            portal_id: choices::PORTAL_ID,
            app_id: choices::APP_ID,
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

/// One of those that are on their way. However a delivery ends, it no longer counts.
pub(crate) struct Underway {
    count: Arc<watch::Sender<usize>>,
}

impl Underway {
    pub(crate) fn begin(count: &Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|count| *count += 1);
        Self { count: Arc::clone(count) }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.count.send_modify(|count| *count -= 1);
    }
}
