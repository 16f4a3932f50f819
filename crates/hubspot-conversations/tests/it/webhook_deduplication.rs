//! One event is one event, however often it is delivered.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hubspot_conversations::webhook::{Deduplicator, EventKey, events};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn key(event: &Value) -> EventKey {
    events(event.to_string().as_bytes()).unwrap()[0].key()
}

fn with(event: &Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    let mut event = event.clone();
    for (name, value) in changes {
        event[name] = value;
    }
    event
}

fn event(kind: &str) -> Value {
    json!({
        "eventId": 3269195544_u64,
        "subscriptionId": 2371671,
        "portalId": 23428445,
        "appId": 2438486,
        "occurredAt": 1702439388898_u64,
        "subscriptionType": kind,
        "attemptNumber": 0,
        "objectId": 6065362089_u64,
    })
}

/// One event of each kind.
fn all() -> Vec<Value> {
    let account = json!({ "channelAccountId": "148670", "eventTimestamp": 1702439388898_u64 });
    vec![
        event("conversation.creation"),
        event("conversation.deletion"),
        event("conversation.privacyDeletion"),
        with(
            &event("conversation.propertyChange"),
            json!({ "propertyName": "assignedTo", "propertyValue": "2620022" }),
        ),
        with(
            &event("conversation.newMessage"),
            json!({ "messageId": "9b38dc6d5b5744a788931a9cf3a7b225", "messageType": "MESSAGE" }),
        ),
        with(&account, json!({ "type": "CHANNEL_ACCOUNT_CREATED" })),
        with(&account, json!({ "type": "CHANNEL_ACCOUNT_UPDATED" })),
        with(&account, json!({ "type": "CHANNEL_ACCOUNT_PURGED" })),
        json!({
            "type": "OUTGOING_CHANNEL_MESSAGE_CREATED",
            "portalId": "23428445",
            "message": { "type": "MESSAGE", "id": "7a3474b08dd408ca57a8454e355e9427" },
        }),
        event("conversation.ofTomorrow"),
        with(&event("conversation.newMessage"), json!({ "messageId": false })),
    ]
}

/// Computed apart from this crate. Programs have such keys in their databases: they never change.
#[test]
fn a_key_is_the_same_in_every_version() {
    let keys: Vec<String> = all().iter().map(|event| key(event).to_string()).collect();
    assert_eq!(
        keys,
        [
            "3ab8da0d1ea781de29970ea923e0654dba467df78627abec048832dbd33dd49f",
            "5f53397d86b4f4364d8c6eb68e1b0d50dfaec17f79bf65c86e36a08df544454f",
            "cc2caa2bcc97b20d53ac938d3fe4571865543e15c6f00d3a09884985d1f248e5",
            "4d8755a41ae93321bf670acd6041a4321d41d558f84d059d1f72f9f92654eb94",
            "ade7019b0337ac2dcf6dee757bda7d0edb100491f096d3dc31201e5218401fe3",
            "edd0b5a72f8ccaa24eb02dc26a08d9393fbc44d58db4e7422d16c73446a38c89",
            "427c856db938dfb51ca762f695cddbedb0913c2f8d8e556b86a08cb149f14fb7",
            "4b15adcc249173787d8b4953d42ba363c2948e8d38c6dea35742540be34f74fe",
            "7b5adabb1eb9900629530032be28cd06067f148450766361cb8217e53f8b3ee1",
            "f5b98b4d018ff25fbb1fc1663cb4ccfc3a46bb15afbf5790057e222d5247e983",
            "652dd1597ce8e280142ddecdfa2a1726c99ffe3688c225ea26a27f6647c12849",
        ]
    );
    assert_eq!(hex::encode(key(&all()[0]).as_bytes()), keys[0]);
}

