//! The simulator behaves the same with and without a socket, and takes no time under a paused clock.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use crate::caller::{Caller, Reply, http_client, id};
use futures_util::{FutureExt, StreamExt};
use http::Request;
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::{Body, Fault, RateLimit, RequestStats, Simulator};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

const INBOXES: &str = "/conversations/v3/conversations/inboxes";

/// A request for the inboxes at a URL, with the token.
fn request(simulator: &Simulator, address: &str) -> Request<String> {
    let token = format!("Bearer {}", simulator.token());
    Request::get(address).header("authorization", token).body(String::new()).unwrap()
}

/// The replies to several requests of every kind.
async fn replies(caller: &Caller) -> Vec<Reply> {
    let mut replies = vec![caller.get(ListThreads, &[], &[("limit", "2")]).await];
    let thread = id(&replies[0].json["results"][0]).to_owned();
    let thread = [("threadId", thread.as_str())];
    let comment = json!({ "type": "COMMENT", "text": "Called." });
    replies.push(caller.write(SendMessage, &thread, &[], comment).await);
    replies.push(caller.send(caller.request(SendMessage, &thread).body("{ not json")).await);
    replies.push(caller.get(ListMessages, &thread, &[]).await);
    replies.push(caller.get(ArchiveThread, &thread, &[]).await);
    replies.push(caller.get(GetThread, &thread, &[]).await);
    replies.push(caller.get(ListCustomChannels, &[], &[]).await);
    caller.simulator.fail_next(None, Fault::answer(502, "<html>").with_header("x-by", "a test"));
    replies.push(caller.get(ListInboxes, &[], &[]).await);
    let nowhere = format!("{}/nowhere", caller.simulator.base_url());
    replies.push(caller.send(http_client().get(nowhere)).await);
    replies
}

#[tokio::test]
async fn it_answers_as_over_a_socket() {
    let over_socket = Caller::new().await;
    let in_process = Caller::in_process(Simulator::builder());
    let (mut expected, found) = (replies(&over_socket).await, replies(&in_process).await);
    let statuses: Vec<u16> = found.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses, [200, 201, 400, 200, 204, 404, 200, 502, 404]);
    for (expected, mut found) in expected.iter_mut().zip(found) {
        assert_eq!(found.status, expected.status);
        let base_url = in_process.simulator.base_url();
        let text = found.text.replace(base_url, over_socket.simulator.base_url());
        assert_eq!(text, expected.text);
        for headers in [&mut expected.headers, &mut found.headers] {
            headers.remove("date");
            // Links to the next pages contain the base URL, whose length differs.
            headers.remove("content-length");
        }
        assert_eq!(found.headers, expected.headers);
    }
    assert_eq!(in_process.simulator.requests(), over_socket.simulator.requests());
    assert_eq!(in_process.simulator.counts(), over_socket.simulator.counts());
    assert_eq!(in_process.simulator.request_stats(None), over_socket.simulator.request_stats(None));
}

