//! The same seed results in the same data, in the requested amount.

use crate::caller::{Caller, id};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::{Simulator, SimulatorBuilder};
use serde_json::{Value, json};

/// All data, with some writes in between.
async fn everything(builder: SimulatorBuilder) -> Vec<Value> {
    let caller = Caller::of(builder).await;
    let mut found = caller.all(ListInboxes, &[], &[]).await;
    found.extend(caller.all(ListChannelAccounts, &[], &[]).await);
    let threads = caller.threads().await;
    let first = [("threadId", id(&threads[0]))];
    let comment = json!({ "type": "COMMENT", "text": "Called." });
    found.push(caller.write(SendMessage, &first, &[], comment).await.ok());
    let visitor = json!({ "email": "someone@example.com" });
    found.push(caller.write(CreateVisitorToken, &[], &[], visitor).await.ok());
    found.push(json!(caller.simulator.now()));
    for thread in &threads {
        found.extend(caller.history(id(thread)).await);
    }
    found.extend(threads);
    found
}

#[tokio::test]
async fn the_same_seed_gives_the_same_data_and_another_one_others() {
    let small = || Simulator::builder().threads(6).messages(5);
    let one = everything(small()).await;
    assert_eq!(everything(small().seed(1)).await, one, "1 is the default");
    assert_ne!(everything(small().seed(2)).await, one);
}

#[tokio::test]
async fn reading_does_not_change_what_is_written_later() {
    let caller = Caller::new().await;
    let other = Caller::new().await;
    caller.threads().await;
    let visitor = json!({ "email": "someone@example.com" });
    let token = caller.write(CreateVisitorToken, &[], &[], visitor.clone()).await.ok();
    assert_eq!(other.write(CreateVisitorToken, &[], &[], visitor).await.ok(), token);
}

#[tokio::test]
async fn there_is_as_much_as_was_asked_for() {
    for (threads, messages) in [(25, 12), (1, 1), (3, 0), (0, 5), (101, 2)] {
        let builder = Simulator::builder().threads(threads).messages(messages);
        let caller = Caller::of(builder).await;
        let counts = caller.simulator.counts();
        assert_eq!((counts.threads, counts.messages), (threads, threads * messages));
        assert_eq!(counts.inboxes, caller.all(ListInboxes, &[], &[]).await.len());
        assert_eq!(counts.channels, caller.all(ListChannels, &[], &[]).await.len());
        let accounts = caller.all(ListChannelAccounts, &[], &[]).await;
        assert_eq!(counts.channel_accounts, accounts.len());
        let listed = caller.threads().await;
        assert_eq!(listed.len(), threads);
        for thread in listed.iter().take(3) {
            assert_eq!(caller.history(id(thread)).await.len(), messages);
        }
        let archived = caller.all(ListThreads, &[], &[("archived", "true")]).await;
        assert_eq!(counts.archived_threads, archived.len());
    }
}

#[tokio::test]
async fn the_clock_moves_with_writes_and_tests_only_and_never_back() {
    let caller = Caller::new().await;
    let start = caller.simulator.now();
    caller.threads().await;
    assert_eq!(caller.simulator.now(), start);
    let visitor = json!({ "email": "someone@example.com" });
    caller.write(CreateVisitorToken, &[], &[], visitor).await.ok();
    let written = caller.simulator.now();
    assert!(written > start);
    caller.simulator.set_now(start);
    assert_eq!(caller.simulator.now(), written);
    caller.simulator.advance(std::time::Duration::from_secs(60));
    assert_eq!(caller.simulator.now(), written + chrono::TimeDelta::minutes(1));
}

#[tokio::test]
async fn seeded_data_covers_what_programs_must_cope_with() {
    let caller = Caller::of(Simulator::builder().threads(36)).await;
    let threads = caller.threads().await;
    let some = |fits: fn(&Value) -> bool| threads.iter().any(fits) && !threads.iter().all(fits);
    assert!(some(|thread| thread["spam"] == true), "spam");
    assert!(some(|thread| thread.get("assignedTo").is_some()), "assigned");
    assert!(some(|thread| thread["status"] == "CLOSED"), "closed");
    let channels: std::collections::BTreeSet<&str> =
        threads.iter().map(|thread| thread["originalChannelId"].as_str().unwrap()).collect();
    assert_eq!(channels.into_iter().collect::<Vec<_>>(), ["1000", "1001", "1002", "1003", "1007"]);

    let accounts = caller.all(ListChannelAccounts, &[], &[]).await;
    assert!(accounts.iter().any(|account| account["active"] == false), "inactive");
    assert!(accounts.iter().any(|account| account["authorized"] == false), "unauthorized");
    let inboxes = caller.all(ListInboxes, &[], &[]).await;
    assert!(inboxes.iter().any(|inbox| inbox["type"] == "HELP_DESK"), "a help desk");
}