/// Computed apart from this crate, too. That more can be read of such an event changes no key.
#[test]
fn an_event_with_a_flaw_is_told_by_all_it_has_in_every_version() {
    let new = &all()[4];
    let changed = &all()[3];
    let account = &all()[5];
    let sent = &all()[8];
    let of_tomorrow = json!({ "type": "OF_TOMORROW", "id": "7a3474b08dd408ca57a8454e355e9427" });
    for event in [
        with(new, json!({ "messageType": 5 })),
        with(new, json!({ "messageType": {} })),
        with(changed, json!({ "propertyName": null })),
        with(changed, json!({ "propertyName": 5 })),
        with(account, json!({ "channelId": {} })),
        with(account, json!({ "channelAccountDeliveryIdentifier": 5 })),
        with(sent, json!({ "channelId": [] })),
        with(sent, json!({ "channelIntegrationThreadIds": [null] })),
        with(sent, json!({ "channelIntegrationThreadIds": [5] })),
        with(sent, json!({ "channelIntegrationThreadIds": "fax-1" })),
        with(sent, json!({ "message": of_tomorrow })),
        with(sent, json!({ "message": { "type": 5, "id": "1" } })),
    ] {
        let fields = event.as_object().unwrap().iter();
        let fields: BTreeMap<_, _> = fields.filter(|(name, _)| *name != "attemptNumber").collect();
        let digest = Sha256::digest(serde_json::to_string(&fields).unwrap());
        assert_eq!(key(&event).to_string(), hex::encode(digest), "{event}");
    }
    for event in [
        with(new, json!({ "messageType": null })),
        with(new, json!({ "messageType": "OF_TOMORROW" })),
        with(new, json!({ "ofTomorrow": [] })),
    ] {
        assert_eq!(key(&event), key(new), "{event}");
    }
    assert_eq!(key(&with(sent, json!({ "channelIntegrationThreadIds": null }))), key(sent));
    let flawed = json!({ "type": "MESSAGE", "id": "7a3474b08dd408ca57a8454e355e9427", "text": 5 });
    assert_eq!(key(&with(sent, json!({ "message": flawed }))), key(sent));
}

#[test]
fn different_events_have_different_keys() {
    let events = all();
    let keys: HashSet<EventKey> = events.iter().map(key).collect();
    assert_eq!(keys.len(), events.len());
}

#[test]
fn another_delivery_has_the_same_key() {
    for event in all() {
        let again = with(&event, json!({ "attemptNumber": 3 }));
        assert_eq!(key(&event), key(&again), "{event}");
    }
}

#[test]
fn another_subscription_has_the_same_key() {
    for event in all().into_iter().take(9) {
        let other = with(&event, json!({ "eventId": 7, "subscriptionId": 8, "changeFlag": "X" }));
        assert_eq!(key(&event), key(&other), "{event}");
    }
}

#[test]
fn ids_and_times_written_otherwise_are_the_same() {
    let new = &all()[4];
    let written = with(new, json!({ "portalId": "23428445", "objectId": "6065362089" }));
    assert_eq!(key(new), key(&written));
    let mut renamed = new.clone();
    renamed["eventType"] = renamed.as_object_mut().unwrap().remove("subscriptionType").unwrap();
    assert_eq!(key(new), key(&renamed));
}

#[test]
fn what_makes_it_another_event_makes_another_key() {
    for event in all().iter().take(8) {
        let elsewhere = with(event, json!({ "portalId": 1 }));
        assert_ne!(key(event), key(&elsewhere), "{event}");
    }
    for index in [0, 1, 2, 3] {
        let event = &all()[index];
        assert_ne!(key(event), key(&with(event, json!({ "objectId": 1 }))), "{event}");
    }
    for index in [1, 3] {
        let event = &all()[index];
        let later = with(event, json!({ "occurredAt": 1702439388899_u64 }));
        assert_ne!(key(event), key(&later), "it can happen again: {event}");
    }
    let changed = &all()[3];
    for other in [
        json!({ "propertyValue": "" }),
        json!({ "propertyValue": null }),
        json!({ "propertyName": "status" }),
    ] {
        assert_ne!(key(changed), key(&with(changed, other)));
    }
    assert_ne!(key(&all()[4]), key(&with(&all()[4], json!({ "messageId": "1" }))));
    for index in [5, 6, 7] {
        let event = &all()[index];
        assert_ne!(key(event), key(&with(event, json!({ "channelAccountId": "1" }))), "{event}");
    }
    let updated = &all()[6];
    assert_ne!(key(updated), key(&with(updated, json!({ "eventTimestamp": 1 }))));
}

