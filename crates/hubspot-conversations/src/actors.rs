//! Actors: who did something.

mod resolve;

use hubspot_conversations_api::{self as api, OperationId, Received};

pub use resolve::{ActorOutcome, ResolveActors, ResolvedActor};

use crate::Client;
use crate::endpoint::{Endpoint, Request, Sealed, Sent};
use crate::parameters::parameters;
use crate::types::{Actor, ActorBatch, ActorId, ActorIds};

/// Actors: people, programs and HubSpot itself. From [`Client::actors`].
#[derive(Clone, Debug)]
pub struct Actors {
    client: Client,
}

impl Actors {
    pub(crate) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, actor: impl Into<ActorId>) -> Request<GetActor> {
        Request::new(&self.client, GetActor { actor: actor.into(), property: None })
    }

    /// Reads any number, and tells of each what became of it. Scope: `conversations.read`.
    pub fn resolve<I>(&self, actors: I) -> ResolveActors
    where
        I: IntoIterator,
        I::Item: Into<ActorId>,
    {
        ResolveActors::new(self, actors.into_iter().map(Into::into).collect())
    }

    /// Reads as many as HubSpot takes in one request, which it does not document.
    /// [`resolve`](Self::resolve) takes any number. Scope: `conversations.read`.
    pub fn batch_read<I>(&self, actors: I) -> Request<BatchReadActors>
    where
        I: IntoIterator,
        I::Item: Into<ActorId>,
    {
        let actors = ActorIds::new(actors.into_iter().map(Into::into).collect());
        Request::new(&self.client, BatchReadActors { actors, property: None })
    }
}

/// `get_actor`, with its parameters.
#[derive(Clone, Debug)]
pub struct GetActor {
    actor: ActorId,
    property: Option<String>,
}

parameters!(GetActor: property);

impl Sealed for GetActor {}

impl Endpoint for GetActor {
    const OPERATION: OperationId = OperationId::GetActor;
    type Output = Received<Actor>;

    async fn call(&self, api: &api::Client) -> Sent<Received<Actor>> {
        api.get_actor(&self.actor, self.property.as_deref()).await
    }
}

/// `batch_read_actors`, with its parameters.
#[derive(Clone, Debug)]
pub struct BatchReadActors {
    actors: ActorIds,
    property: Option<String>,
}

parameters!(BatchReadActors: property);

impl Sealed for BatchReadActors {}

impl Endpoint for BatchReadActors {
    const OPERATION: OperationId = OperationId::BatchReadActors;
    type Output = Received<ActorBatch>;

    async fn call(&self, api: &api::Client) -> Sent<Received<ActorBatch>> {
        api.batch_read_actors(self.property.as_deref(), &self.actors).await
    }
}

/// The actor id of an agent, who may be named by user id alone.
pub(crate) fn agent(agent: ActorId) -> ActorId {
    let is_user_id = agent.as_str().bytes().all(|byte| byte.is_ascii_digit());
    if is_user_id { format!("A-{agent}").into() } else { agent }
}
