//! Events for the webhooks of custom channels.

use chrono::SecondsFormat;
use hubspot_conversations_api::types::{DeliveryIdentifier, Message};
use serde::Serialize;

use crate::account::outbox::ChannelEvent;
use crate::account::thread_key::ThreadKey;
use crate::account::{Account, ids};
use crate::assumptions;
use crate::http::entry_body::EntryBody;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventBody<'a, T> {
    #[serde(rename = "type")]
    type_: &'static str,
    portal_id: String,
    channel_id: String,
    event_timestamp: String,
    #[serde(flatten)]
    details: &'a T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageSent<'a> {
    event_id: String,
    channel_integration_thread_ids: Vec<&'a str>,
    message: EntryBody<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountChanged<'a> {
    channel_account_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_account_delivery_identifier: Option<&'a DeliveryIdentifier>,
}

/// What changed in a channel account.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AccountChange {
    Created,
    Updated,
    Purged,
}

/// Reports an agent's message on a custom channel, which delivers it to the visitor. Does nothing on
/// other channels.
pub(crate) fn message_sent(account: &mut Account, thread: u64, entry: &Message) {
    let Message::Message(message) = entry else { return };
    let channel = message.channel_id.as_ref().and_then(|id| id.as_str().parse().ok());
    let Some(channel) = channel.filter(|&id| webhook(account, id).is_some()) else { return };
    let event_id = ids::uuid(&mut account.correlation);
    let threads = account.custom.threads.iter().filter(|(_, id)| **id == thread);
    let details = MessageSent {
        event_id,
        channel_integration_thread_ids: threads
            .filter_map(|(key, _)| match key {
                ThreadKey::Id(_, theirs) => Some(theirs.as_str()),
                ThreadKey::Address(..) => None,
            })
            .collect(),
        message: EntryBody::new(entry),
    };
    let event = event(account, channel, "OUTGOING_CHANNEL_MESSAGE_CREATED", &details);
    account.outbox.channels.extend(event);
}

/// Reports a change of a custom channel's account.
pub(crate) fn account_changed(account: &mut Account, channel: u64, id: u64, change: AccountChange) {
    let Some(channel_account) = account.channel_accounts.get(&id) else { return };
    let type_ = match change {
        AccountChange::Created => "CHANNEL_ACCOUNT_CREATED",
        AccountChange::Updated => "CHANNEL_ACCOUNT_UPDATED",
        AccountChange::Purged => "CHANNEL_ACCOUNT_PURGED",
    };
    let details = AccountChanged {
        channel_account_id: channel_account.id.as_str(),
        channel_account_delivery_identifier: channel_account.delivery_identifier.as_ref(),
    };
    let event = event(account, channel, type_, &details);
    account.outbox.channels.extend(event);
}

fn webhook(account: &Account, channel: u64) -> Option<&String> {
    account.custom.channels.get(&channel)?.webhook_url.as_ref()
}

/// The event for a channel's webhook. `None` without a webhook.
fn event(
    account: &Account,
    channel: u64,
    type_: &'static str,
    details: &impl Serialize,
) -> Option<ChannelEvent> {
    let url = webhook(account, channel)?.clone();
    // ASSUMPTION: the time of a custom channel's event is written like the API's times, while events
    // of conversations contain milliseconds.
    let event_timestamp = account.clock.now().to_rfc3339_opts(SecondsFormat::Millis, true);
    let body = EventBody {
        type_,
        portal_id: assumptions::PORTAL_ID.to_string(),
        channel_id: channel.to_string(),
        event_timestamp,
        details,
    };
    let body = serde_json::to_vec(&body).unwrap_or_default();
    Some(ChannelEvent { channel, url, type_, body })
}
