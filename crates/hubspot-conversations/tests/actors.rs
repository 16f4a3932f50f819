//! Any number of actors is read, and the outcome of each is told.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod server;

use hubspot_conversations::types::{Actor, ActorId};
use hubspot_conversations::{ActorOutcome, ErrorKind, ResolvedActor};
use serde_json::{Value, json};
use server::{Asked, Reply, Server};

fn inputs(asked: &Asked) -> Vec<String> {
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    serde_json::from_value(body["inputs"].clone()).unwrap()
}

/// Knows agents with even numbers, refuses what is no agent, and takes at most this many at once.
async fn account(at_most: usize) -> Server {
    Server::start(move |asked, _| {
        let inputs = inputs(asked);
        if inputs.len() > at_most || inputs.iter().any(|id| !id.starts_with("A-")) {
            return Reply::Json(400, r#"{"category":"VALIDATION_ERROR"}"#.to_owned());
        }
        let known = inputs.iter().rev().filter(|id| id.ends_with(['0', '2', '4', '6', '8']));
        let results: Vec<_> = known.map(|id| json!({ "type": "AGENT", "id": id })).collect();
        Reply::Json(207, json!({ "status": "COMPLETE", "results": results }).to_string())
    })
    .await
}

fn outcome(actor: &ResolvedActor) -> &'static str {
    match &actor.outcome {
        ActorOutcome::Found(_) => "found",
        ActorOutcome::NotFound => "not found",
        ActorOutcome::Refused(_) => "refused",
    }
}

#[tokio::test]
async fn each_different_id_has_one_outcome_in_the_order_asked() {
    let server = account(100).await;
    let ids: Vec<ActorId> = (0..250).map(|n| format!("A-{n}").into()).collect();
    let twice = ids.iter().chain(&ids);
    let actors = server.client().actors().resolve(twice).send().await.unwrap();

    assert_eq!(server.asked().len(), 3);
    assert_eq!(
        actors.iter().map(|actor| &actor.id).collect::<Vec<_>>(),
        ids.iter().collect::<Vec<_>>()
    );
    assert!(
        actors
            .iter()
            .enumerate()
            .all(|(n, actor)| { outcome(actor) == if n % 2 == 0 { "found" } else { "not found" } })
    );
    let Some(Actor::Agent(agent)) = actors[2].actor().unwrap() else { panic!() };
    assert_eq!(agent.id.as_str(), "A-2");
}

#[tokio::test]
async fn an_id_that_is_refused_costs_no_other() {
    let server = account(100).await;
    let ids = ["A-0", "A-1", "nobody", "A-2", "A-4"];
    let actors = server.client().actors().resolve(ids).send().await.unwrap();
    let outcomes: Vec<_> = actors.iter().map(outcome).collect();
    assert_eq!(outcomes, ["found", "not found", "refused", "found", "found"]);
}

#[tokio::test]
async fn batches_become_smaller_where_they_are_too_large() {
    let server = account(30).await;
    let ids = (0..100).map(|n| ActorId::from(format!("A-{n}")));
    let actors = server.client().actors().resolve(ids).send().await.unwrap();
    assert_eq!(actors.iter().filter(|actor| outcome(actor) == "found").count(), 50);
}

#[tokio::test]
async fn a_failure_that_concerns_no_id_is_an_error() {
    let server = Server::always(401, "{}").await;
    let error = server.client().actors().resolve(["A-1"]).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
}

#[tokio::test]
async fn no_ids_need_no_request() {
    let server = Server::always(500, "").await;
    assert!(
        server.client().actors().resolve(Vec::<ActorId>::new()).send().await.unwrap().is_empty()
    );
    assert!(server.asked().is_empty());
}
