//! Faults, over a socket and in process.

use std::time::Duration;

use crate::caller::{Caller, decoded, id};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::{Fault, Simulator};
use serde_json::json;
use tokio::time::timeout;

/// A caller over a socket, and one in process.
async fn both() -> [Caller; 2] {
    [Caller::new().await, Caller::in_process(Simulator::builder())]
}

/// A request to add a comment to the first thread.
async fn comment(caller: &Caller) -> reqwest::RequestBuilder {
    let threads = caller.threads().await;
    let comment = json!({ "type": "COMMENT", "text": "Called." });
    caller.request(SendMessage, &[("threadId", id(&threads[0]))]).json(&comment)
}

#[tokio::test]
async fn a_request_can_be_carried_out_and_answered_with_something_else() {
    for caller in both().await {
        let fault = Fault::answer(503, "later").with_header("retry-after", "2");
        for (fault, added) in [(fault.clone(), 0), (fault.although_carried_out(), 1)] {
            let request = comment(&caller).await;
            let before = caller.simulator.counts().messages;
            caller.simulator.fail_next(SendMessage, fault.with_header("x-by", "a test"));
            let reply = caller.send(request).await;
            assert_eq!((reply.status, reply.text.as_str()), (503, "later"));
            assert_eq!(reply.headers["retry-after"], "2");
            assert_eq!(reply.headers["x-by"], "a test");
            assert_eq!(caller.simulator.counts().messages, before + added);
        }
        let traffic = caller.simulator.request_stats(SendMessage);
        assert_eq!((traffic.arrived, traffic.carried_out, traffic.met_fault), (2, 1, 2));
    }
}

#[tokio::test]
async fn a_cursor_that_is_still_encoded_begins_the_list_again() {
    for caller in both().await {
        let limit = ("limit", "4");
        let first = caller.get(ListThreads, &[], &[limit]).await.ok();
        let after = first["paging"]["next"]["after"].as_str().unwrap();
        let second = caller.get(ListThreads, &[], &[limit, ("after", after)]).await.ok();
        assert_ne!(second, first);

        caller.simulator.fail_randomly(1, 1.0, [Fault::EncodedCursor]);
        for (after, expected) in [(after, &first), (&decoded(after), &second)] {
            let page = caller.get(ListThreads, &[], &[limit, ("after", after)]).await.ok();
            assert_eq!(page, *expected, "{after}");
        }
        assert_eq!(caller.get(ListThreads, &[], &[limit]).await.ok(), first);
        caller.simulator.clear_faults();
        let page = caller.get(ListThreads, &[], &[limit, ("after", after)]).await.ok();
        assert_eq!(page, second);
    }
}

#[tokio::test]
async fn only_answers_can_be_given_although_carried_out() {
    for fault in [Fault::LoseRequest, Fault::HoldAnswer, Fault::CutBody(3)] {
        assert_eq!(fault.clone().although_carried_out(), fault);
        assert_eq!(fault.clone().with_header("a", "b"), fault);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_held_is_never_answered() {
    let caller = Caller::in_process(Simulator::builder());
    for (fault, added) in [(Fault::HoldRequest, 0), (Fault::HoldAnswer, 1)] {
        let request = comment(&caller).await;
        let before = caller.simulator.counts().messages;
        caller.simulator.fail_next(SendMessage, fault);
        let held = timeout(Duration::from_hours(24), caller.response(request)).await;
        assert!(held.is_err(), "{held:?}");
        assert_eq!(caller.simulator.counts().messages, before + added);
    }
}

/// Completes only after many other requests.
async fn outlasts_others(caller: &Caller, waiting: impl Future) {
    let others = async {
        while caller.simulator.request_stats(ListInboxes).met_fault == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..50 {
            caller.get(ListChannels, &[], &[]).await.ok();
        }
    };
    tokio::select! {
        _ = waiting => panic!("it came to an end"),
        () = others => {}
    }
}

#[tokio::test]
async fn over_a_socket_a_held_request_waits_while_others_are_answered() {
    for fault in [Fault::HoldRequest, Fault::HoldAnswer] {
        let caller = Caller::new().await;
        caller.simulator.fail_next(ListInboxes, fault);
        outlasts_others(&caller, caller.response(caller.request(ListInboxes, &[]))).await;
    }
}

#[tokio::test]
async fn over_a_socket_a_stalled_body_waits_after_its_beginning() {
    let caller = Caller::new().await;
    caller.simulator.fail_next(ListInboxes, Fault::StallBody(12));
    let mut response = caller.response(caller.request(ListInboxes, &[])).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.content_length().unwrap() > 12);
    assert_eq!(response.chunk().await.unwrap().unwrap(), r#"{"total":3,""#);
    outlasts_others(&caller, response.chunk()).await;
}

#[tokio::test]
async fn a_refused_connection_leaves_no_trace() {
    for caller in both().await {
        let request = comment(&caller).await;
        let before = (caller.simulator.counts(), caller.simulator.requests());
        caller.simulator.fail_next(SendMessage, Fault::RefuseConnection);
        assert!(caller.response(request).await.is_err());
        assert_eq!((caller.simulator.counts(), caller.simulator.requests()), before);
        assert_eq!(caller.simulator.request_stats(SendMessage).arrived, 0);
    }
}

/// The statuses of a hundred requests.
async fn statuses(caller: &Caller) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..100 {
        statuses.push(caller.get(ListInboxes, &[], &[]).await.status);
    }
    statuses
}

#[tokio::test]
async fn random_faults_follow_from_their_seed_until_they_are_cleared() {
    let caller = Caller::in_process(Simulator::builder());
    let faults = || [502, 503, 504].map(Fault::status);
    caller.simulator.fail_randomly(5, 0.5, faults());
    let first = statuses(&caller).await;
    for status in [200, 502, 503, 504] {
        assert!(first.contains(&status), "{status} does not occur: {first:?}");
    }
    caller.simulator.fail_randomly(5, 0.5, faults());
    assert_eq!(statuses(&caller).await, first);
    caller.simulator.fail_randomly(6, 0.5, faults());
    assert_ne!(statuses(&caller).await, first);
    caller.simulator.clear_faults();
    assert_eq!(statuses(&caller).await, [200; 100]);
}

#[tokio::test]
async fn random_faults_are_met_as_often_as_was_asked_for() {
    let caller = Caller::in_process(Simulator::builder());
    for (share, least, most) in [(0.0, 0, 0), (0.25, 10, 40), (0.75, 60, 90), (1.0, 100, 100)] {
        caller.simulator.fail_randomly(1, share, [Fault::status(503)]);
        let met = statuses(&caller).await.iter().filter(|&&status| status == 503).count();
        assert!((least..=most).contains(&met), "{met} of 100 with {share}");
    }
    caller.simulator.fail_randomly(1, 1.0, []);
    assert_eq!(statuses(&caller).await, [200; 100]);
}

#[tokio::test]
async fn a_fault_that_waits_comes_before_those_by_chance() {
    let caller = Caller::in_process(Simulator::builder());
    caller.simulator.fail_randomly(1, 1.0, [Fault::status(503)]);
    caller.simulator.fail_next(ListInboxes, Fault::status(500));
    for (operation, status) in [(ListChannels, 503), (ListInboxes, 500), (ListInboxes, 503)] {
        assert_eq!(caller.get(operation, &[], &[]).await.status, status);
    }
}
