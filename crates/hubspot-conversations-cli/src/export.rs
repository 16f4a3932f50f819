//! The account as JSON lines: one file per kind of record, each record as HubSpot sent it.

mod account;
mod actors;
mod boundaries;
mod entry;
mod error;
mod failed_read;
mod fields;
mod files;
mod findings;
mod history;
mod journal;
mod known_id;
mod lock;
mod manifest;
mod open;
mod open_error;
mod options;
mod partial;
mod progress;
mod publication;
mod spill_buffer;
mod threads;
mod unpublished;

#[cfg(test)]
mod failing;
#[cfg(test)]
mod outages;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;
use std::{fmt, io};

use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use hubspot_conversations::types::InboxId;
use hubspot_conversations::{Client, Error, Item, LeftOut, ListRequest, Page, Retry};

use crate::{output, stderr};
pub(crate) use error::ExportError;
use fields::id_of;
use files::RecordKind;
use findings::{Finding, Kind};
use journal::Header;
use manifest::Manifest;
use open::Opened;
pub(crate) use options::{Options, Since};
use partial::Partial;
use progress::Progress;
use threads::ListedThread;
use unpublished::Unpublished;

/// The interval between writes to the disk: the work that is lost if the process is killed.
const FLUSH_INTERVAL: Duration = Duration::from_millis(100);

/// Where records come from.
pub(crate) struct Source<'a> {
    pub(crate) client: &'a Client,
    /// The address of the server.
    pub(crate) server: String,
    pub(crate) api_version: String,
}

/// How to run an export. It does not affect what is exported.
pub(crate) struct RunOptions {
    /// How many threads to read concurrently.
    pub(crate) concurrency: usize,
    /// Discard a partial export.
    pub(crate) restart: bool,
    /// Show no progress.
    pub(crate) quiet: bool,
}

/// What was exported.
pub(crate) struct Summary(Manifest);

impl Summary {
    /// Whether the files contain everything that HubSpot has and that was requested.
    pub(crate) fn is_complete(&self) -> bool {
        !self.0.findings.has_losses()
    }

    /// How much was exported.
    pub(crate) fn counts(&self) -> String {
        let counts: Vec<_> = RecordKind::ALL
            .iter()
            .map(|records| format!("{} {}", self.0.count(*records), records.plural()))
            .collect();
        let mut counts = format!("exported {}", counts.join(", "));
        if self.0.completed_messages() > 0 {
            let completed = self.0.completed_messages();
            counts += &format!("; {completed} truncated messages completed");
        }
        counts
    }
}

/// Losses and notes, one line each.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.findings.fmt(f)
    }
}

/// What is being exported.
struct Export<'a> {
    client: &'a Client,
    archived: bool,
    progress: Progress,
    /// The files, which concurrent reads of threads add to. Borrowed between awaits, never across.
    partial: RefCell<Partial>,
    /// The keys of threads being read.
    in_progress: RefCell<HashSet<String>>,
    /// Threads that could not be read, to retry at the end.
    failed: RefCell<Vec<ListedThread>>,
    /// How many requests for actors failed.
    failed_batches: Cell<u32>,
}

/// Which time a record is read, such as the history of one thread.
///
/// No pass outlasts an outage. The request that follows each failure does: it checks whether HubSpot
/// responds at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// All of it or nothing, because a second pass follows.
    First,
    /// The same, after all others were read.
    Second,
    /// As much as can be read.
    Last,
}

impl Pass {
    fn retry(self) -> Retry {
        let retry = Retry::for_long_jobs();
        match self {
            Self::First => retry.max_attempts(6),
            // Only failing records are left, and no success refills the retry budget.
            Self::Second | Self::Last => retry.max_attempts(4).max_backoff(Duration::from_secs(10)),
        }
    }
}

/// Exports to a folder, or resumes an export.
///
/// The files get their final names once all of them are complete.
pub(crate) async fn run(
    source: Source<'_>,
    folder: &Path,
    options: Options,
    run_options: RunOptions,
) -> Result<Summary, ExportError> {
    let header = Header::new(source.server, source.api_version, options);
    let opened = open::open(folder, header, run_options.restart);
    let unpublished = match opened.map_err(|error| error.into_export_error(folder))? {
        Opened::Unpublished(unpublished) => {
            confirm(source.client, &unpublished).await.inspect_err(|error| {
                if !matches!(error, ExportError::OtherAccount) {
                    let folder = folder.display();
                    stderr::print_line(&format!(
                        "note: the finished export is kept in {folder}; run the same command again \
                         to publish it"
                    ));
                }
            })?;
            *unpublished
        }
        Opened::Partial(partial) => read(source.client, folder, *partial, &run_options).await?,
    };
    unpublished.publish().map(Summary).map_err(ExportError::Unpublished)
}

/// Checks that a finished export of an earlier run is of this account, and notes its publication.
async fn confirm(client: &Client, unpublished: &Unpublished) -> Result<(), ExportError> {
    let header = unpublished.header();
    let inboxes = account::inboxes(client, header.options.archived).await?;
    account::check(unpublished.inboxes(), &inboxes)?;
    stderr::print_line(&format!("note: publishing the export {}", header.started_on()));
    Ok(())
}

