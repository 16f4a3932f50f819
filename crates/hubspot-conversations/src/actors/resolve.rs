//! Any number of actors, in batches.

use std::collections::{HashMap, HashSet};

use hubspot_conversations_api::{self as api, DecodeError, Item, OperationId, Received};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::actors::Actors;
use crate::call_options::{CallOptions, call_options};
use crate::request::push_separated;
use crate::types::{Actor, ActorBatch, ActorId, BatchError, BatchStatus};
use crate::{Error, ErrorKind};

/// How many ids to send in one request. HubSpot documents no limit.
const BATCH: usize = 100;

/// A request for any number of actors. From [`Actors::resolve`].
#[must_use = "nothing is read until it is sent"]
#[derive(Clone, Debug)]
pub struct ResolveActors {
    actors: Actors,
    ids: Vec<ActorId>,
    property: Option<String>,
    options: CallOptions,
}

/// An actor's id, and the outcome.
#[derive(Clone, Debug)]
pub struct ResolvedActor {
    /// The id that was asked for.
    pub id: ActorId,
    /// The outcome.
    pub outcome: ActorOutcome,
}

/// The outcome for an actor's id.
#[derive(Clone, Debug)]
pub enum ActorOutcome {
    /// The actor, as received.
    Found(Item<Actor>),
    /// HubSpot knows no such actor.
    NotFound,
    /// HubSpot did not return the actor, but may know it: a part of the response cannot be read, or
    /// HubSpot did not complete the batch.
    Unknown,
    /// HubSpot rejected the id.
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
            ActorOutcome::NotFound | ActorOutcome::Unknown | ActorOutcome::Refused(_) => Ok(None),
        }
    }
}

impl ResolveActors {
    pub(crate) fn new(actors: &Actors, ids: Vec<ActorId>) -> Self {
        Self { actors: actors.clone(), ids, property: None, options: CallOptions::default() }
    }

    call_options!();

    /// Adds a field to request. All are requested, if none is named.
    pub fn property(mut self, field: &str) -> Self {
        push_separated(&mut self.property, field);
        self
    }

    /// Reads the actors: one outcome per different id, in the order asked for.
    ///
    /// # Errors
    ///
    /// Failures that concern no single id, such as a wrong token: see [`ErrorKind`]. It is a
    /// [`Decode`](ErrorKind::Decode) if HubSpot returned no list of actors. An id that HubSpot
    /// rejects or does not know is an outcome, and affects no other.
    pub async fn send(self) -> Result<Vec<ResolvedActor>, Error> {
        let mut asked = HashSet::new();
        let ids: Vec<_> = self.ids.iter().filter(|id| asked.insert(*id)).cloned().collect();

        let mut resolved = Vec::with_capacity(ids.len());
        // Batches to read, the next one last.
        let mut batches: Vec<_> = ids.chunks(BATCH).rev().collect();
        while let Some(batch) = batches.pop() {
            let request = self.actors.batch_read(batch).options(self.options.clone());
            let request = request.maybe_property(self.property.clone());
            match request.send().await {
                Ok(answer) => resolved.extend(outcomes(batch, answer)?),
                Err(error) if error.kind() != ErrorKind::Rejected => return Err(error),
                Err(error) => match batch {
                    [id] => resolved.push(ResolvedActor {
                        id: id.clone(),
                        outcome: ActorOutcome::Refused(error),
                    }),
                    // HubSpot rejects one of the ids, or there are too many: halve until the id is
                    // known.
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
///
/// # Errors
///
/// If the response has no list of results: then it does not say that HubSpot lacks the actors.
fn outcomes(
    asked: &[ActorId],
    answer: Received<ActorBatch>,
) -> Result<impl Iterator<Item = ResolvedActor>, Error> {
    let operation = OperationId::BatchReadActors.operation();
    has_results(answer.json().get()).map_err(|error| {
        Error::decode(error, answer.json().get().as_bytes()).with_operation(operation)
    })?;

    let mut is_certain = is_complete(&answer);
    let mut found = HashMap::new();
    for item in answer.into_inner().results {
        match item.decode().ok().and_then(|actor| actor.id().cloned()) {
            Some(id) => drop(found.insert(id, item)),
            None => is_certain = false,
        }
    }
    let not_found = if is_certain { ActorOutcome::NotFound } else { ActorOutcome::Unknown };
    Ok(asked.iter().map(move |id| ResolvedActor {
        id: id.clone(),
        outcome: found.remove(id).map_or_else(|| not_found.clone(), ActorOutcome::Found),
    }))
}

/// Whether the results are all that HubSpot knows of the batch.
fn is_complete(answer: &Received<ActorBatch>) -> bool {
    const DECISIVE: [&str; 5] = ["results", "status", "numErrors", "errors", "errors.category"];
    let is_not_found = |error: &BatchError| error.category.as_deref() == Some("OBJECT_NOT_FOUND");
    answer.left_out().iter().all(|place| !DECISIVE.contains(&place.path()))
        && answer.status.as_ref().is_none_or(|status| *status == BatchStatus::Complete)
        && answer.errors.iter().all(is_not_found)
        && (answer.num_errors.unwrap_or_default() == 0 || !answer.errors.is_empty())
}

/// Whether a response has a list of results. Lenient decoding returns an empty one if it is
/// missing.
fn has_results(answer: &str) -> Result<(), DecodeError> {
    #[derive(Deserialize)]
    struct Listed {
        #[serde(rename = "results")]
        _results: Vec<IgnoredAny>,
    }

    api::from_str::<Listed>(answer).map(drop)
}