#[test]
fn an_event_that_lacks_what_tells_it_from_others_is_told_by_all_it_has() {
    for index in [1, 3, 6] {
        let mut event = all()[index].clone();
        let fields = event.as_object_mut().unwrap();
        fields.remove("occurredAt");
        fields.remove("eventTimestamp");
        let again = with(&event, json!({ "attemptNumber": 1 }));
        assert_eq!(key(&event), key(&again), "{event}");
        let other = with(&event, json!({ "eventId": 1 }));
        assert_ne!(key(&event), key(&other), "{event}");
    }
    let unknown = r#"{"b":{"y":1,"x":2},"attemptNumber":0,"a":1}"#;
    let reordered = r#"{"a":1,"attemptNumber":1,"b":{"y":1,"x":2}}"#;
    let key = |json: &str| events(json.as_bytes()).unwrap()[0].key();
    assert_eq!(key(unknown), key(reordered));
    assert_ne!(key("[1]"), key("[2]"));
}

fn keys(count: u64) -> Vec<EventKey> {
    (0..count)
        .map(|id| key(&json!({ "subscriptionType": "conversation.creation", "objectId": id })))
        .collect()
}

#[test]
fn an_event_is_new_once() {
    let seen = Deduplicator::new(10);
    let keys = keys(2);
    assert!(seen.is_empty());
    assert!(seen.is_new(&keys[0]));
    assert!(!seen.is_new(&keys[0]));
    assert!(seen.is_new(&keys[1]));
    assert!(!seen.is_new(&keys[0]));
    assert_eq!(seen.len(), 2);
}

#[test]
fn the_oldest_is_forgotten_first_and_memory_is_bounded() {
    let seen = Deduplicator::new(3);
    let keys = keys(100);
    for key in &keys {
        assert!(seen.is_new(key));
        assert!(seen.len() <= 3);
    }
    for key in &keys[97..] {
        assert!(!seen.is_new(key));
    }
    assert!(seen.is_new(&keys[96]), "it was forgotten");
    assert!(seen.is_new(&keys[97]), "which cost the oldest");
    assert!(!seen.is_new(&keys[99]));
    let none = Deduplicator::new(0);
    assert!(none.is_new(&keys[0]) && none.is_new(&keys[0]) && none.is_empty());
}

#[test]
fn a_forgotten_event_is_new_again_and_costs_no_memory() {
    let seen = Deduplicator::new(3);
    let keys = keys(4);
    for key in &keys[..3] {
        assert!(seen.is_new(key));
    }
    for _ in 0..1000 {
        seen.forget(&keys[1]);
        assert!(seen.is_new(&keys[1]));
    }
    assert_eq!(seen.len(), 3);
    assert!(!seen.is_new(&keys[0]) && !seen.is_new(&keys[2]), "the others stay");
    seen.forget(&keys[3]);
    assert_eq!(seen.len(), 3, "what was not seen cannot be forgotten");
    assert!(seen.is_new(&keys[3]));
    assert!(seen.is_new(&keys[0]), "which was the oldest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_one_is_first() {
    let seen = Arc::new(Deduplicator::new(1000));
    let firsts = Arc::new(AtomicUsize::new(0));
    let keys = keys(50);
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (seen, firsts, keys) = (Arc::clone(&seen), Arc::clone(&firsts), keys.clone());
            tokio::spawn(async move {
                for key in &keys {
                    if seen.is_new(key) {
                        firsts.fetch_add(1, Ordering::SeqCst);
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(firsts.load(Ordering::SeqCst), 50);
}
