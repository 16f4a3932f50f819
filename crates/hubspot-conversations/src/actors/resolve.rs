//! Any number of actors, in batches.

use std::collections::{HashMap, HashSet};

use hubspot_conversations_api::Item;
use serde::Deserialize;

use crate::actors::Actors;
use crate::call_options::{CallOptions, call_options};
use crate::types::{Actor, ActorBatch, ActorId};
use crate::{Error, ErrorKind};

/// How many ids to send in one request. HubSpot documents no limit.
const BATCH: usize = 100;

/// Actors that are being read. From [`Actors::resolve`].
#[must_use = "nothing is read until it is sent"]
#[derive(Clone, Debug)]
pub struct ResolveActors {
    actors: Actors,
    ids: Vec<ActorId>,
    property: Option<String>,
    options: CallOptions,
}

/// An id, and what became of it.
#[derive(Clone, Debug)]
pub struct ResolvedActor {
    /// The id that was asked for.
    pub id: ActorId,
    /// What became of it.
    pub outcome: ActorOutcome,
}

/// What became of an actor's id.
#[derive(Clone, Debug)]
pub enum ActorOutcome {
    /// The actor, as it came.
    Found(Item<Actor>),
    /// HubSpot knows no such actor.
    NotFound,
    /// HubSpot refused the id.
    Refused(Error),
}

impl ResolvedActor {
    /// The actor, if it was found.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if it was found and cannot be read.
    pub fn actor(&self) -> Result<Option<Actor>, Error> {
        match &self.outcome {
            ActorOutcome::Found(item) => {
                let decoded = item.decode().map(Some);
                decoded.map_err(|error| Error::decode(error, item.json().get().as_bytes()))
            }
            ActorOutcome::NotFound | ActorOutcome::Refused(_) => Ok(None),
        }
    }
}

impl ResolveActors {
    pub(crate) fn new(actors: &Actors, ids: Vec<ActorId>) -> Self {
        Self { actors: actors.clone(), ids, property: None, options: CallOptions::default() }
    }

    call_options!();

    /// A field to send, beside those named before. All are sent, if none is named.
    pub fn property(mut self, field: &str) -> Self {
        let property = self.property.get_or_insert_default();
        if !property.is_empty() {
            property.push(',');
        }
        property.push_str(field);
        self
    }

    /// Reads the actors: one outcome per different id, in the order asked for.
    ///
    /// # Errors
    ///
    /// Failures that concern no id in particular, such as a wrong token: see [`ErrorKind`]. An id
    /// that HubSpot refuses or does not know is an outcome and costs no other.
    pub async fn send(self) -> Result<Vec<ResolvedActor>, Error> {
        let mut asked = HashSet::new();
        let ids: Vec<_> = self.ids.iter().filter(|id| asked.insert(*id)).cloned().collect();

        let mut resolved = Vec::with_capacity(ids.len());
        // Batches to read, the next one last.
        let mut batches: Vec<_> = ids.chunks(BATCH).rev().collect();
        while let Some(batch) = batches.pop() {
            let mut request = self.actors.batch_read(batch).options(self.options.clone());
            request.endpoint.property.clone_from(&self.property);
            match request.send().await {
                Ok(answer) => resolved.extend(outcomes(batch, answer.into_inner())),
                Err(error) if error.kind() != ErrorKind::Rejected => return Err(error),
                Err(error) => match batch {
                    [id] => resolved.push(ResolvedActor {
                        id: id.clone(),
                        outcome: ActorOutcome::Refused(error),
                    }),
                    // One of the ids is refused, or they are too many: halve until it is known.
                    _ => {
                        let (first, second) = batch.split_at(batch.len() / 2);
                        batches.extend([second, first]);
                    }
                },
            }
        }
        Ok(resolved)
    }
}

/// Finds each id among the results, which come in no promised order.
fn outcomes(asked: &[ActorId], answer: ActorBatch) -> impl Iterator<Item = ResolvedActor> {
    #[derive(Deserialize)]
    struct Identified {
        id: ActorId,
    }

    let mut found: HashMap<ActorId, Item<Actor>> = answer
        .results
        .into_iter()
        .filter_map(|item| {
            let identified: Identified = serde_json::from_str(item.json().get()).ok()?;
            Some((identified.id, item))
        })
        .collect();
    asked.iter().map(move |id| ResolvedActor {
        id: id.clone(),
        outcome: found.remove(id).map_or(ActorOutcome::NotFound, ActorOutcome::Found),
    })
}
