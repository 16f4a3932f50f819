//! Everybody who appears in the threads and their histories.

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use hubspot_conversations::types::{Actor, ActorBatch, ActorId, BatchStatus};
use hubspot_conversations::{Error, Item, Received};

use super::failed_read::concerns_one_record;
use super::fields::{Fields, id_of};
use super::findings::{Finding, Kind};
use super::{Export, Failure, Try};

/// How many actors to ask for at once.
const BATCH: usize = 100;

/// How many requests of an export may fail before batches that fail are no longer halved: enough to
/// find a dozen actors that HubSpot fails at, and no more where it fails at all of them.
const MOST_FAILED: u32 = 200;

/// What became of some actors.
#[derive(Default)]
struct Answered {
    /// Those that HubSpot sent or certainly does not know.
    asked: Vec<ActorId>,
    found: Vec<Item<Actor>>,
    /// Those of which nothing is known, and why.
    not_read: Vec<(ActorId, String)>,
}

impl Answered {
    fn none_of(ids: &[ActorId], reason: &str) -> Self {
        let not_read = ids.iter().map(|id| (id.clone(), reason.to_owned())).collect();
        Self { not_read, ..Self::default() }
    }

    /// What an answer says of each actor that was asked for.
    fn of(ids: &[ActorId], batch: Received<ActorBatch>) -> Self {
        let mut wanted: BTreeSet<&ActorId> = ids.iter().collect();
        let mut doubt = why_incomplete(&batch);
        let mut found = Vec::new();
        for item in batch.into_inner().results {
            match id_of::<ActorId>(item.json().get()) {
                Some(id) if wanted.remove(&id) => found.push(item),
                Some(_) => {}
                None => doubt = doubt.or(Some("an actor in the response has no id")),
            }
        }
        let Some(doubt) = doubt else {
            return Self { asked: ids.to_vec(), found, not_read: Vec::new() };
        };
        let missing: Vec<_> = wanted.into_iter().cloned().collect();
        let asked = ids.iter().filter(|id| !missing.contains(id)).cloned().collect();
        Self { asked, found, ..Self::none_of(&missing, doubt) }
    }

    fn and(mut self, other: Self) -> Self {
        self.asked.extend(other.asked);
        self.found.extend(other.found);
        self.not_read.extend(other.not_read);
        self
    }
}

/// Why an actor that is not in the answer may be known to HubSpot all the same.
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
    pub(super) async fn actors(&self, concurrency: usize) -> Result<(), Failure> {
        let mut ids: Vec<ActorId> = {
            let partial = self.partial.borrow();
            let progress = partial.progress();
            progress.actors.difference(&progress.asked).cloned().collect()
        };
        ids.sort_unstable();

        let batches = stream::iter(ids.chunks(BATCH)).map(|batch| self.batch(batch));
        let mut batches = batches.buffered(concurrency);
        while let Some(answered) = batches.try_next().await? {
            let mut partial = self.partial.borrow_mut();
            for (_, reason) in answered.not_read {
                partial.find(&Finding::because(Kind::ActorsNotRead, 1, reason));
            }
            let found = answered.found.iter().map(|item| item.json().get());
            partial.add_actors(answered.asked, found)?;
        }

        let mut partial = self.partial.borrow_mut();
        let progress = partial.progress();
        let unknown = (progress.asked.len() as u64).saturating_sub(progress.found);
        if unknown > 0 {
            let kind = Kind::UnknownActors;
            partial.find(&Finding { kind, count: unknown, reason: None });
        }
        Ok(())
    }

    /// Reads a batch of actors. One that HubSpot fails at is halved until it is known at which of them.
    async fn batch(&self, ids: &[ActorId]) -> Result<Answered, Failure> {
        let mut answered = Answered::default();
        // What is still to be read, the next part last.
        let mut parts = vec![ids];
        let mut how = Try::First;
        while let Some(part) = parts.pop() {
            if self.failed_batches.get() >= MOST_FAILED {
                how = Try::Last;
            }
            let error = match self.ask(part, how).await {
                Ok(batch) => {
                    answered = answered.and(Answered::of(part, batch));
                    continue;
                }
                Err(error) if concerns_one_record(&error) => error,
                Err(error) => return Err(error.into()),
            };
            self.answers_others().await?;
            how = Try::Last;
            let failed = self.failed_batches.get() + 1;
            self.failed_batches.set(failed);
            if part.len() > 1 && failed < MOST_FAILED {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second, first]);
            } else {
                answered = answered.and(Answered::none_of(part, &error.to_string()));
            }
        }
        Ok(answered)
    }

    async fn ask(&self, ids: &[ActorId], how: Try) -> Result<Received<ActorBatch>, Error> {
        self.client.actors().batch_read(ids).retry(how.retry()).send().await
    }
}
