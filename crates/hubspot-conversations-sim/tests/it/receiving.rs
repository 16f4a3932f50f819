//! Messages that visitors write.

use crate::caller::{Caller, id};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::Simulator;
use serde_json::{Value, json};

async fn last(caller: &Caller, thread: &str) -> Value {
    caller.history(thread).await.pop().unwrap()
}

#[tokio::test]
async fn a_visitors_message_is_added_and_opens_the_thread() {
    let caller = Caller::new().await;
    let simulator = &caller.simulator;
    let thread = caller.thread_where(|thread| thread["status"] == "CLOSED").await;
    let before = simulator.now();
    let message = simulator.receive(id(&thread), "Any news?").unwrap();
    assert!(simulator.now() > before, "the clock moves");

    let entry = last(&caller, id(&thread)).await;
    assert_eq!(entry["id"], message.as_str());
    assert_eq!((&entry["type"], &entry["text"]), (&json!("MESSAGE"), &json!("Any news?")));
    assert_eq!(entry["direction"], "INCOMING");
    assert_eq!(entry["status"]["statusType"], "RECEIVED");
    let visitor = format!("V-{}", thread["associatedContactId"].as_str().unwrap());
    assert_eq!(entry["createdBy"], visitor);
    assert_eq!(entry["senders"][0]["actorId"], visitor);
    assert!(entry["senders"][0]["deliveryIdentifier"]["value"].is_string());
    assert_eq!(entry["channelAccountId"], thread["originalChannelAccountId"]);

    let after = caller.thread(id(&thread)).await;
    assert_eq!(after["status"], "OPEN");
    assert_eq!(after["latestMessageTimestamp"], entry["createdAt"]);
    assert_eq!(after["latestMessageReceivedTimestamp"], entry["createdAt"]);
    assert_eq!(after["latestMessageSentTimestamp"], thread["latestMessageSentTimestamp"]);
}

#[tokio::test]
async fn nobody_writes_to_a_thread_that_is_archived_or_unknown() {
    let caller = Caller::new().await;
    let simulator = &caller.simulator;
    let thread = caller.threads().await.swap_remove(0);
    caller.get(ArchiveThread, &[("threadId", id(&thread))], &[]).await.ok();
    let before = simulator.now();
    for thread in [id(&thread), "1", "", "x"] {
        assert_eq!(simulator.receive(thread, "Hello?"), None, "{thread}");
        assert_eq!(simulator.begin_thread(thread, "a@example.com", "Hello?"), None, "{thread}");
    }
    assert_eq!(simulator.now(), before);
    let archived = caller.all(ListChannelAccounts, &[], &[("archived", "true")]).await;
    assert_eq!(simulator.begin_thread(id(&archived[0]), "a@example.com", "Hello?"), None);
}

#[tokio::test]
async fn the_first_message_of_a_new_thread_finds_or_makes_the_contact() {
    let caller = Caller::new().await;
    let simulator = &caller.simulator;
    let account = caller.all(ListChannelAccounts, &[], &[]).await.swap_remove(0);
    let mut contacts = Vec::new();
    for email in ["new@example.com", "New@example.com", "other@example.com"] {
        let (thread, message) = simulator.begin_thread(id(&account), email, "Hello?").unwrap();
        let thread = caller.thread(thread.as_str()).await;
        assert_eq!((&thread["status"], &thread["archived"]), (&json!("OPEN"), &json!(false)));
        assert_eq!(thread["inboxId"], account["inboxId"]);
        assert_eq!(thread["originalChannelId"], account["channelId"]);
        assert_eq!(thread["originalChannelAccountId"], account["id"]);
        let history = caller.history(id(&thread)).await;
        assert_eq!(history.len(), 1);
        assert_eq!(id(&history[0]), message.as_str());
        assert_eq!(history[0]["senders"][0]["deliveryIdentifier"]["value"], email);
        let contact = thread["associatedContactId"].as_str().unwrap().to_owned();
        let actor = format!("V-{contact}");
        assert_eq!(history[0]["createdBy"], actor);
        let actor = caller.get(GetActor, &[("actorId", &actor)], &[]).await.ok();
        assert_eq!(actor["email"].as_str().unwrap(), email.to_lowercase());
        contacts.push(contact);
    }
    assert_eq!(contacts[0], contacts[1]);
    assert_ne!(contacts[0], contacts[2]);
}

#[tokio::test]
async fn what_visitors_write_is_the_same_with_the_same_seed() {
    let written = || async {
        let caller = Caller::of(Simulator::builder().threads(3)).await;
        let thread = caller.threads().await.swap_remove(0);
        caller.simulator.receive(id(&thread), "Hello?").unwrap();
        let account = thread["originalChannelAccountId"].as_str().unwrap();
        let (new, _) = caller.simulator.begin_thread(account, "a@example.com", "Hi!").unwrap();
        (caller.history(id(&thread)).await, caller.history(new.as_str()).await)
    };
    assert_eq!(written().await, written().await);
}
