//! The account as JSON lines: one file per kind of record, each record as HubSpot sent it.

mod account;
mod actors;
mod boundaries;
mod entry;
mod failed_read;
mod fields;
mod files;
mod findings;
mod history;
mod journal;
mod known_id;
mod lines;
mod lock;
mod manifest;
mod open;
mod options;
mod partial;
mod progress;
mod publication;
mod refusal;
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

use crate::{failure, output};
use fields::id_of;
use files::Records;
use findings::{Finding, Kind};
use journal::Header;
use manifest::Manifest;
use open::Opened;
pub(crate) use options::{Options, Since};
use partial::Partial;
use progress::Progress;
use threads::Todo;
use unpublished::Unpublished;

/// How long threads that were read wait for others to be written with them. So much work is lost
/// with a process that is killed.
const BETWEEN_WRITES: Duration = Duration::from_millis(100);

/// Where records come from.
pub(crate) struct Source<'a> {
    pub(crate) client: &'a Client,
    /// The address of the server.
    pub(crate) server: String,
    pub(crate) api_version: String,
}

/// How to export. It changes nothing of what is exported.
pub(crate) struct Manner {
    /// How many threads to read at once.
    pub(crate) concurrency: usize,
    /// Discard a partial export.
    pub(crate) restart: bool,
    /// Show no progress.
    pub(crate) quiet: bool,
}

/// Why an export was not finished.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The folder cannot be used as the command says.
    Folder(String),
    /// The folder cannot be written to, whatever the command says.
    Unwritable(String),
    /// The folder holds an export of another account.
    OtherAccount,
    /// HubSpot could not be read.
    Api(Error),
    /// A file could not be written.
    Io(io::Error),
    /// All records are there, and the files could not get their names.
    Unpublished(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Api(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What was exported.
pub(crate) struct Summary(Manifest);

impl Summary {
    /// Whether everything that HubSpot has, and that was asked for, is in the files.
    pub(crate) fn is_complete(&self) -> bool {
        !self.0.findings.has_losses()
    }

    /// How much was exported.
    pub(crate) fn counts(&self) -> String {
        let counts: Vec<_> = Records::ALL
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

/// What somebody should know of it, a line each.
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
    /// What the threads that are read at once add to. It is borrowed between awaits, never across.
    partial: RefCell<Partial>,
    /// The keys of threads that are under way.
    under_way: RefCell<HashSet<String>>,
    /// Threads that HubSpot failed at, to be tried once more at the end.
    failed: RefCell<Vec<Todo>>,
    /// How many requests for actors failed.
    failed_batches: Cell<u32>,
}

/// How a record is read, such as the history of one thread.
///
/// No try outlasts an outage: that is for the request which is sent after each, and asks whether HubSpot
/// answers at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Try {
    /// All of it or nothing, since it will be tried again.
    First,
    /// The same, when all others were read.
    Second,
    /// As much as can be had.
    Last,
}

impl Try {
    fn retry(self) -> Retry {
        let retry = Retry::for_long_jobs();
        match self {
            Self::First => retry.max_attempts(6),
            // Nothing but what fails is left then, and no success gives the budget of retries one back.
            Self::Second | Self::Last => retry.max_attempts(4).max_backoff(Duration::from_secs(10)),
        }
    }
}

/// Exports to a folder, or resumes an export.
///
/// The files appear under their names when all of them are complete, and not before.
pub(crate) async fn run(
    source: Source<'_>,
    folder: &Path,
    options: Options,
    manner: Manner,
) -> Result<Summary, Failure> {
    let header = Header::new(source.server, source.api_version, options);
    let opened = open::open(folder, header, manner.restart);
    let unpublished = match opened.map_err(|refusal| refusal.into_failure(folder))? {
        Opened::Unpublished(unpublished) => {
            confirm(source.client, &unpublished).await.inspect_err(|failure| {
                if !matches!(failure, Failure::OtherAccount) {
                    let folder = folder.display();
                    failure::note(&format!(
                        "note: the finished export is kept in {folder}; run the same command again \
                         to publish it"
                    ));
                }
            })?;
            *unpublished
        }
        Opened::Partial(partial) => read(source.client, folder, *partial, &manner).await?,
    };
    unpublished.publish().map(Summary).map_err(Failure::Unpublished)
}

/// Sees to it that a finished export of an earlier run is of this account, and says that it is published.
async fn confirm(client: &Client, unpublished: &Unpublished) -> Result<(), Failure> {
    let header = unpublished.header();
    let inboxes = account::inboxes(client, header.options.archived).await?;
    account::check(unpublished.inboxes(), &inboxes)?;
    failure::note(&format!("note: publishing the export {}", header.begun()));
    Ok(())
}

/// Reads all that is not in the files yet.
async fn read(
    client: &Client,
    folder: &Path,
    partial: Partial,
    manner: &Manner,
) -> Result<Unpublished, Failure> {
    let progress = partial.progress();
    if progress.threads > 0 && !manner.quiet {
        let (threads, messages) = (progress.threads, progress.messages);
        failure::note(&format!("resuming after {threads} threads with {messages} messages"));
        failure::note(&format!("the export was {}", partial.header().begun()));
    }
    let export = Export {
        client,
        archived: partial.options().archived,
        progress: Progress::start(progress.threads, progress.messages, manner.quiet),
        under_way: RefCell::default(),
        failed: RefCell::default(),
        failed_batches: Cell::default(),
        partial: RefCell::new(partial),
    };
    let kept = Kept { export: &export, folder };
    let left = || {
        let status = client.rate_limit_status();
        (status.remaining, status.wait)
    };
    let done = tokio::select! {
        biased;
        done = export.run(manner.concurrency) => done,
        never = export.progress.show(left) => match never {},
        error = export.write_down() => Err(error.into()),
    };
    if let Err(Failure::OtherAccount) = done {
        kept.say_nothing();
        return Err(Failure::OtherAccount);
    }
    done?;
    let manifest = export.partial.borrow_mut().finish()?;
    kept.say_nothing();
    Ok(export.partial.into_inner().into_unpublished(manifest))
}

/// Says what is kept when the export ends early: at an error, or because it is stopped.
struct Kept<'a> {
    export: &'a Export<'a>,
    folder: &'a Path,
}

impl Kept<'_> {
    /// Where nothing is left to be kept, or the same command does not resume it.
    fn say_nothing(self) {
        self.export.progress.clear();
        std::mem::forget(self);
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        self.export.progress.clear();
        let Ok(mut partial) = self.export.partial.try_borrow_mut() else { return };
        let partial::Kept { threads, messages } = partial.keep();
        if threads > 0 {
            failure::note(&format!(
                "note: {threads} threads with {messages} messages are kept in {}; run the same \
                 command again to resume the export",
                self.folder.display()
            ));
        }
    }
}