#[test]
fn it_needs_no_runtime() {
    let simulator = Simulator::builder().rate_limit(RateLimit::new(1)).in_process();
    assert_eq!(simulator.addr(), None);
    for status in [200, 429] {
        let request = request(&simulator, INBOXES);
        let response = simulator.answer(request).now_or_never().expect("it waits").unwrap();
        assert_eq!(response.status(), status);
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_is_asked_to_take_time_takes_it_and_then_tokios() {
    let caller = Caller::in_process(Simulator::builder());
    let (begin, really) = (Instant::now(), std::time::Instant::now());
    caller.threads().await;
    assert_eq!(begin.elapsed(), Duration::ZERO);
    caller.simulator.fail_next(None, Fault::Delay(Duration::from_hours(3)));
    caller.threads().await;
    assert_eq!(begin.elapsed(), Duration::from_hours(3));
    assert!(really.elapsed() < Duration::from_hours(1));
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_is_an_error() {
    let simulator = Simulator::builder().in_process();
    for (fault, kind, arrived, carried_out) in [
        (Fault::RefuseConnection, ErrorKind::ConnectionRefused, 0, 0),
        (Fault::LoseRequest, ErrorKind::ConnectionReset, 1, 0),
        (Fault::LoseAnswer, ErrorKind::ConnectionReset, 2, 1),
    ] {
        simulator.fail_next(ListInboxes, fault);
        let error = simulator.answer(request(&simulator, INBOXES)).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(simulator.requests().len(), arrived);
        let traffic = simulator.request_stats(ListInboxes);
        assert_eq!((traffic.arrived, traffic.carried_out), (arrived as u64, carried_out));
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_can_be_cut_or_stall_at_every_byte() {
    let simulator = Simulator::builder().in_process();
    let whole = simulator.answer(request(&simulator, INBOXES)).await.unwrap();
    let whole = read(whole).await.concat();
    for length in 0..=whole.len() + 1 {
        for fault in [Fault::CutBody(length), Fault::StallBody(length)] {
            simulator.fail_next(None, fault.clone());
            let response = simulator.answer(request(&simulator, INBOXES)).await.unwrap();
            assert_eq!(response.headers()["content-length"], whole.len().to_string());
            let mut pieces = response.into_body().into_data_stream();
            let begin = pieces.next().await.unwrap().unwrap();
            assert_eq!(begin, whole[..length.min(whole.len())]);
            let rest = timeout(Duration::from_hours(1), pieces.next()).await;
            match fault {
                Fault::CutBody(_) => assert!(rest.unwrap().unwrap().is_err(), "{fault:?}"),
                _ => assert!(rest.is_err(), "{fault:?}: {rest:?}"),
            }
        }
    }
}

async fn read(response: http::Response<Body>) -> Vec<Vec<u8>> {
    response.into_body().into_data_stream().map(|piece| piece.unwrap().to_vec()).collect().await
}

#[tokio::test(start_paused = true)]
async fn it_is_reached_at_its_own_address_only() {
    let simulator = Simulator::builder().in_process();
    for address in [INBOXES.to_owned(), format!("{}{INBOXES}", simulator.base_url())] {
        let response = simulator.answer(request(&simulator, &address)).await.unwrap();
        assert_eq!(response.status(), 200, "{address}");
    }
    for elsewhere in [
        "http://127.0.0.1",
        "http://127.0.0.1:2",
        "https://127.0.0.1:1",
        "http://localhost:1",
        "https://api.example.com",
    ] {
        let address = format!("{elsewhere}{INBOXES}");
        let error = simulator.answer(request(&simulator, &address)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{elsewhere}");
    }
    assert_eq!(simulator.requests().len(), 2);
}

#[tokio::test]
async fn one_that_listens_answers_in_process_too() {
    let caller = Caller::new().await;
    let address = format!("{}{INBOXES}", caller.simulator.base_url());
    let in_process = caller.simulator.answer(request(&caller.simulator, &address)).await.unwrap();
    let over_socket = caller.get(ListInboxes, &[], &[]).await;
    assert_eq!(read(in_process).await.concat(), over_socket.text.as_bytes());
    assert_eq!(caller.simulator.requests().len(), 2);
}

/// Sends two thousand requests from two hundred tasks; some break off, wait, or are rejected.
/// Returns what the clients observed, what the simulator counted, and the duration.
async fn crowd() -> ([u64; 4], RequestStats, Duration) {
    let limit = RateLimit::new(150);
    let simulator = Simulator::builder().threads(3).messages(3).rate_limit(limit).in_process();
    let simulator = Arc::new(simulator);
    simulator.fail_randomly(
        3,
        0.2,
        [
            Fault::status(503),
            Fault::status(503).although_carried_out(),
            Fault::LoseRequest,
            Fault::LoseAnswer,
            Fault::HoldRequest,
            Fault::HoldAnswer,
            Fault::Delay(Duration::from_millis(300)),
        ],
    );
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for task in 0..200 {
        let simulator = Arc::clone(&simulator);
        tasks.spawn(async move {
            let mut seen = [0; 4];
            for turn in 0..10 {
                tokio::time::sleep(Duration::from_millis(task + 7 * turn)).await;
                let answer = simulator.answer(request(&simulator, INBOXES));
                let kind = match timeout(Duration::from_secs(5), answer).await {
                    Ok(Ok(response)) if response.status() == 200 => 0,
                    Ok(Ok(_)) => 1,
                    Ok(Err(_)) => 2,
                    Err(_) => 3,
                };
                seen[kind] += 1;
            }
            seen
        });
    }
    let mut seen = [0; 4];
    while let Some(task) = tasks.join_next().await {
        let task: [u64; 4] = task.unwrap();
        seen.iter_mut().zip(task).for_each(|(sum, one)| *sum += one);
    }
    (seen, simulator.request_stats(None), begin.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_crowd_is_accounted_for_and_the_same_every_time() {
    let (seen, traffic, took) = crowd().await;
    assert_eq!(seen.iter().sum::<u64>(), 2_000);
    assert!(seen.iter().all(|&count| count > 80), "{seen:?}");
    assert_eq!(traffic.arrived, 2_000);
    assert!((320..480).contains(&traffic.met_fault), "{traffic:?}");
    assert!(traffic.carried_out > seen[0], "{traffic:?} {seen:?}");
    assert!(traffic.rate_limited > 0, "{traffic:?}");
    let windows = u64::try_from(took.as_millis()).unwrap() / 10_000 + 1;
    assert!(traffic.carried_out <= 150 * windows, "{traffic:?} in {took:?}");
    assert_eq!(crowd().await, (seen, traffic, took));
}
