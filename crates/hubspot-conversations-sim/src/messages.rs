//! Reading a thread's history. Writing to it is in `sending`.

use hubspot_conversations_api::types::{Attachment, Message, OriginalContent, Recipient, Sender};
use serde::Serialize;

use crate::call::{Answer, Call};
use crate::choices;
use crate::errors::ApiError;
use crate::paging::{self, Page};
use crate::properties::Properties;
use crate::state::State;

const OLDEST_FIRST: &str = "createdAt";
const NEWEST_FIRST: &str = "-createdAt";

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let conversation = state.any_thread(call.id("threadId")?)?;
    let archived = call.query.boolean("archived")?.unwrap_or(false);
    let properties = Properties::read(&call.query)?;
    let length = paging::length(&call.query, choices::MAX_LIMIT, state.short_pages)?;
    let order = match call.query.all("sort").collect::<Vec<_>>()[..] {
        [] | [NEWEST_FIRST] => NEWEST_FIRST,
        [OLDEST_FIRST] => OLDEST_FIRST,
        _ => return Err(ApiError::invalid("sort", "expected createdAt or -createdAt")),
    };
    let after = paging::number(call, order)?;

    let history = match choices::lists_history(conversation.archived_at.is_some(), archived) {
        true => conversation.history(),
        false => &[],
    };
    let show = |index: usize| (index, properties.show(Entry::new(&history[index])));
    let page = if order == NEWEST_FIRST {
        let end = after.unwrap_or(history.len()).min(history.len());
        Page::cut(call, order, length, (0..end).rev().map(show))
    } else {
        let start = after.map_or(0, |after: usize| after.saturating_add(1));
        Page::cut(call, order, length, (start..history.len()).map(show))
    };
    Ok(Answer::ok(&page))
}

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let conversation = state.any_thread(call.id("threadId")?)?;
    let entry = conversation.entry(call.capture("messageId")?).ok_or_else(ApiError::not_found)?;
    Ok(Answer::ok(&Properties::read(&call.query)?.show(Entry::new(entry))))
}

pub(crate) fn original_content(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let conversation = state.any_thread(call.id("threadId")?)?;
    let id = call.capture("messageId")?;
    let entry = conversation.entry(id).ok_or_else(ApiError::not_found)?;
    let properties = Properties::read(&call.query)?;
    match conversation.originals.get(id) {
        Some(original) => Ok(Answer::ok(&properties.show(original))),
        None => Ok(Answer::ok(&properties.show(shown_content(entry)))),
    }
}

/// What is shown is the whole content of an entry that is not truncated. Events have none.
fn shown_content(entry: &Message) -> OriginalContent {
    let mut content = OriginalContent::new();
    (content.text, content.rich_text) = match entry {
        Message::Message(entry) => (entry.text.clone(), entry.rich_text.clone()),
        Message::Comment(entry) => (entry.text.clone(), entry.rich_text.clone()),
        Message::WelcomeMessage(entry) => (entry.text.clone(), entry.rich_text.clone()),
        _ => (None, None),
    };
    content
}

/// An entry with its empty lists, which HubSpot sends and the types leave out.
#[derive(Serialize)]
pub(crate) struct Entry<'a> {
    #[serde(flatten)]
    entry: &'a Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    senders: Option<[Sender; 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipients: Option<[Recipient; 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<[Attachment; 0]>,
}

impl<'a> Entry<'a> {
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
