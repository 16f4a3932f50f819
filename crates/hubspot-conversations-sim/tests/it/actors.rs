//! Actors and visitors.

use std::collections::BTreeSet;

use crate::caller::{Caller, id};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::Simulator;
use serde_json::{Value, json};

/// Every actor that threads and histories name.
async fn named(caller: &Caller) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |actor: &Value| found.extend(actor.as_str().map(str::to_owned));
    for thread in caller.threads().await {
        add(&thread["assignedTo"]);
        for entry in caller.history(id(&thread)).await {
            for name in ["createdBy", "assignedTo", "assignedFrom"] {
                add(&entry[name]);
            }
            for list in ["senders", "recipients"] {
                entry[list].as_array().unwrap().iter().for_each(|one| add(&one["actorId"]));
            }
        }
    }
    found
}

#[tokio::test]
async fn everyone_who_is_referred_to_can_be_read_and_is_counted() {
    let caller = Caller::of(Simulator::builder().threads(40)).await;
    let named = named(&caller).await;
    assert_eq!(caller.simulator.counts().actors, named.len());
    for actor in &named {
        let read = caller.get(GetActor, &[("actorId", actor)], &[]).await.ok();
        assert_eq!(id(&read), actor);
    }
    for thread in caller.threads().await {
        let visitor = format!("V-{}", thread["associatedContactId"].as_str().unwrap());
        caller.get(GetActor, &[("actorId", &visitor)], &[]).await.ok();
    }
}

#[tokio::test]
async fn an_unknown_actor_is_not_found() {
    let caller = Caller::new().await;
    let reply = caller.get(GetActor, &[("actorId", "A-1")], &[]).await;
    assert_eq!((reply.status, &reply.json["category"]), (404, &json!("OBJECT_NOT_FOUND")));
}

#[tokio::test]
async fn a_batch_answers_200_only_if_everyone_is_found() {
    let caller = Caller::new().await;
    let read = async |inputs: Value| {
        caller.write(BatchReadActors, &[], &[], json!({ "inputs": inputs })).await
    };
    let ids = |reply: &Value| -> Vec<String> {
        reply["results"].as_array().unwrap().iter().map(|actor| id(actor).to_owned()).collect()
    };

    let all = read(json!(["S-hubspot", "A-2620018", "S-hubspot"])).await;
    assert_eq!(all.status, 200);
    assert_eq!(ids(&all.json), ["S-hubspot", "A-2620018"], "in the requested order, each once");
    assert_eq!(all.json["status"], "COMPLETE");
    assert!(all.json.get("errors").is_none());

    let some = read(json!(["A-1", "S-hubspot", "V-1"])).await;
    assert_eq!(some.status, 207);
    assert_eq!(ids(&some.json), ["S-hubspot"]);
    assert_eq!(some.json["numErrors"], 1);
    assert_eq!(some.json["errors"][0]["category"], "OBJECT_NOT_FOUND");
    assert_eq!(some.json["errors"][0]["context"]["ids"], json!(["A-1", "V-1"]));

    assert_eq!(read(json!([])).await.status, 200);
    let many: Vec<String> = (0..101).map(|n| format!("A-{n}")).collect();
    assert_eq!(read(json!(many)).await.problem(), "inputs: expected at most 100");
}

#[tokio::test]
async fn a_batch_is_read_with_the_scope_for_reading() {
    let builder = Simulator::builder().scopes(["conversations.read"]);
    let caller = Caller::of(builder).await;
    caller.write(BatchReadActors, &[], &[], json!({ "inputs": ["S-hubspot"] })).await.ok();
}

#[tokio::test]
async fn each_visitor_token_is_another_one() {
    let caller = Caller::new().await;
    let visitor = json!({ "email": "someone@example.com" });
    let first = caller.write(CreateVisitorToken, &[], &[], visitor.clone()).await.ok();
    let second = caller.write(CreateVisitorToken, &[], &[], visitor).await.ok();
    assert_ne!(first["token"], second["token"]);
}

#[tokio::test]
async fn a_visitor_needs_an_address() {
    let caller = Caller::new().await;
    for email in [
        "",
        "someone",
        "@example.com",
        "someone@",
        "a b@example.com",
        "a@b@example.com",
        "a@example.",
    ] {
        let reply = caller.write(CreateVisitorToken, &[], &[], json!({ "email": email })).await;
        assert_eq!(reply.problem(), "email: expected an e-mail address", "{email}");
    }
    let reply = caller.write(CreateVisitorToken, &[], &[], json!({ "firstName": "Some" })).await;
    assert_eq!(reply.problem(), "email: is required");
}
