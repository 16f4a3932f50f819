//! How requests fail: as HubSpot refuses them, and as a test asks for it. And what is recorded.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod caller;

use std::time::{Duration, Instant};

use caller::{Caller, id};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::{Fault, Simulator};
use serde_json::{Value, json};

/// The body HubSpot answers, apart from its words.
fn has_the_shape_of_an_error(reply: &caller::Reply, category: &str) {
    let json = &reply.json;
    assert_eq!(json["status"], "error");
    assert_eq!(json["category"], category);
    assert!(json["message"].is_string());
    let id = json["correlationId"].as_str().unwrap();
    assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
    assert_eq!(reply.headers["x-hubspot-correlation-id"], id);
    assert!(reply.headers["content-type"].to_str().unwrap().starts_with("application/json"));
}

#[tokio::test]
async fn the_case_of_the_scheme_and_a_slash_after_the_path_change_nothing() {
    let simulator = Simulator::start().await.unwrap();
    let root = format!("{}/conversations/v3/conversations", simulator.base_url());
    for (path, scheme) in [("threads", "bearer"), ("threads/", "BEARER"), ("inboxes/", "Bearer")] {
        let request = reqwest::Client::new().get(format!("{root}/{path}"));
        let authorization = format!("{scheme} {}", simulator.token());
        let response = request.header("authorization", authorization).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path} {scheme}");
    }
}

#[tokio::test]
async fn a_request_without_the_token_is_refused() {
    let caller = Caller::new().await;
    for authorization in [None, Some("Bearer wrong"), Some("Basic eDp5")] {
        let mut request = caller.request(ListThreads, &[]);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        let (headers, text) = (response.headers().clone(), response.text().await.unwrap());
        let json = serde_json::from_str(&text).unwrap();
        let reply = caller::Reply { status: 401, headers, text, json };
        has_the_shape_of_an_error(&reply, "INVALID_AUTHENTICATION");
    }
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let caller = Caller::of(Simulator::builder().scopes(["conversations.read"])).await;
    let threads = caller.threads().await;
    let reply = caller.get(ArchiveThread, &[("threadId", id(&threads[0]))], &[]).await;
    assert_eq!(reply.status, 403);
    has_the_shape_of_an_error(&reply, "MISSING_SCOPES");
    let scopes = &reply.json["errors"][0]["context"]["requiredGranularScopes"];
    assert_eq!(*scopes, json!(["conversations.write"]));
    assert!(reply.json["links"]["scopes"].is_string());
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = ("threadId", id(&threads[0]));
    for (operation, captures) in [
        (GetInbox, &[("inboxId", "1")][..]),
        (GetChannel, &[("channelId", "1")]),
        (GetChannelAccount, &[("channelAccountId", "1")]),
        (GetThread, &[("threadId", "1")]),
        (ListMessages, &[("threadId", "1")]),
        (GetMessage, &[thread, ("messageId", "1")]),
        (GetOriginalContent, &[thread, ("messageId", "1")]),
        (UnassignThread, &[("threadId", "1")]),
    ] {
        let reply = caller.get(operation, captures, &[]).await;
        assert_eq!(reply.status, 404, "{operation:?}");
        has_the_shape_of_an_error(&reply, "OBJECT_NOT_FOUND");
    }
    let no_path = reqwest::Client::new().get(format!("{}/nowhere", caller.simulator.base_url()));
    let reply = caller.send(no_path).await;
    assert_eq!(reply.status, 404);
    has_the_shape_of_an_error(&reply, "OBJECT_NOT_FOUND");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = [("threadId", id(&threads[0]))];
    let reply = caller.send(caller.request(SendMessage, &thread).body("{ not json")).await;
    assert_eq!(reply.status, 400);
    has_the_shape_of_an_error(&reply, "VALIDATION_ERROR");
    let reply = caller.get(GetThread, &[("threadId", "abc")], &[]).await;
    assert_eq!(reply.problem(), "threadId: expected a whole number");
    let url = format!("{}/conversations/v3/conversations/threads", caller.simulator.base_url());
    let reply = caller.send(reqwest::Client::new().put(url)).await;
    assert_eq!(reply.status, 405);
    has_the_shape_of_an_error(&reply, "METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn a_fault_is_answered_instead_once_and_by_its_operation() {
    let caller = Caller::new().await;
    let limited = r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#;
    let fault = Fault::answer(429, limited).with_header("Retry-After", "3");
    caller.simulator.fail_next(ListChannels, fault);
    caller.simulator.fail_next(None, Fault::status(502));

    assert_eq!(caller.get(ListInboxes, &[], &[]).await.status, 502);
    caller.get(ListInboxes, &[], &[]).await.ok();
    let reply = caller.get(ListChannels, &[], &[]).await;
    assert_eq!((reply.status, reply.text.as_str()), (429, limited));
    assert_eq!(reply.headers["retry-after"], "3");
    caller.get(ListChannels, &[], &[]).await.ok();
}

#[tokio::test]
async fn a_lost_request_is_not_carried_out_and_a_lost_answer_is() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = [("threadId", id(&threads[0]))];
    let comment = json!({ "type": "COMMENT", "text": "Called." });
    for (fault, added) in [(Fault::LoseRequest, 0), (Fault::LoseAnswer, 1)] {
        let before = caller.simulator.counts().messages;
        caller.simulator.fail_next(SendMessage, fault);
        let request = caller.request(SendMessage, &thread).json(&comment);
        let outcome = request.bearer_auth(caller.simulator.token()).send().await;
        assert!(outcome.is_err(), "{outcome:?}");
        assert_eq!(caller.simulator.counts().messages, before + added);
    }
}

