//! Actors.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use hubspot_conversations_api::Item;
use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{Actor, ActorBatch, ActorIds, BatchError, BatchStatus};
use serde_json::value::to_raw_value;

use crate::account::Account;
use crate::assumptions;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::properties::Properties;
use crate::http::response::ApiResponse;
use crate::resources::Handlers;

pub(crate) const HANDLERS: Handlers =
    &[(OperationId::GetActor, get), (OperationId::BatchReadActors, batch_read)];

fn get(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let actor = account.actors.get(call.capture("actorId")?).ok_or_else(ApiError::not_found)?;
    Ok(ApiResponse::ok(&Properties::read(&call.query)?.show(actor)))
}

/// The version of the API that has no 207 for a batch with missing actors.
const WITHOUT_MULTI_STATUS: &str = "2026-09";

/// Reports missing actors with 207, or with 200 in the version that has no 207.
fn batch_read(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let ActorIds { inputs, .. } = call.json()?;
    if inputs.len() > assumptions::MAX_BATCH_INPUTS {
        let most = assumptions::MAX_BATCH_INPUTS;
        return Err(ApiError::invalid("inputs", format!("expected at most {most}")));
    }
    let properties = Properties::read(&call.query)?;

    let mut found: Vec<Item<Actor>> = Vec::new();
    let mut missing = Vec::new();
    // ASSUMPTION: a batch of actors is returned in the order of its inputs, each actor once.
    let mut seen = BTreeSet::new();
    for id in inputs.iter().filter(|&id| seen.insert(id)) {
        match account.actors.get(id) {
            Some(actor) => found.extend(to_raw_value(&properties.show(actor)).map(Item::from)),
            None => missing.push(id.to_string()),
        }
    }

    let mut batch = ActorBatch::new(found);
    batch.status = Some(BatchStatus::Complete);
    batch.started_at = Some(account.clock.now());
    batch.completed_at = Some(account.clock.now());
    if missing.is_empty() {
        return Ok(ApiResponse::ok(&batch));
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
    Ok(ApiResponse::json(status, &batch))
}
