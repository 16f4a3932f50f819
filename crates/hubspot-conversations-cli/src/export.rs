//! The whole account as JSON lines: one file per kind of record, each record as HubSpot sent it.

mod actors;
mod files;
mod history;
mod progress;

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use hubspot_conversations::types::{ActorId, ThreadId};
use hubspot_conversations::{Client, Error, ErrorKind, Item, ListEndpoint, Request};
use serde::Deserialize;

use files::{File, Files};
use progress::Progress;

/// The most threads that HubSpot lists on a page.
const THREADS_PER_PAGE: u16 = 500;

/// What to export, and how.
pub(crate) struct Options {
    /// How many threads to read at once.
    pub(crate) concurrency: usize,
    /// Whether to export what is archived, too.
    pub(crate) archived: bool,
}

/// Why nothing was exported. No file is left behind.
pub(crate) enum Failure {
    /// The folder cannot be used.
    Folder(String),
    /// HubSpot could not be read.
    Api(Error),
    /// A file could not be written.
    Io(std::io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Api(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// What was exported.
pub(crate) struct Summary {
    counts: Vec<(&'static str, u64)>,
    completed: u64,
    notes: Vec<String>,
    losses: u64,
}

impl Summary {
    /// Whether everything is in the files that HubSpot has.
    pub(crate) fn is_complete(&self) -> bool {
        self.losses == 0
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<_> =
            self.counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
        write!(f, "exported {}", counts.join(", "))?;
        if self.completed > 0 {
            write!(f, "; {} truncated messages were completed", self.completed)?;
        }
        if self.losses > 0 {
            write!(f, "\nlost: the messages of {} threads without an id", self.losses)?;
        }
        for note in &self.notes {
            write!(f, "\nnote: {note}")?;
        }
        Ok(())
    }
}

/// What is being exported.
struct Export<'a> {
    client: &'a Client,
    progress: Progress,
    state: RefCell<State>,
}

/// What the threads that are read at once add to. It is borrowed between awaits, never across.
struct State {
    files: Files,
    actors: HashSet<ActorId>,
    completed: u64,
    notes: Vec<String>,
    /// Threads whose messages could not be asked for.
    losses: u64,
}

/// Exports the account to a folder.
///
/// The files appear under their names when all of them are complete, and not before.
pub(crate) async fn run(
    client: &Client,
    folder: &Path,
    options: Options,
) -> Result<Summary, Failure> {
    let files = Files::create(folder).map_err(|error| {
        Failure::Folder(format!("cannot write to {}: {error}", folder.display()))
    })?;
    let state = State { files, actors: HashSet::new(), completed: 0, notes: Vec::new(), losses: 0 };
    let export = Export { client, progress: Progress::start(), state: RefCell::new(state) };

    let inboxes = client.inboxes().list();
    let accounts = client.channel_accounts().list();
    let threads = client.threads().list().limit(THREADS_PER_PAGE);
    if options.archived {
        export.copy(inboxes.clone().archived(true), File::Inboxes).await?;
        export.copy(accounts.clone().archived(true), File::ChannelAccounts).await?;
        export.threads(threads.clone().archived(true), options.concurrency).await?;
    }
    export.copy(inboxes, File::Inboxes).await?;
    export.copy(client.channels().list(), File::Channels).await?;
    export.copy(accounts, File::ChannelAccounts).await?;
    export.threads(threads, options.concurrency).await?;
    export.actors(options.concurrency).await?;

    export.progress.finish();
    let State { files, completed, notes, losses, .. } = export.state.into_inner();
    Ok(Summary { counts: files.publish()?, completed, notes, losses })
}

impl Export<'_> {
    /// Copies a list to its file.
    async fn copy<E: ListEndpoint>(&self, list: Request<E>, file: File) -> Result<(), Failure> {
        let mut items = items(list);
        while let Some(item) = items.try_next().await? {
            self.state.borrow_mut().files.write(file, item.json().get())?;
        }
        Ok(())
    }

    /// Copies threads, and the history of each, several at once.
    async fn threads<E: ListEndpoint>(
        &self,
        list: Request<E>,
        concurrency: usize,
    ) -> Result<(), Failure> {
        let threads = items(list).map_err(Failure::Api);
        threads
            .try_for_each_concurrent(concurrency, async |item| self.thread(item.json().get()).await)
            .await
    }

    async fn thread(&self, json: &str) -> Result<(), Failure> {
        let thread: Option<Thread> = serde_json::from_str(json).ok();
        {
            let mut state = self.state.borrow_mut();
            state.files.write(File::Threads, json)?;
            match &thread {
                Some(thread) => state.actors.extend(thread.assigned_to.clone()),
                None => state.losses += 1,
            }
        }
        if let Some(thread) = thread {
            match self.history(&thread.id).await {
                Err(Failure::Api(error)) if error.kind() == ErrorKind::NotFound => {
                    let note =
                        format!("thread {} was gone before its messages were read", thread.id);
                    self.state.borrow_mut().notes.push(note);
                }
                other => other?,
            }
        }
        self.progress.thread_done();
        Ok(())
    }
}

/// What the export needs to know of a thread.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Thread {
    id: ThreadId,
    #[serde(default)]
    assigned_to: Option<ActorId>,
}

/// The items of a list as they came.
fn items<E: ListEndpoint>(
    list: Request<E>,
) -> impl Stream<Item = Result<Item<E::Item>, Error>> + Unpin {
    list.pages().map_ok(|page| stream::iter(page.results).map(Ok)).try_flatten()
}