#[tokio::test]
async fn a_cut_body_breaks_off_after_its_beginning() {
    let caller = Caller::new().await;
    caller.simulator.fail_next(ListInboxes, Fault::CutBody(12));
    let request = caller.request(ListInboxes, &[]).bearer_auth(caller.simulator.token());
    let mut response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.content_length().unwrap() > 12);
    assert_eq!(response.chunk().await.unwrap().unwrap(), r#"{"total":3,""#);
    assert!(response.chunk().await.is_err());
}

#[tokio::test]
async fn a_delayed_answer_takes_its_time() {
    let caller = Caller::new().await;
    caller.simulator.fail_next(ListInboxes, Fault::Delay(Duration::from_millis(40)));
    let begun = Instant::now();
    caller.get(ListInboxes, &[], &[]).await.ok();
    assert!(begun.elapsed() >= Duration::from_millis(40));
}

#[tokio::test]
async fn requests_are_recorded_without_the_token() {
    let caller = Caller::new().await;
    let body = json!({ "inputs": ["S-hubspot"] });
    caller.get(ListInboxes, &[], &[("sort", "-id"), ("limit", "2")]).await.ok();
    caller.write(BatchReadActors, &[], &[], body.clone()).await.ok();
    caller.simulator.fail_next(None, Fault::status(500));
    caller.get(ListChannels, &[], &[]).await;

    let requests = caller.simulator.requests();
    let operations: Vec<_> = requests.iter().map(|request| request.operation.unwrap()).collect();
    assert_eq!(operations, [ListInboxes, BatchReadActors, ListChannels]);
    assert_eq!(requests[0].method, "GET");
    assert_eq!(requests[0].path, "/conversations/v3/conversations/inboxes");
    assert_eq!(requests[0].query, "sort=-id&limit=2");
    assert_eq!(serde_json::from_str::<Value>(&requests[1].body).unwrap(), body);
    assert!(!format!("{requests:?} {:?}", caller.simulator).contains(caller.simulator.token()));

    caller.simulator.clear_requests();
    assert_eq!(caller.simulator.requests(), []);
}

#[tokio::test]
async fn a_dropped_simulator_stops_listening() {
    let caller = Caller::new().await;
    caller.get(ListInboxes, &[], &[]).await.ok();
    let address = caller.simulator.addr().unwrap();
    drop(caller);
    for _ in 0..1_000 {
        if tokio::net::TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it still listens");
}
