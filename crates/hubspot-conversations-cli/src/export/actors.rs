//! The actors that the threads and their histories name.

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use hubspot_conversations::types::{Actor, ActorBatch, ActorId, BatchStatus};
use hubspot_conversations::{Error, Item, Received};

use super::failed_read::concerns_one_record;
use super::fields::{Fields, id_of};
use super::findings::{Finding, Kind};
use super::{Export, ExportError, Pass};

/// The number of actors per request.
const BATCH_SIZE: usize = 100;

/// The number of failed requests after which an export no longer halves failing batches: enough to
/// isolate a dozen failing actors, but bounded if all of them fail.
const MAX_FAILED: u32 = 200;

/// The result of reading some actors.
#[derive(Default)]
struct BatchResult {
    /// Those that HubSpot returned, or certainly does not know.
    resolved: Vec<ActorId>,
    found: Vec<Item<Actor>>,
    /// Those whose existence is unknown, with the reason.
    unreadable: Vec<(ActorId, String)>,
}

impl BatchResult {
    fn all_unreadable(ids: &[ActorId], reason: &str) -> Self {
        let unreadable = ids.iter().map(|id| (id.clone(), reason.to_owned())).collect();
        Self { unreadable, ..Self::default() }
    }

    /// The result for each requested actor.
    fn of(ids: &[ActorId], batch: Received<ActorBatch>) -> Self {
        let mut requested: BTreeSet<&ActorId> = ids.iter().collect();
        let mut reason = why_incomplete(&batch);
        let mut found = Vec::new();
        for item in batch.into_inner().results {
            match id_of::<ActorId>(item.json().get()) {
                Some(id) if requested.remove(&id) => found.push(item),
                Some(_) => {}
                None => reason = reason.or(Some("an actor in the response has no id")),
            }
        }
        let Some(reason) = reason else {
            return Self { resolved: ids.to_vec(), found, unreadable: Vec::new() };
        };
        let missing: Vec<_> = requested.into_iter().cloned().collect();
        let resolved = ids.iter().filter(|id| !missing.contains(id)).cloned().collect();
        Self { resolved, found, ..Self::all_unreadable(&missing, reason) }
    }

    fn and(mut self, other: Self) -> Self {
        self.resolved.extend(other.resolved);
        self.found.extend(other.found);
        self.unreadable.extend(other.unreadable);
        self
    }
}

/// Why HubSpot may know an actor that is missing from the response.
fn why_incomplete(batch: &Received<ActorBatch>) -> Option<&'static str> {
    let fields = Fields::of(batch.json().get())?;
    let results = fields.get("results").unwrap_or_default();
    let is_known_missing = |category: Option<&str>| category == Some("OBJECT_NOT_FOUND");
    let is_flawed = |name: &str| batch.left_out().iter().any(|place| place.path() == name);
    if !results.starts_with('[') {
        Some("the response has no results")
    } else if is_flawed("status")
        || batch.status.as_ref().is_some_and(|status| *status != BatchStatus::Complete)
    {
        Some("the batch is not complete")
    } else if is_flawed("errors")
        || is_flawed("numErrors")
        || (batch.errors.is_empty() && batch.num_errors.unwrap_or_default() > 0)
        || !batch.errors.iter().all(|error| is_known_missing(error.category.as_deref()))
    {
        Some("the batch has errors")
    } else {
        None
    }
}

impl Export<'_> {
    /// Reads the actors that the threads name, in batches.
    pub(super) async fn actors(&self, concurrency: usize) -> Result<(), ExportError> {
        let mut ids: Vec<ActorId> = {
            let partial = self.partial.borrow();
            let progress = partial.progress();
            progress.actors.difference(&progress.requested).cloned().collect()
        };
        ids.sort_unstable();

        let batches = stream::iter(ids.chunks(BATCH_SIZE)).map(|batch| self.batch(batch));
        let mut batches = batches.buffered(concurrency);
        while let Some(result) = batches.try_next().await? {
            let mut partial = self.partial.borrow_mut();
            for (_, reason) in result.unreadable {
                partial.add_finding(&Finding::with_reason(Kind::ActorsNotRead, 1, reason));
            }
            let found = result.found.iter().map(|item| item.json().get());
            partial.add_actors(result.resolved, found)?;
        }

        let mut partial = self.partial.borrow_mut();
        let progress = partial.progress();
        let unknown = (progress.requested.len() as u64).saturating_sub(progress.found);
        if unknown > 0 {
            let kind = Kind::UnknownActors;
            partial.add_finding(&Finding { kind, count: unknown, reason: None });
        }
        Ok(())
    }

    /// Reads a batch of actors. A failing batch is halved until the failing actors are isolated.
    async fn batch(&self, ids: &[ActorId]) -> Result<BatchResult, ExportError> {
        let mut result = BatchResult::default();
        // The parts to read, the next one last.
        let mut parts = vec![ids];
        let mut pass = Pass::First;
        while let Some(part) = parts.pop() {
            if self.failed_batches.get() >= MAX_FAILED {
                pass = Pass::Last;
            }
            let error = match self.read_actors(part, pass).await {
                Ok(batch) => {
                    result = result.and(BatchResult::of(part, batch));
                    continue;
                }
                Err(error) if concerns_one_record(&error) => error,
                Err(error) => return Err(error.into()),
            };
            self.check_available().await?;
            pass = Pass::Last;
            let failed = self.failed_batches.get() + 1;
            self.failed_batches.set(failed);
            if part.len() > 1 && failed < MAX_FAILED {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second, first]);
            } else {
                result = result.and(BatchResult::all_unreadable(part, &error.to_string()));
            }
        }
        Ok(result)
    }

    async fn read_actors(
        &self,
        ids: &[ActorId],
        pass: Pass,
    ) -> Result<Received<ActorBatch>, Error> {
        self.client.actors().batch_read(ids).retry(pass.retry()).send().await
    }
}
