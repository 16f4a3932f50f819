//! The history of a thread, its truncated messages completed.

use std::io;

use foldhash::{HashSet, HashSetExt};
use hubspot_conversations::types::{MessageId, OriginalContent, ThreadId};
use hubspot_conversations::{Error, Messages, Received};

use super::entry::Entry;
use super::failed_read::{concerns_one_record, is_empty_success, is_hubspots_not_found};
use super::files::{write_line, write_line_with};
use super::findings::{Finding, Kind};
use super::partial::History;
use super::{Export, Failure, Try, unclear_end};

/// The field a completed message carries its original content in. HubSpot has none of this name.
const ORIGINAL_CONTENT: &str = "_originalContent";

/// HubSpot documents no limit; this many are commonly asked for.
const MESSAGES_PER_PAGE: u16 = 100;

/// The archived entries of a history, or the others, as far as they were read.
#[derive(Default)]
struct Listed {
    /// How many entries there were, those that are in the export already included.
    entries: usize,
    pages: usize,
    /// Whether the last page was empty.
    ends_empty: bool,
    /// HubSpot's word that there is no such thread, instead of the first page or of a later one.
    not_found: Option<Error>,
}

impl Listed {
    /// Whether HubSpot listed some of it, and said then that there is no such thread.
    fn is_cut(&self) -> bool {
        self.pages > 0 && self.not_found.is_some()
    }

    /// Whether the thread may have been archived or restored while it was listed, so that the rest of
    /// its entries is in the other list.
    fn may_go_on_elsewhere(&self) -> bool {
        self.is_cut() || (self.pages > 1 && self.ends_empty)
    }
}

/// A history on its way into the export.
struct Reading<'a> {
    thread: &'a ThreadId,
    messages: Messages,
    how: Try,
    history: &'a mut History,
    /// The ids of entries that it has.
    ids: HashSet<String>,
}

impl Reading<'_> {
    /// Whether the history has an entry already. From then on it has.
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
    /// HubSpot lists the archived entries of a history or the others. A history is archived with its
    /// thread, also between the listing of the thread and that of its messages, or between two pages.
    /// So a list that is empty, or ends as if it had been emptied, is not believed until the other
    /// one was asked for.
    pub(super) async fn history(
        &self,
        thread: &ThreadId,
        is_archived: bool,
        how: Try,
        history: &mut History,
    ) -> Result<(), Failure> {
        let messages = self.client.messages(thread);
        let mut reading = Reading { thread, messages, how, history, ids: HashSet::new() };
        let first = self.entries(is_archived, &mut reading).await?;
        if self.archived || first.entries == 0 || first.may_go_on_elsewhere() {
            let second = self.entries(!is_archived, &mut reading).await?;
            let is_rest_lost = if second.may_go_on_elsewhere() {
                let again = self.entries(is_archived, &mut reading).await?;
                second.is_cut() && (again.entries == 0 || again.is_cut())
            } else {
                first.is_cut() && second.entries == 0
            };
            if is_rest_lost {
                reading.history.findings.push(Kind::HistoryCut.into());
            } else if let (0, 0, Some(not_found)) = (first.pages, second.pages, second.not_found) {
                self.believe(not_found, &reading).await?;
                reading.history.findings.push(Kind::ThreadGone.into());
                return Ok(());
            }
        }
        if is_archived && history.messages == 0 {
            history.findings.push(Kind::ArchivedWithoutMessages.into());
        }
        Ok(())
    }

    /// Adds the archived entries, or the others, to a history.
    async fn entries(&self, archived: bool, reading: &mut Reading<'_>) -> Result<Listed, Failure> {
        let list = reading.messages.list().oldest_first().limit(MESSAGES_PER_PAGE);
        let list = if archived { list.archived(true) } else { list };
        let mut pages = list.retry(reading.how.retry()).pages();
        let mut listed = Listed::default();
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
                let finding = Finding::because(Kind::HistoryEndUnclear, 1, place);
                reading.history.findings.push(finding);
            }
            reading.ids.reserve(page.results.len());
            for item in page.results {
                let json = item.json().get();
                let entry = Entry::read(json);
                if reading.has(&entry) {
                    continue;
                }
                let original = match entry.is_truncated() {
                    true => self.original(&entry, reading).await?,
                    false => None,
                };
                reading.add(json, &entry, original.as_ref())?;
            }
        }
    }

    /// The whole content of a truncated message, if it can be had.
    async fn original(
        &self,
        entry: &Entry<'_>,
        reading: &mut Reading<'_>,
    ) -> Result<Option<Received<OriginalContent>>, Failure> {
        let Some(id) = entry.id() else {
            let finding = Finding::because(Kind::OriginalNotRead, 1, "it has no id");
            reading.history.findings.push(finding);
            return Ok(None);
        };
        let request = reading.messages.original(MessageId::from(id));
        match request.retry(reading.how.retry()).send().await {
            Ok(original) => return Ok(Some(original)),
            Err(error) if is_hubspots_not_found(&error) || is_empty_success(&error) => {
                reading.history.findings.push(Kind::NoOriginal.into());
            }
            Err(error) if reading.how == Try::Last && concerns_one_record(&error) => {
                let finding = Finding::because(Kind::OriginalNotRead, 1, error);
                reading.history.findings.push(finding);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(None)
    }

    /// Asks for a thread without a history. That both of its lists are not found is believed if the
    /// thread is not found, either; else that is the failure.
    async fn believe(&self, not_found: Error, reading: &Reading<'_>) -> Result<(), Failure> {
        for archived in [false, true] {
            let thread = self.client.threads().get(reading.thread.clone());
            let thread = if archived { thread.archived(true) } else { thread };
            match thread.retry(reading.how.retry()).send().await {
                Ok(_) => return Err(not_found.into()),
                Err(error) if is_hubspots_not_found(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
