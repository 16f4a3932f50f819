//! The history of a thread, its truncated messages completed.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use hubspot_conversations::types::{MessageId, OriginalContent, ThreadId, TruncationStatus};
use hubspot_conversations::{ErrorKind, Messages, Received};
use serde::Deserialize;

use super::files::{write_line, write_line_with};
use super::findings::{Finding, Kind};
use super::known_id::KnownId;
use super::partial::History;
use super::threads::concerns_one_record;
use super::{Export, Failure, items};

/// The field a completed message carries its original content in. HubSpot has none of this name.
const ORIGINAL_CONTENT: &str = "_originalContent";

/// HubSpot documents no limit; this many are commonly asked for.
const MESSAGES_PER_PAGE: u16 = 100;

/// What the export needs to know of an entry of the history, of whatever type it is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Entry<'a> {
    #[serde(borrow)]
    id: Option<KnownId<'a>>,
    truncation_status: Option<TruncationStatus>,
    created_by: Option<KnownId<'a>>,
    assigned_to: Option<KnownId<'a>>,
    assigned_from: Option<KnownId<'a>>,
    senders: Option<Vec<Party<'a>>>,
    recipients: Option<Vec<Party<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Party<'a> {
    #[serde(default, borrow)]
    actor_id: Option<KnownId<'a>>,
}

impl Entry<'_> {
    /// The message whose text is not all that was written.
    fn truncated(&self) -> Option<&str> {
        use TruncationStatus::{Truncated, TruncatedToMostRecentReply};

        let is_truncated =
            matches!(self.truncation_status, Some(Truncated | TruncatedToMostRecentReply));
        self.id.as_ref().filter(|_| is_truncated).map(KnownId::as_str)
    }

    fn actors(&self) -> impl Iterator<Item = &str> {
        let parties = self.senders.iter().chain(&self.recipients).flatten();
        let single = [&self.created_by, &self.assigned_to, &self.assigned_from];
        let ids = single.into_iter().chain(parties.map(|party| &party.actor_id));
        ids.flatten().map(KnownId::as_str)
    }
}

/// Whether the messages of a thread are read in spite of some that HubSpot does not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Try {
    /// All or none, since it will be tried again.
    First,
    /// As many as can be had.
    Last,
}

impl Export<'_> {
    /// Reads a thread's history, page by page.
    ///
    /// HubSpot lists the archived entries of a history or the others. A history is archived with its
    /// thread, also between the listing of the thread and that of its messages, so an empty list is
    /// not believed until the other one was asked for.
    pub(super) async fn history(
        &self,
        thread: &ThreadId,
        is_archived: bool,
        how: Try,
        history: &mut History,
    ) -> Result<(), Failure> {
        let mut ids = HashSet::new();
        let first = self.entries(thread, is_archived, how, history, &mut ids).await?;
        if self.archived || history.messages == 0 {
            let second = self.entries(thread, !is_archived, how, history, &mut ids).await?;
            if !first && !second {
                history.findings.push(Kind::ThreadGone.into());
                return Ok(());
            }
        }
        if is_archived && history.messages == 0 {
            history.findings.push(Kind::ArchivedWithoutMessages.into());
        }
        Ok(())
    }

    /// Adds the archived entries, or the others, to a history. Says whether HubSpot knows the
    /// thread.
    async fn entries(
        &self,
        thread: &ThreadId,
        archived: bool,
        how: Try,
        history: &mut History,
        ids: &mut HashSet<String>,
    ) -> Result<bool, Failure> {
        let messages = self.client.messages(thread);
        let list = messages.list().oldest_first().limit(MESSAGES_PER_PAGE);
        let list = if archived { list.archived(true) } else { list };
        let mut entries = items(self.patient(list));
        loop {
            let item = match entries.try_next().await {
                Ok(Some(item)) => item,
                Ok(None) => return Ok(true),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
                Err(error) => return Err(error.into()),
            };
            let json = item.json().get();
            let entry: Entry = serde_json::from_str(json).unwrap_or_else(|_| {
                history.findings.push(Kind::ActorsNotSeen.into());
                Entry::default()
            });
            if self.archived
                && let Some(id) = &entry.id
                && !ids.insert(id.as_str().to_owned())
            {
                continue;
            }
            let original = match entry.truncated() {
                Some(id) => self.original(&messages, id, how, history).await?,
                None => None,
            };
            match original {
                Some(original) => {
                    let original = original.json().get();
                    write_line_with(&mut history.lines, json, ORIGINAL_CONTENT, original)?;
                    history.completed += 1;
                }
                None => write_line(&mut history.lines, json)?,
            }
            history.messages += 1;
            for actor in entry.actors() {
                if !history.actors.contains(actor) {
                    history.actors.insert(actor.to_owned());
                }
            }
        }
    }

    /// The whole content of a truncated message, if it can be had.
    async fn original(
        &self,
        messages: &Messages,
        id: &str,
        how: Try,
        history: &mut History,
    ) -> Result<Option<Received<OriginalContent>>, Failure> {
        match self.patient(messages.original(MessageId::from(id))).send().await {
            Ok(original) => return Ok(Some(original)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                history.findings.push(Kind::NoOriginal.into());
            }
            Err(error) if how == Try::Last && concerns_one_record(&error) => {
                let kind = Kind::OriginalNotRead;
                history.findings.push(Finding { kind, count: 1, reason: Some(error.to_string()) });
            }
            Err(error) => return Err(error.into()),
        }
        Ok(None)
    }
}
