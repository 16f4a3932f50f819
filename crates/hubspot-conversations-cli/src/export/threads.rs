//! The threads of an account, read concurrently.

use futures_util::{StreamExt, TryStreamExt, future, stream};
use hubspot_conversations::requests::ListThreads;
use hubspot_conversations::types::{Thread, ThreadId};
use hubspot_conversations::{Error, Item};
use serde::Deserialize;

use super::failed_read::concerns_one_record;
use super::fields::{Fields, Object, Odd};
use super::findings::{Finding, Kind};
use super::known_id::KnownId;
use super::{Export, ExportError, Pass};

/// HubSpot's maximum page size for threads.
const THREADS_PER_PAGE: u16 = 500;

/// The maximum number of failing threads to retry. If more fail, the export fails.
const MAX_FAILED: usize = 1_000;

/// A thread to export.
pub(super) struct ListedThread {
    item: Item<Thread>,
    id: Option<ThreadId>,
    /// The actor it is assigned to.
    assignee: Result<Option<String>, Odd>,
    is_archived: bool,
}

/// The fields of a thread that the export reads.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadFields<'a> {
    #[serde(default, borrow)]
    id: Option<KnownId<'a>>,
    #[serde(default, borrow)]
    assigned_to: Option<KnownId<'a>>,
}

impl ListedThread {
    fn new(item: Item<Thread>, is_archived: bool) -> Self {
        let json = item.json().get();
        // In one pass. A malformed thread is read again, field by field.
        let (id, assignee) = match serde_json::from_str(json) {
            Ok(Object(ThreadFields { id, assigned_to })) => (id, Ok(assigned_to)),
            Err(_) => match Fields::of(json) {
                Some(fields) => (fields.id("id").ok().flatten(), fields.id("assignedTo")),
                None => (None, Ok(None)),
            },
        };
        let id = id.as_ref().map(KnownId::as_str).filter(|id| !id.is_empty()).map(ThreadId::from);
        let assignee = assignee.map(|id| id.map(|id| id.as_str().to_owned()));
        Self { id, assignee, item, is_archived }
    }

    /// What identifies the thread: its id, or all of its JSON if it has none.
    fn key(&self) -> String {
        self.id.as_ref().map_or_else(|| self.item.json().get().to_owned(), ToString::to_string)
    }
}

impl Export<'_> {
    /// Exports the threads that the options select, except those that are already exported.
    ///
    /// Archived threads come last: a thread that is archived meanwhile is then listed twice instead of
    /// never.
    pub(super) async fn threads(&self, concurrency: usize) -> Result<(), ExportError> {
        for is_archived in [false, true] {
            if is_archived && !self.archived {
                continue;
            }
            for list in self.lists() {
                let list = if is_archived { list.archived(true) } else { list };
                self.list(list, is_archived, concurrency).await?;
            }
        }
        for pass in [Pass::Second, Pass::Last] {
            let failed = stream::iter(self.failed.take()).map(Ok);
            let read = async |thread| self.thread(thread, pass).await;
            failed.try_for_each_concurrent(concurrency, read).await?;
        }
        Ok(())
    }

    /// One list per inbox, because HubSpot accepts one inbox at a time.
    fn lists(&self) -> Vec<ListThreads> {
        let partial = self.partial.borrow();
        let options = partial.options();
        let mut list = self.client.threads().list().limit(THREADS_PER_PAGE);
        if let Some(since) = &options.since {
            list = list.latest_message_after(since.time);
        }
        if let Some(status) = &options.status {
            list = list.status(status.clone());
        }
        if options.inboxes.is_empty() {
            return vec![list];
        }
        options.inboxes.iter().map(|inbox| list.clone().inbox(inbox.clone())).collect()
    }

    async fn list(
        &self,
        list: ListThreads,
        is_archived: bool,
        concurrency: usize,
    ) -> Result<(), ExportError> {
        let Some(left) = self.threads_left() else { return Ok(()) };
        let thread = self
            .items(list)
            .map_ok(|item| ListedThread::new(item, is_archived))
            .try_filter(|thread| future::ready(self.claim(thread)))
            .map_err(ExportError::Api)
            .take(left);
        thread
            .try_for_each_concurrent(concurrency, async |thread| {
                self.thread(thread, Pass::First).await
            })
            .await
    }

    /// The number of threads still to export. `None` for zero.
    fn threads_left(&self) -> Option<usize> {
        let partial = self.partial.borrow();
        let limit = partial.options().limit.unwrap_or(u64::MAX);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let taken_up = partial.progress().done.len() + self.in_progress.borrow().len();
        Some(limit.saturating_sub(taken_up)).filter(|left| *left > 0)
    }

    /// Claims a thread. Returns false if it is done or in progress.
    fn claim(&self, thread: &ListedThread) -> bool {
        let key = thread.key();
        let is_done = self.partial.borrow().progress().done.contains(&key);
        !is_done && self.in_progress.borrow_mut().insert(key)
    }

    async fn thread(&self, thread: ListedThread, pass: Pass) -> Result<(), ExportError> {
        let mut history = self.partial.borrow_mut().history();
        match &thread.assignee {
            Ok(assignee) => history.actors.extend(assignee.clone().filter(|id| !id.is_empty())),
            Err(Odd) => history.findings.push(Kind::AssigneeNotSeen.into()),
        }
        match &thread.id {
            None => history.findings.push(Kind::ThreadWithoutId.into()),
            Some(id) => match self.history(id, thread.is_archived, pass, &mut history).await {
                Ok(()) => {}
                Err(ExportError::Api(error)) if concerns_one_record(&error) => match pass {
                    Pass::First | Pass::Second => return self.defer(thread, error).await,
                    Pass::Last => {
                        history.findings.push(Finding::with_reason(
                            Kind::MessagesNotRead,
                            1,
                            error,
                        ));
                    }
                },
                Err(other) => return Err(other),
            },
        }
        let (key, json, messages) = (thread.key(), thread.item.json().get(), history.messages);
        self.in_progress.borrow_mut().remove(&key);
        self.partial.borrow_mut().add_thread(key, json, history)?;
        self.progress.add(messages);
        Ok(())
    }

    /// Defers a thread to a later pass, if HubSpot responds to other requests.
    async fn defer(&self, thread: ListedThread, error: Error) -> Result<(), ExportError> {
        self.check_available().await?;
        let mut failed = self.failed.borrow_mut();
        if failed.len() == MAX_FAILED {
            return Err(error.into());
        }
        failed.push(thread);
        Ok(())
    }
}
