//! The history of a thread, with the original content of truncated messages.

use std::io;

use foldhash::{HashSet, HashSetExt};
use hubspot_conversations::types::{MessageId, OriginalContent, ThreadId};
use hubspot_conversations::{Error, Messages, Received};

use super::entry::Entry;
use super::failed_read::{concerns_one_record, is_empty_success, is_hubspots_not_found};
use super::files::{write_line, write_line_with};
use super::findings::{Finding, Kind};
use super::partial::History;
use super::{Export, ExportError, Pass, unclear_end};

/// The field that holds the original content of a message. HubSpot has no field of this name.
const ORIGINAL_CONTENT: &str = "_originalContent";

/// HubSpot documents no limit; this is a common page size.
const MESSAGES_PER_PAGE: u16 = 100;

/// How much was read of one of the two lists of a history: archived or active entries.
#[derive(Default)]
struct ListExtent {
    /// The number of entries, including those that the export already has.
    entries: usize,
    pages: usize,
    /// Whether the last page was empty.
    ends_empty: bool,
    /// HubSpot's report that the thread does not exist, instead of the first or a later page.
    not_found: Option<Error>,
}

impl ListExtent {
    /// Whether HubSpot returned some pages, and then reported that the thread does not exist.
    fn ended_not_found(&self) -> bool {
        self.pages > 0 && self.not_found.is_some()
    }

    /// Whether the thread may have been archived or restored while it was listed, so that the rest of
    /// its entries is in the other list.
    fn may_have_moved(&self) -> bool {
        self.ended_not_found() || (self.pages > 1 && self.ends_empty)
    }
}

/// A history that is being read.
struct HistoryReader<'a> {
    thread: &'a ThreadId,
    messages: Messages,
    pass: Pass,
    history: &'a mut History,
    /// The ids of the entries so far.
    ids: HashSet<String>,
}

impl HistoryReader<'_> {
    /// Records the entry, and returns whether the history already had it.
    fn has(&mut self, entry: &Entry<'_>) -> bool {
        entry.id().is_some_and(|id| !self.ids.insert(id.to_owned()))
    }

    /// Adds an entry, with its original content if it was truncated.
    fn add(
        &mut self,
        json: &str,
        entry: &Entry<'_>,
        original: Option<&Received<OriginalContent>>,
    ) -> io::Result<()> {
        let history = &mut *self.history;
        match original {
            Some(original) => {
                let original = original.json().get();
                write_line_with(&mut history.lines, json, ORIGINAL_CONTENT, original)?;
                history.completed += 1;
            }
            None => write_line(&mut history.lines, json)?,
        }
        history.messages += 1;
        if entry.has_odd_actors {
            history.findings.push(Kind::ActorsNotSeen.into());
        }
        for actor in entry.actors() {
            if !history.actors.contains(actor) {
                history.actors.insert(actor.to_owned());
            }
        }
        Ok(())
    }
}

impl Export<'_> {
    /// Reads a thread's history, page by page.
    ///
    /// HubSpot lists either the archived or the active entries of a history. A history is archived with
    /// its thread, possibly after the thread was listed, or between two pages. So if a list is empty, or
    /// ends as if it had been emptied, the other list is read, too.
    pub(super) async fn history(
        &self,
        thread: &ThreadId,
        is_archived: bool,
        pass: Pass,
        history: &mut History,
    ) -> Result<(), ExportError> {
        let messages = self.client.messages(thread);
        let mut reader = HistoryReader { thread, messages, pass, history, ids: HashSet::new() };
        let first = self.entries(is_archived, &mut reader).await?;
        if self.archived || first.entries == 0 || first.may_have_moved() {
            let second = self.entries(!is_archived, &mut reader).await?;
            let is_rest_lost = if second.may_have_moved() {
                let again = self.entries(is_archived, &mut reader).await?;
                second.ended_not_found() && (again.entries == 0 || again.ended_not_found())
            } else {
                first.ended_not_found() && second.entries == 0
            };
            if is_rest_lost {
                reader.history.findings.push(Kind::HistoryCut.into());
            } else if let (0, 0, Some(not_found)) = (first.pages, second.pages, second.not_found) {
                self.confirm_deleted(not_found, &reader).await?;
                reader.history.findings.push(Kind::ThreadGone.into());
                return Ok(());
            }
        }
        if is_archived && history.messages == 0 {
            history.findings.push(Kind::ArchivedWithoutMessages.into());
        }
        Ok(())
    }

    /// Adds the archived or the active entries to a history.
    async fn entries(
        &self,
        archived: bool,
        reader: &mut HistoryReader<'_>,
    ) -> Result<ListExtent, ExportError> {
        let list = reader.messages.list().oldest_first().limit(MESSAGES_PER_PAGE);
        let list = if archived { list.archived(true) } else { list };
        let mut pages = list.retry(reader.pass.retry()).pages();
        let mut listed = ListExtent::default();
        loop {
            let page = match pages.try_next().await {
                Ok(Some(page)) => page,
                Ok(None) => return Ok(listed),
                Err(error) if is_hubspots_not_found(&error) => {
                    listed.not_found = Some(error);
                    return Ok(listed);
                }
                Err(error) => return Err(error.into()),
            };
            listed.pages += 1;
            listed.ends_empty = page.results.is_empty();
            listed.entries += page.results.len();
            if let Some(place) = unclear_end(&page) {
                let finding = Finding::with_reason(Kind::HistoryEndUnclear, 1, place);
                reader.history.findings.push(finding);
            }
            reader.ids.reserve(page.results.len());
            for item in page.results {
                let json = item.json().get();
                let entry = Entry::read(json);
                if reader.has(&entry) {
                    continue;
                }
                let original = match entry.is_truncated() {
                    true => self.original(&entry, reader).await?,
                    false => None,
                };
                reader.add(json, &entry, original.as_ref())?;
            }
        }
    }

    /// The original content of a truncated message, if it can be read.
    async fn original(
        &self,
        entry: &Entry<'_>,
        reader: &mut HistoryReader<'_>,
    ) -> Result<Option<Received<OriginalContent>>, ExportError> {
        let Some(id) = entry.id() else {
            let finding = Finding::with_reason(Kind::OriginalNotRead, 1, "it has no id");
            reader.history.findings.push(finding);
            return Ok(None);
        };
        let request = reader.messages.original(MessageId::from(id));
        match request.retry(reader.pass.retry()).send().await {
            Ok(original) => return Ok(Some(original)),
            Err(error) if is_hubspots_not_found(&error) || is_empty_success(&error) => {
                reader.history.findings.push(Kind::NoOriginal.into());
            }
            Err(error) if reader.pass == Pass::Last && concerns_one_record(&error) => {
                let finding = Finding::with_reason(Kind::OriginalNotRead, 1, error);
                reader.history.findings.push(finding);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(None)
    }

    /// Reads a thread whose lists both do not exist. If the thread exists, the missing lists are an
    /// error.
    async fn confirm_deleted(
        &self,
        not_found: Error,
        reader: &HistoryReader<'_>,
    ) -> Result<(), ExportError> {
        for archived in [false, true] {
            let thread = self.client.threads().get(reader.thread.clone());
            let thread = if archived { thread.archived(true) } else { thread };
            match thread.retry(reader.pass.retry()).send().await {
                Ok(_) => return Err(not_found.into()),
                Err(error) if is_hubspots_not_found(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
