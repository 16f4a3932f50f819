//! `convo actors`

use std::collections::HashSet;

use clap::Subcommand;
use clap::builder::NonEmptyStringValueParser;
use hubspot_conversations::types::{Actor, ActorId};
use hubspot_conversations::{ActorOutcome, Client};

use crate::command_error::CommandError;
use crate::output::{Column, Output};
use crate::stdin;
use crate::terminal_text::one_line;

use super::id::id;
use super::optional::Optional;

/// The number of actors to read before printing them.
const BATCH_SIZE: usize = 100;

/// The maximum number of missing ids to name.
const MAX_NAMED: usize = 10;

#[derive(Debug, Subcommand)]
pub(crate) enum Actors {
    /// Show an actor
    Get {
        /// Actor id, such as A-2620055 (an agent) or V-1263 (a visitor)
        #[arg(value_name = "ID", value_parser = id::<ActorId>)]
        actor: ActorId,

        #[command(flatten)]
        fields: Fields,
    },

    /// Show several actors, in the order of their ids on the command line
    Resolve {
        /// Actor ids; `-` reads ids from standard input, separated by white space
        #[arg(value_name = "ID", required = true, value_parser = id::<ActorId>)]
        actors: Vec<ActorId>,

        #[command(flatten)]
        fields: Fields,
    },
}

/// The fields of an actor to return.
#[derive(clap::Args, Debug)]
pub(crate) struct Fields {
    /// Return only this field, such as name; can be repeated
    #[arg(long, value_name = "FIELD", value_parser = NonEmptyStringValueParser::new())]
    property: Vec<String>,
}

impl Actors {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        match self {
            Self::Get { actor, fields } => {
                let request = client
                    .actors()
                    .get(actor)
                    .with_each(fields.property, |get, field| get.property(&field));
                output.record(&request.send().await?, &COLUMNS).await
            }
            Self::Resolve { actors, fields } => {
                resolve(client, output, with_standard_input(actors)?, fields).await
            }
        }
    }
}

async fn resolve(
    client: &Client,
    output: &mut Output,
    actors: Vec<ActorId>,
    fields: Fields,
) -> Result<(), CommandError> {
    let (mut missing, mut unknown) = (Vec::new(), Vec::new());
    let mut has_started = false;
    let mut list = output.list("actors", &COLUMNS);
    for batch in actors.chunks(BATCH_SIZE) {
        let resolved = client
            .actors()
            .resolve(batch)
            .with_each(fields.property.clone(), |resolve, field| resolve.property(&field))
            .send()
            .await
            .map_err(|error| match has_started {
                true => CommandError::PartialList { error, next: None },
                false => error.into(),
            })?;
        has_started = true;
        let mut found = Vec::new();
        for actor in resolved {
            match actor.outcome {
                ActorOutcome::Found(item) => found.push(item),
                ActorOutcome::NotFound | ActorOutcome::Refused(_) => missing.push(actor.id),
                ActorOutcome::Unknown => unknown.push(actor.id),
            }
        }
        list.items(&found).await?;
    }
    list.finish()?;
    let asked = actors.len();
    let mut problems = Vec::new();
    if !missing.is_empty() {
        let (count, named) = (missing.len(), named(&missing));
        problems.push(format!("{count} of {asked} actors not found: {named}; check the ids"));
    }
    if !unknown.is_empty() {
        let (count, named) = (unknown.len(), named(&unknown));
        problems.push(format!(
            "{count} of {asked} actors are missing from HubSpot's response, which is partly \
             unreadable: {named}"
        ));
    }
    if problems.is_empty() { Ok(()) } else { Err(CommandError::Failed(problems.join("; "))) }
}

/// The first ids, for people.
fn named(actors: &[ActorId]) -> String {
    let named: Vec<_> = actors.iter().take(MAX_NAMED).map(|id| one_line(id.as_str())).collect();
    let more = if actors.len() > MAX_NAMED { " and others" } else { "" };
    format!("{}{more}", named.join(", "))
}

/// The ids, each once, with those from standard input in place of `-`.
fn with_standard_input(arguments: Vec<ActorId>) -> Result<Vec<ActorId>, CommandError> {
    let mut actors = Vec::new();
    for argument in arguments {
        if argument.as_str() == stdin::DASH {
            let text = stdin::read()?;
            for word in text.split_whitespace() {
                let actor = id(word).map_err(CommandError::Usage)?;
                actors.push(actor);
            }
        } else {
            actors.push(argument);
        }
    }
    let mut seen = HashSet::new();
    actors.retain(|actor| seen.insert(actor.clone()));
    Ok(actors)
}

const COLUMNS: [Column<Actor>; 5] = [
    Column::whole("ID", |actor| actor.id().map(ToString::to_string)),
    Column::whole("TYPE", |actor| actor.tag().map(str::to_owned)),
    Column::short("E-MAIL", 40, |actor| match actor {
        Actor::Agent(agent) => agent.email.clone(),
        Actor::Visitor(visitor) => visitor.email.clone(),
        Actor::Email(email) => email.email.clone(),
        _ => None,
    }),
    Column::text("NAME", |actor| match actor {
        Actor::Agent(agent) => agent.name.clone(),
        Actor::Bot(bot) => bot.name.clone(),
        Actor::Integrator(integrator) => integrator.name.clone(),
        Actor::Visitor(visitor) => visitor.name.clone(),
        Actor::Llm(llm) => llm.name.clone(),
        _ => None,
    }),
    Column::detail("AVATAR", |actor| match actor {
        Actor::Agent(agent) => agent.avatar.clone(),
        Actor::Bot(bot) => bot.avatar.clone(),
        Actor::Integrator(integrator) => integrator.avatar.clone(),
        Actor::Visitor(visitor) => visitor.avatar.clone(),
        Actor::Llm(llm) => llm.avatar.clone(),
        _ => None,
    }),
];
