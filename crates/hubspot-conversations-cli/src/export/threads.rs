//! The threads of an account, several at once.

use futures_util::{StreamExt, TryStreamExt, future, stream};
use hubspot_conversations::requests::ListThreads;
use hubspot_conversations::types::{Thread, ThreadId};
use hubspot_conversations::{Error, Item};
use serde::Deserialize;

use super::failed_read::concerns_one_record;
use super::fields::{Fields, Object, Odd};
use super::findings::{Finding, Kind};
use super::known_id::KnownId;
use super::{Export, Failure, Try};

/// The most threads that HubSpot lists on a page.
const THREADS_PER_PAGE: u16 = 500;

/// How many threads can fail, and be tried again when all others were read, before the export does.
const MOST_FAILED: usize = 1_000;

/// A thread to export.
pub(super) struct Todo {
    item: Item<Thread>,
    id: Option<ThreadId>,
    /// The actor it is assigned to.
    assignee: Result<Option<String>, Odd>,
    is_archived: bool,
}

/// What the export needs to know of a thread.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Known<'a> {
    #[serde(default, borrow)]
    id: Option<KnownId<'a>>,
    #[serde(default, borrow)]
    assigned_to: Option<KnownId<'a>>,
}

impl Todo {
    fn new(item: Item<Thread>, is_archived: bool) -> Self {
        let json = item.json().get();
        // In one pass. Only a thread with a flaw is read anew, field by field.
        let (id, assignee) = match serde_json::from_str(json) {
            Ok(Object(Known { id, assigned_to })) => (id, Ok(assigned_to)),
            Err(_) => match Fields::of(json) {
                Some(fields) => (fields.id("id").ok().flatten(), fields.id("assignedTo")),
                None => (None, Ok(None)),
            },
        };
        let id = id.as_ref().map(KnownId::as_str).filter(|id| !id.is_empty()).map(ThreadId::from);
        let assignee = assignee.map(|id| id.map(|id| id.as_str().to_owned()));
        Self { id, assignee, item, is_archived }
    }

    /// What the thread is known by. One without an id is known by all of it.
    fn key(&self) -> String {
        self.id.as_ref().map_or_else(|| self.item.json().get().to_owned(), ToString::to_string)
    }
}

impl Export<'_> {
    /// Exports the threads that the options ask for and that are not there yet.
    ///
    /// The archived ones come last: a thread that is archived meanwhile is then listed twice, and
    /// not never.
    pub(super) async fn threads(&self, concurrency: usize) -> Result<(), Failure> {
        for is_archived in [false, true] {
            if is_archived && !self.archived {
                continue;
            }
            for list in self.lists() {
                let list = if is_archived { list.archived(true) } else { list };
                self.list(list, is_archived, concurrency).await?;
            }
        }
        for how in [Try::Second, Try::Last] {
            let failed = stream::iter(self.failed.take()).map(Ok);
            let read = async |todo| self.thread(todo, how).await;
            failed.try_for_each_concurrent(concurrency, read).await?;
        }
        Ok(())
    }

    /// A list for each inbox, as HubSpot takes one at a time.
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
    ) -> Result<(), Failure> {
        let Some(left) = self.threads_left() else { return Ok(()) };
        let todo = self
            .items(list)
            .map_ok(|item| Todo::new(item, is_archived))
            .try_filter(|todo| future::ready(self.take_up(todo)))
            .map_err(Failure::Api)
            .take(left);
        todo.try_for_each_concurrent(concurrency, async |todo| self.thread(todo, Try::First).await)
            .await
    }

    /// How many more threads to export. `None` if it is none.
    fn threads_left(&self) -> Option<usize> {
        let partial = self.partial.borrow();
        let limit = partial.options().limit.unwrap_or(u64::MAX);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let taken_up = partial.progress().done.len() + self.under_way.borrow().len();
        Some(limit.saturating_sub(taken_up)).filter(|left| *left > 0)
    }

    /// Takes a thread up, unless it was before. Says which.
    fn take_up(&self, todo: &Todo) -> bool {
        let key = todo.key();
        let is_done = self.partial.borrow().progress().done.contains(&key);
        !is_done && self.under_way.borrow_mut().insert(key)
    }

    async fn thread(&self, todo: Todo, how: Try) -> Result<(), Failure> {
        let mut history = self.partial.borrow_mut().history();
        match &todo.assignee {
            Ok(assignee) => history.actors.extend(assignee.clone().filter(|id| !id.is_empty())),
            Err(Odd) => history.findings.push(Kind::AssigneeNotSeen.into()),
        }
        match &todo.id {
            None => history.findings.push(Kind::ThreadWithoutId.into()),
            Some(id) => match self.history(id, todo.is_archived, how, &mut history).await {
                Ok(()) => {}
                Err(Failure::Api(error)) if concerns_one_record(&error) => match how {
                    Try::First | Try::Second => return self.put_off(todo, error).await,
                    Try::Last => {
                        history.findings.push(Finding::because(Kind::MessagesNotRead, 1, error));
                    }
                },
                Err(other) => return Err(other),
            },
        }
        let (key, json, messages) = (todo.key(), todo.item.json().get(), history.messages);
        self.under_way.borrow_mut().remove(&key);
        self.partial.borrow_mut().add_thread(key, json, history)?;
        self.progress.add(messages);
        Ok(())
    }

    /// Keeps a thread for later, if HubSpot answers other requests.
    async fn put_off(&self, todo: Todo, error: Error) -> Result<(), Failure> {
        self.answers_others().await?;
        let mut failed = self.failed.borrow_mut();
        if failed.len() == MOST_FAILED {
            return Err(error.into());
        }
        failed.push(todo);
        Ok(())
    }
}
