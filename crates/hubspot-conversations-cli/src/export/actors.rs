//! Everybody who appears in the threads and their histories.

use futures_util::{StreamExt, TryStreamExt, stream};
use hubspot_conversations::ActorOutcome;
use hubspot_conversations::types::ActorId;

use super::findings::{Finding, Kind};
use super::{Export, Failure};

/// How many actors to ask for at once.
const BATCH: usize = 100;

impl Export<'_> {
    /// Reads the actors that the threads name, in batches.
    pub(super) async fn actors(&self, concurrency: usize) -> Result<(), Failure> {
        let mut ids: Vec<ActorId> = {
            let partial = self.partial.borrow();
            let progress = partial.progress();
            progress.actors.difference(&progress.asked).cloned().collect()
        };
        ids.sort_unstable();

        let batches = stream::iter(ids.chunks(BATCH)).map(async |batch| {
            let request = self.client.actors().resolve(batch).retry(self.retry.clone());
            request.send().await.map(|resolved| (batch, resolved))
        });
        let mut resolved = batches.buffered(concurrency);
        while let Some((batch, resolved)) = resolved.try_next().await? {
            let found = resolved.iter().filter_map(|actor| match &actor.outcome {
                ActorOutcome::Found(item) => Some(item.json().get()),
                _ => None,
            });
            self.partial.borrow_mut().add_actors(batch.to_vec(), found)?;
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
}