/// Reads everything that is not in the files yet.
async fn read(
    client: &Client,
    folder: &Path,
    partial: Partial,
    run_options: &RunOptions,
) -> Result<Unpublished, ExportError> {
    let progress = partial.progress();
    if progress.threads > 0 && !run_options.quiet {
        let (threads, messages) = (progress.threads, progress.messages);
        stderr::print_line(&format!("resuming after {threads} threads with {messages} messages"));
        stderr::print_line(&format!("the export was {}", partial.header().started_on()));
    }
    let export = Export {
        client,
        archived: partial.options().archived,
        progress: Progress::start(progress.threads, progress.messages, run_options.quiet),
        in_progress: RefCell::default(),
        failed: RefCell::default(),
        failed_batches: Cell::default(),
        partial: RefCell::new(partial),
    };
    let report = SavedReport { export: &export, folder };
    let rate_limit = || {
        let status = client.rate_limit_status();
        (status.remaining, status.wait)
    };
    let done = tokio::select! {
        biased;
        done = export.run(run_options.concurrency) => done,
        never = export.progress.show(rate_limit) => match never {},
        error = export.flush_periodically() => Err(error.into()),
    };
    if let Err(ExportError::OtherAccount) = done {
        report.cancel();
        return Err(ExportError::OtherAccount);
    }
    done?;
    let manifest = export.partial.borrow_mut().finish()?;
    report.cancel();
    Ok(export.partial.into_inner().into_unpublished(manifest))
}

/// Reports what is saved if the export ends early: after an error, or because it is stopped.
struct SavedReport<'a> {
    export: &'a Export<'a>,
    folder: &'a Path,
}

impl SavedReport<'_> {
    /// Reports nothing: the export is complete, or the same command does not resume it.
    fn cancel(self) {
        self.export.progress.clear();
        std::mem::forget(self);
    }
}

impl Drop for SavedReport<'_> {
    fn drop(&mut self) {
        self.export.progress.clear();
        let Ok(mut partial) = self.export.partial.try_borrow_mut() else { return };
        let partial::Saved { threads, messages } = partial.save_early();
        if threads > 0 {
            stderr::print_line(&format!(
                "note: {threads} threads with {messages} messages are kept in {}; run the same \
                 command again to resume the export",
                self.folder.display()
            ));
        }
    }
}

impl Export<'_> {
    /// Writes to the disk periodically, until that fails.
    async fn flush_periodically(&self) -> io::Error {
        loop {
            tokio::time::sleep(FLUSH_INTERVAL).await;
            if let Err(error) = self.partial.borrow_mut().flush() {
                return error;
            }
        }
    }

    async fn run(&self, concurrency: usize) -> Result<(), ExportError> {
        let inboxes = self.client.inboxes().list();
        let accounts = self.client.channel_accounts().list();
        let mut archived_inboxes = None;
        let mut archived_accounts = None;
        if self.archived {
            archived_inboxes = Some(inboxes.clone().archived(true));
            archived_accounts = Some(accounts.clone().archived(true));
        }
        let inboxes = self.copy([Some(inboxes), archived_inboxes], RecordKind::Inboxes).await?;
        self.check_account(&inboxes)?;
        self.copy([Some(self.client.channels().list())], RecordKind::Channels).await?;
        self.copy([Some(accounts), archived_accounts], RecordKind::ChannelAccounts).await?;
        self.threads(concurrency).await?;
        self.actors(concurrency).await
    }

    /// Copies short lists to a file, and returns the ids of their records.
    async fn copy<R: ListRequest>(
        &self,
        lists: impl IntoIterator<Item = Option<R>>,
        records: RecordKind,
    ) -> Result<HashSet<InboxId>, ExportError> {
        let mut ids = HashSet::new();
        for list in lists.into_iter().flatten() {
            let mut items = self.items(list);
            while let Some(item) = items.try_next().await? {
                let json = item.json().get();
                // A record that is archived between the two lists is in both.
                if id_of(json).is_none_or(|id| ids.insert(id)) {
                    self.partial.borrow_mut().add(records, json)?;
                }
            }
        }
        Ok(ids)
    }

    /// Rejects the resumption of an export of another account.
    fn check_account(&self, inboxes: &HashSet<InboxId>) -> Result<(), ExportError> {
        let mut partial = self.partial.borrow_mut();
        account::check(partial.progress().inboxes.as_ref(), inboxes)?;
        if partial.progress().inboxes.is_none() {
            partial.record_inboxes(inboxes.iter().cloned().collect())?;
        }
        Ok(())
    }

    /// The items of a list as received. Adds a finding for a page that does not say clearly whether
    /// another page follows.
    fn items<R: ListRequest>(
        &self,
        list: R,
    ) -> impl Stream<Item = Result<Item<R::Item>, Error>> + Unpin {
        let pages = list.retry(Retry::for_long_jobs()).pages();
        pages
            .map_ok(|page| {
                if let Some(place) = unclear_end(&page) {
                    let list = R::OPERATION.operation().name;
                    let reason = format!("{list}: {place}");
                    let finding = Finding::with_reason(Kind::ListEndUnclear, 1, reason);
                    self.partial.borrow_mut().add_finding(&finding);
                }
                stream::iter(page.results).map(Ok)
            })
            .try_flatten()
    }

    /// Waits until HubSpot responds to a request other than the one that failed.
    async fn check_available(&self) -> Result<(), Error> {
        let inboxes = self.client.inboxes().list().limit(1);
        inboxes.retry(Retry::for_long_jobs()).send().await.map(drop)
    }
}

/// The place in a page that says whether another page follows, if it is unreadable.
fn unclear_end<T>(page: &Page<T>) -> Option<&LeftOut> {
    let is_last = page.next_cursor() == Ok(None);
    page.left_out().iter().find(|place| is_last && output::hides_next_page(place))
}
