//! The account as JSON lines: one file per kind of record, each record as HubSpot sent it.

mod actors;
mod files;
mod findings;
mod history;
mod journal;
mod known_id;
mod lines;
mod lock;
mod manifest;
mod options;
mod partial;
mod progress;
mod publication;
mod threads;

#[cfg(test)]
mod outages;

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;
use std::{fmt, io};

use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use hubspot_conversations::types::InboxId;
use hubspot_conversations::{Client, Endpoint, Error, Item, ListEndpoint, Request, Retry};
use serde::Deserialize;

use crate::failure;
use files::Records;
use journal::Header;
use manifest::Manifest;
pub(crate) use options::{Options, Since};
use partial::{Opened, Partial, Unpublished};
use progress::Progress;
use threads::Todo;

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
    /// The folder cannot be used.
    Folder(String),
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
            counts += &format!("; {completed} truncated messages were completed");
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
    retry: Retry,
    archived: bool,
    progress: Progress,
    /// What the threads that are read at once add to. It is borrowed between awaits, never across.
    partial: RefCell<Partial>,
    /// The keys of threads that are under way.
    under_way: RefCell<HashSet<String>>,
    /// Threads that HubSpot failed at, to be tried once more at the end.
    failed: RefCell<Vec<Todo>>,
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
    let refused = |refusal: partial::Refusal| Failure::Folder(refusal.sentence(folder));
    let unpublished = match partial::open(folder, header, manner.restart).map_err(refused)? {
        Opened::Unpublished(unpublished) => *unpublished,
        Opened::Partial(partial) => read(source.client, folder, *partial, &manner).await?,
    };
    unpublished.publish().map(Summary).map_err(Failure::Unpublished)
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
    }
    let export = Export {
        client,
        retry: Retry::for_long_jobs(),
        archived: partial.options().archived,
        progress: Progress::start(progress.threads, progress.messages, manner.quiet),
        under_way: RefCell::default(),
        failed: RefCell::default(),
        partial: RefCell::new(partial),
    };
    let kept = Kept { export: &export, folder };
    let left = || {
        let status = client.rate_limit_status();
        (status.remaining, status.wait)
    };
    tokio::select! {
        biased;
        done = export.run(manner.concurrency) => done?,
        never = export.progress.show(left) => match never {},
        error = export.write_down() => return Err(error.into()),
    }
    let manifest = export.partial.borrow_mut().finish()?;
    // Nothing is left to be kept.
    std::mem::forget(kept);
    export.progress.clear();
    Ok(export.partial.into_inner().into_unpublished(manifest))
}

/// Says what is kept when the export ends early: at an error, or because it is stopped.
struct Kept<'a> {
    export: &'a Export<'a>,
    folder: &'a Path,
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        self.export.progress.clear();
        let Ok(mut partial) = self.export.partial.try_borrow_mut() else { return };
        let partial::Kept { threads, messages } = partial.keep();
        if threads > 0 {
            failure::note(&format!(
                "note: {threads} threads with {messages} messages are kept in {}; the same command \
                 resumes the export",
                self.folder.display()
            ));
        }
    }
}

/// What the export needs to know of an inbox or an account of a channel.
#[derive(Default, Deserialize)]
struct Identified {
    id: Option<InboxId>,
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
        self.check_account(inboxes)?;
        self.copy([Some(self.client.channels().list())], Records::Channels).await?;
        self.copy([Some(accounts), archived_accounts], Records::ChannelAccounts).await?;
        self.threads(concurrency).await?;
        self.actors(concurrency).await
    }

    /// Copies short lists to a file, and gives the ids of their records.
    async fn copy<E: ListEndpoint>(
        &self,
        lists: impl IntoIterator<Item = Option<Request<E>>>,
        records: Records,
    ) -> Result<HashSet<InboxId>, Failure> {
        let mut ids = HashSet::new();
        for list in lists.into_iter().flatten() {
            let mut items = items(self.patient(list));
            while let Some(item) = items.try_next().await? {
                let json = item.json().get();
                let Identified { id } = serde_json::from_str(json).unwrap_or_default();
                // One that is archived between the lists is in both of them.
                if id.is_none_or(|id| ids.insert(id)) {
                    self.partial.borrow_mut().add(records, json)?;
                }
            }
        }
        Ok(ids)
    }

    /// Refuses to resume an export of another account, which would mix the two.
    fn check_account(&self, inboxes: HashSet<InboxId>) -> Result<(), Failure> {
        let mut partial = self.partial.borrow_mut();
        match &partial.progress().inboxes {
            Some(before) if !before.is_empty() && before.is_disjoint(&inboxes) => {
                Err(Failure::Folder(
                    "the folder holds a partial export of another account, which has none of the \
                     inboxes of this one; use its token, another folder, or --restart to discard it"
                        .to_owned(),
                ))
            }
            Some(_) => Ok(()),
            None => Ok(partial.remember_inboxes(inboxes.into_iter().collect())?),
        }
    }

    /// A request that outlasts what a short command would give up at.
    fn patient<E: Endpoint>(&self, request: Request<E>) -> Request<E> {
        request.retry(self.retry.clone())
    }
}

/// The items of a list as HubSpot sent them.
fn items<E: ListEndpoint>(
    list: Request<E>,
) -> impl Stream<Item = Result<Item<E::Item>, Error>> + Unpin {
    list.pages().map_ok(|page| stream::iter(page.results).map(Ok)).try_flatten()
}
