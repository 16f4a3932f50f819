//! Actors.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use hubspot_conversations_api::Item;
use hubspot_conversations_api::types::{
    Actor, ActorBatch, ActorId, ActorIds, BatchError, BatchStatus, Message,
};
use serde_json::value::to_raw_value;

use crate::call::{Answer, Call};
use crate::choices;
use crate::errors::ApiError;
use crate::properties::Properties;
use crate::state::State;

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let actor = state.actors.get(call.capture("actorId")?).ok_or_else(ApiError::not_found)?;
    Ok(Answer::ok(&Properties::read(&call.query)?.show(actor)))
}

/// The version of the API that has no 207 for a batch of which some are missing.
const WITHOUT_MULTI_STATUS: &str = "2026-09";

/// What is not found is told with 207, or within the 200 of the version that has no 207.
pub(crate) fn batch_read(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let ActorIds { inputs, .. } = call.json()?;
    if inputs.len() > choices::MAX_BATCH_INPUTS {
        let most = choices::MAX_BATCH_INPUTS;
        return Err(ApiError::invalid("inputs", format!("expected at most {most}")));
    }
    let properties = Properties::read(&call.query)?;

    let mut found: Vec<Item<Actor>> = Vec::new();
    let mut missing = Vec::new();
    for id in choices::batch_order(&inputs) {
        match state.actors.get(id) {
            Some(actor) => found.extend(to_raw_value(&properties.show(actor)).map(Item::from)),
            None => missing.push(id.to_string()),
        }
    }

    let mut batch = ActorBatch::new(found);
    batch.status = Some(BatchStatus::Complete);
    batch.started_at = Some(state.clock.now());
    batch.completed_at = Some(state.clock.now());
    if missing.is_empty() {
        return Ok(Answer::ok(&batch));
    }
    let mut error = BatchError::new();
    error.status = Some("error".to_owned());
    error.category = Some("OBJECT_NOT_FOUND".to_owned());
    error.message = Some("Could not get some actors".to_owned());
    error.context = BTreeMap::from([("ids".to_owned(), missing)]);
    batch.errors = vec![error];
    batch.num_errors = Some(1);
    let status = match call.version {
        WITHOUT_MULTI_STATUS => StatusCode::OK,
        _ => StatusCode::MULTI_STATUS,
    };
    Ok(Answer::json(status, &batch))
}

/// Every actor an entry names.
pub(crate) fn of_entry(entry: &Message) -> impl Iterator<Item = &ActorId> {
    let (to, from) = match entry {
        Message::Assignment(event) => (event.assigned_to.as_ref(), event.assigned_from.as_ref()),
        _ => (None, None),
    };
    let senders = entry.senders().iter().filter_map(|sender| sender.actor_id.as_ref());
    let recipients = entry.recipients().iter().filter_map(|recipient| recipient.actor_id.as_ref());
    entry.created_by().into_iter().chain(senders).chain(recipients).chain(to).chain(from)
}
