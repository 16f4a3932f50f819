//! Who is to answer a thread.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{Actor, ActorId, ThreadAssignment};

use crate::call::{Answer, Call};
use crate::choices;
use crate::errors::ApiError;
use crate::history_events::{Cause, Event};
use crate::outbox::Change;
use crate::state::State;

pub(crate) fn assign(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let id = call.id("threadId")?;
    let assignment: ThreadAssignment = call.json()?;
    state.thread(id)?;
    let agent = agent(state, assignment.actor_id.as_str())
        .ok_or_else(|| ApiError::invalid("actorId", "expected the actor id of an agent"))?;

    let at = state.tick();
    set(state, id, Some(agent), at, Cause::App)?;
    Ok(Answer::ok(&state.thread(id)?.thread))
}

pub(crate) fn unassign(state: &mut State, call: &Call) -> Result<Answer, ApiError> {
    let id = call.id("threadId")?;
    state.thread(id)?;
    let at = state.tick();
    set(state, id, None, at, Cause::App)?;
    Ok(Answer::no_content())
}

/// Makes somebody or nobody responsible for a thread. Nothing happens if that is so already.
pub(crate) fn set(
    state: &mut State,
    id: u64,
    assignee: Option<ActorId>,
    at: DateTime<Utc>,
    cause: Cause,
) -> Result<(), ApiError> {
    let conversation = state.threads.get_mut(&id).ok_or_else(ApiError::not_found)?;
    if !choices::is_event(&conversation.thread.assigned_to, &assignee) {
        return Ok(());
    }
    let before = std::mem::replace(&mut conversation.thread.assigned_to, assignee.clone());
    let event = Event { thread: &conversation.thread.id, at, cause };
    let change = Change::Property { name: "assignedTo", value: user(assignee.as_ref()) };
    let event = event.assignment(&mut state.random, before, assignee);
    conversation.append(event);
    state.outbox.thread_changed(state.clock.now(), id, change);
    Ok(())
}

/// The user an agent is, as HubSpot's webhooks have it. Empty for nobody.
fn user(agent: Option<&ActorId>) -> String {
    let agent = agent.map_or("", |agent| agent.as_str());
    agent.strip_prefix("A-").unwrap_or(agent).to_owned()
}

/// The agent an id or, as HubSpot's guide has it, an e-mail address stands for.
fn agent(state: &State, id_or_email: &str) -> Option<ActorId> {
    if choices::names_agent_by_address(id_or_email) {
        return state.actors.values().find_map(|actor| match actor {
            Actor::Agent(agent) if agent.email.as_deref() == Some(id_or_email) => {
                Some(agent.id.clone())
            }
            _ => None,
        });
    }
    match state.actors.get(id_or_email) {
        Some(Actor::Agent(agent)) => Some(agent.id.clone()),
        _ => None,
    }
}
