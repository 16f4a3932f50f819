//! Any number of actors is read, and the outcome of each is told.

use crate::server::{RecordedRequest, Reply, Server};
use hubspot_conversations::types::{Actor, ActorId};
use hubspot_conversations::{ActorOutcome, ErrorKind, ResolvedActor};
use serde_json::{Value, json};

fn inputs(asked: &RecordedRequest) -> Vec<String> {
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
        ActorOutcome::Unknown => "unknown",
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
async fn an_answer_without_a_list_of_actors_says_nothing_of_an_id() {
    for answer in [
        "{}",
        r#"{"status":"COMPLETE"}"#,
        r#"{"results":{}}"#,
        r#"{"results":null}"#,
        r#"{"results":"none"}"#,
        r#"{"results":7,"numErrors":1}"#,
        r#"{"data":[{"type":"AGENT","id":"A-1"}]}"#,
    ] {
        let server = Server::always(200, answer).await;
        let error = server.client().actors().resolve(["A-1"]).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{answer}");
        assert_eq!(error.operation(), Some("batch_read_actors"), "{answer}");
        assert_eq!(server.asked().len(), 1, "{answer}");
    }
    let server = Server::always(200, r#"{"results":[]}"#).await;
    let actors = server.client().actors().resolve(["A-1"]).send().await.unwrap();
    assert_eq!(outcome(&actors[0]), "not found");
}

#[tokio::test]
async fn an_actor_whose_id_cannot_be_read_may_be_one_that_is_not_in_the_answer() {
    for flawed in [
        "null",
        "7",
        "[\"A-2\"]",
        "{}",
        r#"{"type":"AGENT"}"#,
        r#"{"type":"AGENT","id":{}}"#,
        r#"{"type":"TOMORROW","name":"x"}"#,
    ] {
        let answer = format!(r#"{{"results":[{flawed},{{"type":"AGENT","id":"A-1"}}]}}"#);
        let server = Server::always(200, &answer).await;
        let actors = server.client().actors().resolve(["A-1", "A-2"]).send().await.unwrap();
        let outcomes: Vec<_> = actors.iter().map(outcome).collect();
        assert_eq!(outcomes, ["found", "unknown"], "{flawed}");
        assert!(actors[1].actor().unwrap().is_none());
    }
    for beside in [
        r#""status":"PROCESSING""#,
        r#""status":{}"#,
        r#""numErrors":1"#,
        r#""numErrors":{}"#,
        r#""errors":{}"#,
        r#""errors":[{"category":"INTERNAL_ERROR"}]"#,
        r#""numErrors":1,"errors":[{"category":["OBJECT_NOT_FOUND"]}]"#,
        r#""results":{},"results":[]"#,
    ] {
        let answer = format!(r#"{{"results":[{{"type":"AGENT","id":"A-1"}}],{beside}}}"#);
        let server = Server::always(207, &answer).await;
        match server.client().actors().resolve(["A-2"]).send().await {
            Ok(actors) => assert_eq!(outcome(&actors[0]), "unknown", "{beside}"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Decode, "{beside}"),
        }
    }
    let not_found = r#"{"status":"COMPLETE","results":[],"numErrors":1,"errors":[{"category":"OBJECT_NOT_FOUND"}]}"#;
    let server = Server::always(207, not_found).await;
    let actors = server.client().actors().resolve(["A-2"]).send().await.unwrap();
    assert_eq!(outcome(&actors[0]), "not found");
    let flaws = r#"{"results":[{"type":"TOMORROW","id":7,"name":"\ud83d"},{"type":"AGENT","id":"A-1","name":[]}]}"#;
    let server = Server::always(200, flaws).await;
    let actors = server.client().actors().resolve(["A-1", "7", "A-2"]).send().await.unwrap();
    let outcomes: Vec<_> = actors.iter().map(outcome).collect();
    assert_eq!(outcomes, ["found", "found", "not found"]);
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
