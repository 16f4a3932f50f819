//! What the webhook of a custom channel is told.

use std::fmt;

use hubspot_conversations_api::types::{DeliveryIdentifier, Message};
use serde::Serialize;

use crate::choices;
use crate::custom_channels::threading::ThreadKey;
use crate::ids;
use crate::messages::Entry;
use crate::state::State;

/// An event of a custom channel. It goes to the channel's webhook alone.
pub(crate) struct ChannelEvent {
    pub(crate) channel: u64,
    pub(crate) url: String,
    pub(crate) type_: &'static str,
    /// What is sent.
    pub(crate) body: Vec<u8>,
}

// The address and the body are the app's.
impl fmt::Debug for ChannelEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelEvent").field("type_", &self.type_).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoticeBody<'a, T> {
    #[serde(rename = "type")]
    type_: &'static str,
    portal_id: String,
    channel_id: String,
    event_timestamp: String,
    #[serde(flatten)]
    what: &'a T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageSent<'a> {
    event_id: String,
    channel_integration_thread_ids: Vec<&'a str>,
    message: Entry<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountChanged<'a> {
    channel_account_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_account_delivery_identifier: Option<&'a DeliveryIdentifier>,
}

/// What became of an account.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AccountChange {
    Created,
    Updated,
    Purged,
}

/// An agent's message is to be brought to the visitor, if it is on a custom channel.
pub(crate) fn message_sent(state: &mut State, thread: u64, entry: &Message) {
    let Message::Message(message) = entry else { return };
    let channel = message.channel_id.as_ref().and_then(|id| id.as_str().parse().ok());
    let Some((channel, url)) = channel.and_then(|channel| webhook(state, channel)) else { return };
    let event_id = ids::uuid(&mut state.correlation);
    let threads = state.custom.threads.iter().filter(|(_, id)| **id == thread);
    let what = MessageSent {
        event_id,
        channel_integration_thread_ids: threads
            .filter_map(|(key, _)| match key {
                ThreadKey::Id(_, theirs) => Some(theirs.as_str()),
                ThreadKey::Address(..) => None,
            })
            .collect(),
        message: Entry::new(entry),
    };
    let notice = notice(state, channel, url, "OUTGOING_CHANNEL_MESSAGE_CREATED", &what);
    state.outbox.channels.push(notice);
}

/// Something became of an account of a custom channel.
pub(crate) fn account(state: &mut State, channel: u64, id: u64, change: AccountChange) {
    let Some((channel, url)) = webhook(state, channel) else { return };
    let Some(account) = state.channel_accounts.get(&id) else { return };
    let type_ = match change {
        AccountChange::Created => "CHANNEL_ACCOUNT_CREATED",
        AccountChange::Updated => "CHANNEL_ACCOUNT_UPDATED",
        AccountChange::Purged => "CHANNEL_ACCOUNT_PURGED",
    };
    let what = AccountChanged {
        channel_account_id: account.id.as_str(),
        channel_account_delivery_identifier: account.delivery_identifier.as_ref(),
    };
    let notice = notice(state, channel, url, type_, &what);
    state.outbox.channels.push(notice);
}

/// The channel with its webhook, if it has one.
fn webhook(state: &State, channel: u64) -> Option<(u64, String)> {
    let url = state.custom.channels.get(&channel)?.webhook_url.clone()?;
    Some((channel, url))
}

fn notice(
    state: &State,
    channel: u64,
    url: String,
    type_: &'static str,
    what: &impl Serialize,
) -> ChannelEvent {
    let body = NoticeBody {
        type_,
        portal_id: choices::PORTAL_ID.to_string(),
        channel_id: channel.to_string(),
        event_timestamp: choices::notice_time(state.clock.now()),
        what,
    };
    ChannelEvent { channel, url, type_, body: serde_json::to_vec(&body).unwrap_or_default() }
}
