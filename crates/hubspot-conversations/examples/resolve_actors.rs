//! Prints who took part in a thread.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with the scope conversations.read
//! cargo run --example resolve_actors THREAD
//! ```

use std::collections::BTreeSet;
use std::env;

use anyhow::bail;
use hubspot_conversations::types::{Actor, ActorId};
use hubspot_conversations::{ActorOutcome, Client};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Some(thread) = env::args().nth(1) else { bail!("usage: resolve_actors THREAD") };
    let client = Client::from_env()?;

    let mut met: BTreeSet<ActorId> = BTreeSet::new();
    let mut history = client.messages(thread).list().stream();
    while let Some(entry) = history.try_next().await? {
        met.extend(entry.created_by().cloned());
        met.extend(entry.senders().iter().filter_map(|sender| sender.actor_id.clone()));
    }

    // Any number of ids: they are sent in batches, and an id that HubSpot rejects does not affect
    // the others.
    for resolved in client.actors().resolve(met).send().await? {
        let what = match (resolved.actor()?, &resolved.outcome) {
            (Some(actor), _) => described(&actor),
            (None, ActorOutcome::Refused(error)) => format!("refused: {error}"),
            (None, ActorOutcome::Unknown) => "cannot be read from the response".to_owned(),
            (None, _) => "not known".to_owned(),
        };
        println!("{}\t{what}", resolved.id);
    }
    Ok(())
}

fn described(actor: &Actor) -> String {
    let (kind, name) = match actor {
        Actor::Agent(agent) => ("agent", agent.name.as_deref()),
        Actor::Visitor(visitor) => ("visitor", visitor.name.as_deref()),
        Actor::Email(address) => ("e-mail", address.email.as_deref()),
        Actor::Bot(bot) => ("bot", bot.name.as_deref()),
        Actor::Integrator(app) => ("app", app.name.as_deref()),
        Actor::Llm(model) => ("customer agent", model.name.as_deref()),
        Actor::System(_) => ("HubSpot", None),
        // HubSpot may add kinds.
        other => (other.tag().unwrap_or("unknown"), None),
    };
    format!("{kind}\t{}", name.unwrap_or_default())
}