impl Export<'_> {
    /// Writes down what was read meanwhile, time and again, until that fails.
    async fn write_down(&self) -> io::Error {
        loop {
            tokio::time::sleep(BETWEEN_WRITES).await;
            if let Err(error) = self.partial.borrow_mut().write_down() {
                return error;
            }
        }
    }

    async fn run(&self, concurrency: usize) -> Result<(), Failure> {
        let inboxes = self.client.inboxes().list();
        let accounts = self.client.channel_accounts().list();
        let mut archived_inboxes = None;
        let mut archived_accounts = None;
        if self.archived {
            archived_inboxes = Some(inboxes.clone().archived(true));
            archived_accounts = Some(accounts.clone().archived(true));
        }
        let inboxes = self.copy([Some(inboxes), archived_inboxes], Records::Inboxes).await?;
        self.check_account(&inboxes)?;
        self.copy([Some(self.client.channels().list())], Records::Channels).await?;
        self.copy([Some(accounts), archived_accounts], Records::ChannelAccounts).await?;
        self.threads(concurrency).await?;
        self.actors(concurrency).await
    }

    /// Copies short lists to a file, and returns the ids of their records.
    async fn copy<R: ListRequest>(
        &self,
        lists: impl IntoIterator<Item = Option<R>>,
        records: Records,
    ) -> Result<HashSet<InboxId>, Failure> {
        let mut ids = HashSet::new();
        for list in lists.into_iter().flatten() {
            let mut items = self.items(list);
            while let Some(item) = items.try_next().await? {
                let json = item.json().get();
                // One that is archived between the lists is in both of them.
                if id_of(json).is_none_or(|id| ids.insert(id)) {
                    self.partial.borrow_mut().add(records, json)?;
                }
            }
        }
        Ok(ids)
    }

    /// Refuses to resume an export of another account.
    fn check_account(&self, inboxes: &HashSet<InboxId>) -> Result<(), Failure> {
        let mut partial = self.partial.borrow_mut();
        account::check(partial.progress().inboxes.as_ref(), inboxes)?;
        if partial.progress().inboxes.is_none() {
            partial.remember_inboxes(inboxes.iter().cloned().collect())?;
        }
        Ok(())
    }

    /// The items of a list as HubSpot sent them, which writes `null` for an empty list, too. A page that
    /// does not say clearly whether another one follows is noted.
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
                    let finding = Finding::because(Kind::ListEndUnclear, 1, reason);
                    self.partial.borrow_mut().find(&finding);
                }
                stream::iter(page.results).map(Ok)
            })
            .try_flatten()
    }

    /// Waits until HubSpot answers another request than one that failed.
    async fn answers_others(&self) -> Result<(), Error> {
        let inboxes = self.client.inboxes().list().limit(1);
        inboxes.retry(Retry::for_long_jobs()).send().await.map(drop)
    }
}

/// The place of a page that says whether another one follows, if it cannot be read.
fn unclear_end<T>(page: &Page<T>) -> Option<&LeftOut> {
    let is_last = page.next_cursor() == Ok(None);
    page.left_out().iter().find(|place| is_last && output::hides_next_page(place))
}
