//! Actors: who did something.

mod resolve;

pub use resolve::{ActorOutcome, ResolveActors, ResolvedActor};

use crate::Client;
use crate::requests::{BatchReadActors, GetActor};
use crate::types::{ActorId, ActorIds};

/// Actors: people, programs and HubSpot itself. From [`Client::actors`].
#[derive(Clone, Debug)]
pub struct Actors {
    client: Client,
}

impl Client {
    /// Actors: who did something.
    pub fn actors(&self) -> Actors {
        Actors { client: self.clone() }
    }
}

impl Actors {
    /// Reads one. Scope: `conversations.read`.
    pub fn get(&self, actor: impl Into<ActorId>) -> GetActor {
        GetActor::new(&self.client, actor)
    }

    /// Reads any number of actors, with an outcome for each. Scope: `conversations.read`.
    pub fn resolve<I>(&self, actors: I) -> ResolveActors
    where
        I: IntoIterator,
        I::Item: Into<ActorId>,
    {
        ResolveActors::new(self, actors.into_iter().map(Into::into).collect())
    }

    /// Reads as many as HubSpot takes in one request, which it does not document.
    /// [`resolve`](Self::resolve) takes any number. Scope: `conversations.read`.
    pub fn batch_read<I>(&self, actors: I) -> BatchReadActors
    where
        I: IntoIterator,
        I::Item: Into<ActorId>,
    {
        let actors = ActorIds::new(actors);
        BatchReadActors::new(&self.client, actors)
    }
}

/// The actor id of an agent, who may be named by user id alone.
pub(crate) fn agent(agent: ActorId) -> ActorId {
    let is_user_id = agent.as_str().bytes().all(|byte| byte.is_ascii_digit());
    if is_user_id { format!("A-{agent}").into() } else { agent }
}
