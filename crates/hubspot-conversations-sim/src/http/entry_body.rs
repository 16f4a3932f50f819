//! An entry of a history, as responses contain it.

use hubspot_conversations_api::types::{Attachment, Message, Recipient, Sender};
use serde::Serialize;

/// An entry with its empty lists, which HubSpot sends and the types omit.
#[derive(Serialize)]
pub(crate) struct EntryBody<'a> {
    #[serde(flatten)]
    entry: &'a Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    senders: Option<[Sender; 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipients: Option<[Recipient; 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<[Attachment; 0]>,
}

impl<'a> EntryBody<'a> {
    pub(crate) fn new(entry: &'a Message) -> Self {
        let has_empty_attachments = match entry {
            Message::Message(entry) => entry.attachments.is_empty(),
            Message::Comment(entry) => entry.attachments.is_empty(),
            _ => false,
        };
        Self {
            entry,
            senders: entry.senders().is_empty().then_some([]),
            recipients: entry.recipients().is_empty().then_some([]),
            attachments: has_empty_attachments.then_some([]),
        }
    }
}
