//! Assigns threads to agents.

use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{Actor, ActorId, ThreadAssignment};

use crate::account::Account;
use crate::account::history_events::Cause;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;
use crate::resources::Handlers;

pub(crate) const HANDLERS: Handlers =
    &[(OperationId::AssignThread, assign), (OperationId::UnassignThread, unassign)];

fn assign(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let id = call.id("threadId")?;
    let assignment: ThreadAssignment = call.json()?;
    account.thread(id)?;
    let agent = agent(account, assignment.actor_id.as_str())
        .ok_or_else(|| ApiError::invalid("actorId", "expected the actor id of an agent"))?;

    let at = account.tick();
    account.set_assignee(id, Some(agent), at, Cause::App)?;
    Ok(ApiResponse::ok(&account.thread(id)?.thread))
}

fn unassign(account: &mut Account, call: &Call) -> Result<ApiResponse, ApiError> {
    let id = call.id("threadId")?;
    account.thread(id)?;
    let at = account.tick();
    account.set_assignee(id, None, at, Cause::App)?;
    Ok(ApiResponse::no_content())
}

/// The agent with this id or e-mail address.
fn agent(account: &Account, id_or_address: &str) -> Option<ActorId> {
    // ASSUMPTION: a thread can be assigned by an agent's e-mail address, which HubSpot's guide
    // shows, but not by the id of an e-mail actor.
    if id_or_address.contains('@') && !id_or_address.starts_with("E-") {
        return account.actors.values().find_map(|actor| match actor {
            Actor::Agent(agent) if agent.email.as_deref() == Some(id_or_address) => {
                Some(agent.id.clone())
            }
            _ => None,
        });
    }
    match account.actors.get(id_or_address) {
        Some(Actor::Agent(agent)) => Some(agent.id.clone()),
        _ => None,
    }
}
