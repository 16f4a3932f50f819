//! Everybody who appears in the threads and their histories.

use futures_util::{StreamExt, TryStreamExt, stream};
use hubspot_conversations::ActorOutcome;
use hubspot_conversations::types::ActorId;

use super::files::File;
use super::{Export, Failure};

/// How many actors to ask for at once.
const BATCH: usize = 100;

impl Export<'_> {
    /// Reads the actors that were met, in batches.
    pub(super) async fn actors(&self, concurrency: usize) -> Result<(), Failure> {
        let mut ids: Vec<ActorId> = self.state.borrow_mut().actors.drain().collect();
        ids.sort_unstable();

        let batches = stream::iter(ids.chunks(BATCH));
        let mut resolved =
            batches.map(|batch| self.client.actors().resolve(batch).send()).buffered(concurrency);
        let mut missing = 0_u64;
        while let Some(batch) = resolved.try_next().await? {
            let mut state = self.state.borrow_mut();
            for actor in batch {
                match actor.outcome {
                    ActorOutcome::Found(item) => {
                        state.files.write(File::Actors, item.json().get())?;
                    }
                    _ => missing += 1,
                }
            }
        }
        if missing > 0 {
            let note = format!("{missing} actors that messages name are not known to HubSpot");
            self.state.borrow_mut().notes.push(note);
        }
        Ok(())
    }
}
