//! What a program that is asked to stop can know of its changes, and what time it is at HubSpot.

use std::sync::Arc;
use std::time::Duration;

use hubspot_conversations::testing::{self, Fault, Simulator};
use hubspot_conversations::{Client, OperationId};
use tokio::time::sleep;

async fn account() -> (Arc<Simulator>, Client, String) {
    let simulator = Arc::new(Simulator::builder().in_process());
    let client = testing::client(&simulator).build().unwrap();
    let page = client.threads().list().limit(1).send().await.unwrap();
    let thread = page.results[0].decode().unwrap().id.to_string();
    (simulator, client, thread)
}

/// The changes that are in flight a second after a call began.
async fn in_flight<T>(client: &Client, call: impl Future<Output = T>) -> Vec<&'static str> {
    // It is asked while the call is there.
    let asked = async {
        sleep(Duration::from_secs(1)).await;
        client.changes_in_flight().into_iter().map(|operation| operation.name).collect()
    };
    tokio::select! {
        biased;
        _ = call => Vec::new(),
        names = asked => names,
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_is_in_flight_until_its_outcome_is_known() {
    let (simulator, client, thread) = account().await;
    let comment = || client.messages(&*thread).comment("hello").send();
    for fault in [Fault::HoldRequest, Fault::HoldAnswer] {
        simulator.fail_next(OperationId::SendMessage, fault);
        assert_eq!(in_flight(&client, comment()).await, ["send_message"]);
        assert!(client.changes_in_flight().is_empty(), "the call was given up");
    }
    let throttled = || Fault::status(429).with_header("Retry-After", "30");
    simulator.fail_next(OperationId::SendMessage, throttled());
    assert!(in_flight(&client, comment()).await.is_empty(), "it was certainly not carried out");
    sleep(Duration::from_secs(60)).await;

    // The first attempt may have been carried out, and the second waits.
    let assign = || client.threads().assign(&*thread, "A-2620055").send();
    simulator
        .fail_next(OperationId::AssignThread, Fault::status(503).with_header("Retry-After", "9"));
    assert_eq!(in_flight(&client, assign()).await, ["assign_thread"]);

    simulator.fail_next(OperationId::ListThreads, Fault::HoldAnswer);
    let list = client.threads().list().send();
    assert!(in_flight(&client, list).await.is_empty(), "it only reads");
    assert!(client.changes_in_flight().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_time_is_that_of_the_server() {
    let (simulator, client, _) = account().await;
    let told = client.server_time().unwrap();
    assert_eq!(told.to_rfc3339(), "2026-03-02T09:00:00+00:00");
    sleep(Duration::from_secs(90)).await;
    assert_eq!((client.server_time().unwrap() - told).num_seconds(), 90);
    let other = testing::client(&simulator).build().unwrap();
    assert_eq!(other.server_time(), None, "nothing was answered");
}
