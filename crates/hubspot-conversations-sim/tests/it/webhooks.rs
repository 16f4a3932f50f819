//! Requests to webhooks: events, signatures, resending, and URLs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::caller::{Caller, http_client, id};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::{Simulator, Subscription, WebhookEvent, WebhookUrlError};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A webhook that responds with given statuses.
struct Receiver {
    origin: String,
    requests: UnboundedReceiver<ReceivedRequest>,
    statuses: Arc<Mutex<VecDeque<u16>>>,
}

/// A request that arrived at the webhook.
#[derive(Debug)]
struct ReceivedRequest {
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl ReceivedRequest {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn events(&self) -> Vec<Value> {
        self.json().as_array().unwrap().clone()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Receiver {
    /// Responds with these statuses in order, and then with 204.
    async fn answering(statuses: impl IntoIterator<Item = u16>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let statuses = Arc::new(Mutex::new(statuses.into_iter().collect::<VecDeque<u16>>()));
        let (sender, requests) = unbounded_channel();
        let next = Arc::clone(&statuses);
        let hook = move |uri: Uri, headers: HeaderMap, body: Bytes| async move {
            sender.send(ReceivedRequest { uri, headers, body }).unwrap();
            let status = next.lock().unwrap().pop_front().unwrap_or(204);
            let redirect = [("location", "/elsewhere")];
            (StatusCode::from_u16(status).unwrap(), redirect)
        };
        let router = Router::new().fallback(hook);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, requests, statuses }
    }

    async fn new() -> Self {
        Self::answering([]).await
    }

    fn url(&self) -> String {
        format!("{}/hook", self.origin)
    }

    fn subscription(&self) -> Subscription {
        Subscription::new(self.url())
    }

    /// The requests so far.
    fn all(&mut self) -> Vec<ReceivedRequest> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }

    /// The next request, as soon as it arrives.
    async fn next(&mut self) -> ReceivedRequest {
        self.requests.recv().await.unwrap()
    }

    /// The events of all requests, after all deliveries.
    async fn events(&mut self, simulator: &Simulator) -> Vec<Value> {
        simulator.delivered().await;
        self.all().iter().flat_map(ReceivedRequest::events).collect()
    }
}

/// The kind, the thread and the details of each event.
fn brief(events: &[Value]) -> Vec<(&str, u64, String)> {
    let brief = |event: &Value| {
        let text = |name: &str| event[name].as_str().unwrap_or_default();
        format!("{}{}={}", text("messageType"), text("propertyName"), text("propertyValue"))
    };
    events
        .iter()
        .map(|event| {
            let kind = event["subscriptionType"].as_str().unwrap();
            let kind = kind.strip_prefix("conversation.").unwrap();
            (kind, event["objectId"].as_u64().unwrap(), brief(event))
        })
        .collect()
}

/// Advances the clock, which runs before and after, because deliveries use real sockets.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

fn number(thread: &Value) -> u64 {
    id(thread).parse().unwrap()
}

fn reply(thread: &Value) -> Value {
    json!({
        "type": "MESSAGE",
        "text": "On its way.",
        "senderActorId": "A-2620018",
        "channelId": thread["originalChannelId"],
        "channelAccountId": thread["originalChannelAccountId"],
        "recipients": [{ "deliveryIdentifiers": [
            { "type": "HS_EMAIL_ADDRESS", "value": "someone@example.com" },
        ] }],
    })
}

fn comment() -> Value {
    json!({ "type": "COMMENT", "text": "Called." })
}

async fn set_status(caller: &Caller, thread: &str, status: &str) {
    let path = [("threadId", thread)];
    caller.write(UpdateThread, &path, &[], json!({ "status": status })).await.ok();
}

// Events.

#[tokio::test]
async fn a_new_message_is_told_in_the_shape_hubspot_has() {
    let (caller, mut receiver) = (Caller::new().await, Receiver::new().await);
    let simulator = &caller.simulator;
    simulator.subscribe(receiver.subscription()).unwrap();
    let thread = caller.threads().await.swap_remove(0);
    let message = simulator.receive(id(&thread), "Any news?").unwrap();
    simulator.delivered().await;

    let received = receiver.next().await;
    assert_eq!(received.header("content-type"), Some("application/json"));
    let mut event = received.events().pop().unwrap();
    for field in ["eventId", "subscriptionId", "portalId"] {
        assert!(event[field].take().is_u64(), "{field}");
    }
    let expected = json!({
        "eventId": null,
        "subscriptionId": null,
        "portalId": null,
        "appId": simulator.app_id(),
        "occurredAt": simulator.now().timestamp_millis(),
        "subscriptionType": "conversation.newMessage",
        "attemptNumber": 0,
        "objectId": number(&thread),
        "messageId": message.as_str(),
        "messageType": "MESSAGE",
        "changeFlag": "NEW_MESSAGE",
    });
    assert_eq!(event, expected);
}

#[tokio::test]
async fn everything_that_happens_to_a_thread_is_told_in_order() {
    let (caller, mut receiver) = (Caller::new().await, Receiver::new().await);
    let simulator = &caller.simulator;
    let open = |thread: &Value| thread["status"] == "OPEN" && thread["originalChannelId"] != "1007";
    let thread = caller.thread_where(open).await;
    let (name, thread_id) = (id(&thread), number(&thread));
    let path = [("threadId", name)];
    caller.get(UnassignThread, &path, &[]).await;
    simulator.subscribe(receiver.subscription()).unwrap();

    caller.write(SendMessage, &path, &[], reply(&thread)).await.ok();
    caller.write(SendMessage, &path, &[], comment()).await.ok();
    caller.get(UnassignThread, &path, &[]).await.ok();
    set_status(&caller, name, "CLOSED").await;
    simulator.receive(name, "Hello?").unwrap();
    caller.get(ArchiveThread, &path, &[]).await.ok();
    let restore = json!({ "archived": false });
    caller.write(UpdateThread, &path, &[("archived", "true")], restore).await.ok();
    let account = thread["originalChannelAccountId"].as_str().unwrap();
    let (new, _) = simulator.begin_thread(account, "new@example.com", "Hi!").unwrap();
    let new: u64 = new.as_str().parse().unwrap();

    let events = receiver.events(simulator).await;
    let expected = [
        ("newMessage", thread_id, "MESSAGE="),
        ("propertyChange", thread_id, "assignedTo=2620018"),
        ("newMessage", thread_id, "COMMENT="),
        ("propertyChange", thread_id, "assignedTo="),
        ("propertyChange", thread_id, "status=CLOSED"),
        ("propertyChange", thread_id, "status=OPEN"),
        ("newMessage", thread_id, "MESSAGE="),
        ("deletion", thread_id, "="),
        ("propertyChange", thread_id, "isArchived=false"),
        ("creation", new, "="),
        ("newMessage", new, "MESSAGE="),
    ];
    assert_eq!(brief(&events), expected.map(|(kind, id, what)| (kind, id, what.to_owned())));
    assert_eq!(events[3]["propertyValue"], "", "no assignee is an empty text");
    let times: Vec<i64> =
        events.iter().map(|event| event["occurredAt"].as_i64().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[tokio::test]
async fn a_message_of_a_custom_channel_begins_a_thread_and_opens_it_again() {
    let (caller, mut receiver) = (Caller::new().await, Receiver::new().await);
    let channel = Channel::new(&caller, None, "DELIVERY_IDENTIFIER").await;
    caller.simulator.subscribe(receiver.subscription()).unwrap();
    let thread = channel.publish(&caller, "one").await;
    set_status(&caller, &thread, "CLOSED").await;
    channel.publish(&caller, "two").await;

    let events = receiver.events(&caller.simulator).await;
    let thread = thread.parse().unwrap();
    let expected = [
        ("creation", thread, "="),
        ("newMessage", thread, "MESSAGE="),
        ("propertyChange", thread, "status=CLOSED"),
        ("propertyChange", thread, "status=OPEN"),
        ("newMessage", thread, "MESSAGE="),
    ];
    assert_eq!(brief(&events), expected.map(|(kind, id, what)| (kind, id, what.to_owned())));
}

#[tokio::test]
async fn a_thread_that_is_deleted_for_good_is_told_up_to_a_hundred_at_once() {
    let caller = Caller::of(Simulator::builder().threads(1000).messages(1)).await;
    let mut receiver = Receiver::new().await;
    let simulator = &caller.simulator;
    simulator.subscribe(receiver.subscription()).unwrap();
    let archived = simulator.counts().archived_threads;
    simulator.advance(Duration::from_secs(31 * 24 * 60 * 60));
    simulator.delivered().await;

    let received = receiver.all();
    let sizes: Vec<usize> = received.iter().map(|request| request.events().len()).collect();
    assert_eq!(sizes, [100, archived - 100]);
    let events: Vec<Value> = received.iter().flat_map(ReceivedRequest::events).collect();
    assert!(brief(&events).iter().all(|(kind, ..)| *kind == "privacyDeletion"));
}

#[tokio::test]
async fn what_changes_nothing_or_is_refused_is_not_told() {
    let (caller, mut receiver) = (Caller::new().await, Receiver::new().await);
    let thread = caller.thread_where(|thread| thread["status"] == "OPEN").await;
    let path = [("threadId", id(&thread))];
    caller.simulator.subscribe(receiver.subscription()).unwrap();
    set_status(&caller, id(&thread), "OPEN").await;
    assert_eq!(
        caller.write(SendMessage, &path, &[], json!({ "type": "COMMENT" })).await.status,
        400
    );
    caller.threads().await;
    assert_eq!(receiver.events(&caller.simulator).await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_webhook_is_told_of_what_it_asked_for() {
    let caller = Caller::new().await;
    let simulator = &caller.simulator;
    let (mut messages, mut changes) = (Receiver::new().await, Receiver::new().await);
    let subscription = messages.subscription().events([WebhookEvent::NewMessage]);
    simulator.subscribe(subscription).unwrap();
    let subscription = changes.subscription().events([WebhookEvent::PropertyChange]);
    simulator.subscribe(subscription).unwrap();
    let thread = caller.thread_where(|thread| thread["status"] == "OPEN").await;
    set_status(&caller, id(&thread), "CLOSED").await;
    simulator.receive(id(&thread), "Hello?").unwrap();

    let (received, changed) = (messages.events(simulator).await, changes.events(simulator).await);
    assert_eq!(brief(&received), [("newMessage", number(&thread), "MESSAGE=".to_owned())]);
    assert_eq!(changed.len(), 2);
    assert!(changed.iter().all(|event| event["subscriptionType"] == "conversation.propertyChange"));
    assert_ne!(received[0]["subscriptionId"], changed[0]["subscriptionId"]);
    assert_eq!(received[0]["eventId"], changed[1]["eventId"], "the id is that of the change");
}

// Signatures.

#[tokio::test]
async fn requests_are_signed_in_both_versions_with_the_secret_of_the_subscription() {
    let caller = Caller::new().await;
    let simulator = &caller.simulator;
    let thread = caller.threads().await.swap_remove(0);
    for secret in [None, Some("another secret")] {
        let mut receiver = Receiver::new().await;
        // In the signed URL, `%40` is decoded and `%20` is not.
        let subscription = Subscription::new(format!("{}/a%20b?to=x%40y", receiver.origin));
        let subscription = match secret {
            Some(secret) => subscription.client_secret(secret),
            None => subscription,
        };
        simulator.subscribe(subscription).unwrap();
        simulator.receive(id(&thread), "Größe 42?").unwrap();

        let received = receiver.next().await;
        assert_eq!(received.uri, "/a%20b?to=x%40y");
        let secret = secret.unwrap_or(simulator.client_secret());
        let digest = Sha256::digest([secret.as_bytes(), &received.body].concat());
        let v1: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(received.header("x-hubspot-signature"), Some(v1.as_str()));
        assert_eq!(received.header("x-hubspot-signature-version"), Some("v1"));

        let timestamp = received.header("x-hubspot-request-timestamp").unwrap();
        let sent = UNIX_EPOCH + Duration::from_millis(timestamp.parse().unwrap());
        let age = SystemTime::now().duration_since(sent).unwrap();
        assert!(age < Duration::from_secs(60), "{age:?}");
        let mut v3 = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        v3.update(format!("POST{}/a%20b?to=x@y", receiver.origin).as_bytes());
        v3.update(&received.body);
        v3.update(timestamp.as_bytes());
        let v3 = base64::prelude::BASE64_STANDARD.encode(v3.finalize().into_bytes());
        assert_eq!(received.header("x-hubspot-signature-v3"), Some(v3.as_str()));
    }
}

// Resending.

fn retrying(times: u32) -> hubspot_conversations_sim::SimulatorBuilder {
    Simulator::builder().webhook_retries(times, Duration::ZERO)
}

#[tokio::test]
async fn what_fails_is_delivered_again_and_says_how_often() {
    let caller = Caller::of(retrying(4)).await;
    let mut receiver = Receiver::answering([500, 404, 429]).await;
    let simulator = &caller.simulator;
    simulator.subscribe(receiver.subscription()).unwrap();
    let thread = caller.threads().await.swap_remove(0);
    simulator.receive(id(&thread), "Hello?").unwrap();

    let events = receiver.events(simulator).await;
    let mut messages = Vec::new();
    for (number, event) in events.iter().filter(|event| !event["messageId"].is_null()).enumerate() {
        assert_eq!(event["attemptNumber"], number);
        messages.push(event["messageId"].as_str().unwrap());
    }
    assert_eq!(messages.len(), 4, "the fourth was taken");
    assert!(messages.iter().all(|message| *message == messages[0]));

    let deliveries = simulator.deliveries();
    let outcomes: Vec<_> =
        deliveries.iter().map(|delivery| (delivery.attempt, delivery.status)).collect();
    assert_eq!(outcomes, [(0, Some(500)), (1, Some(404)), (2, Some(429)), (3, Some(204))]);
    let names = |events: &[Value]| -> Vec<String> {
        events.iter().map(|event| event["subscriptionType"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(deliveries[0].events, names(&events[..events.len() / 4]));
    assert_eq!(deliveries[0].url, receiver.url());
}

#[tokio::test]
async fn what_fails_too_often_is_given_up() {
    let caller = Caller::of(retrying(2)).await;
    let mut receiver = Receiver::answering([503; 10]).await;
    let simulator = &caller.simulator;
    simulator.subscribe(receiver.subscription()).unwrap();
    let thread = caller.threads().await.swap_remove(0);
    simulator.receive(id(&thread), "Hello?").unwrap();
    simulator.delivered().await;
    assert_eq!(receiver.all().len(), 3, "one and two more");
    assert_eq!(receiver.statuses.lock().unwrap().len(), 7);
}

#[tokio::test]
async fn nobody_who_listens_is_a_failure_and_a_redirect_is_not() {
    let caller = Caller::of(retrying(1)).await;
    let simulator = &caller.simulator;
    let thread = caller.threads().await.swap_remove(0);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    simulator.subscribe(Subscription::new(format!("http://{closed}/hook"))).unwrap();
    simulator.receive(id(&thread), "Hello?").unwrap();
    simulator.delivered().await;
    let statuses: Vec<_> =
        simulator.deliveries().into_iter().map(|delivery| delivery.status).collect();
    assert_eq!(statuses, [None, None]);

    let caller = Caller::of(retrying(1)).await;
    let mut receiver = Receiver::answering([307]).await;
    caller.simulator.subscribe(receiver.subscription()).unwrap();
    caller.simulator.receive(id(&thread), "Hello?").unwrap();
    caller.simulator.delivered().await;
    let received = receiver.all();
    assert_eq!(received.len(), 1, "the redirect is not followed");
    assert_eq!(caller.simulator.deliveries()[0].status, Some(307));
}

#[tokio::test]
async fn nothing_waits_for_what_is_to_be_delivered_again() {
    let hour = Duration::from_secs(3600);
    let caller = Caller::of(Simulator::builder().webhook_retries(3, hour)).await;
    let mut receiver = Receiver::answering([500]).await;
    let simulator = &caller.simulator;
    let subscription = receiver.subscription().events([WebhookEvent::NewMessage]);
    simulator.subscribe(subscription).unwrap();
    let thread = caller.threads().await.swap_remove(0);
    let first = simulator.receive(id(&thread), "one").unwrap();
    let second = simulator.receive(id(&thread), "two").unwrap();
    assert_eq!(receiver.next().await.events()[0]["messageId"], first.as_str());
    assert_eq!(receiver.next().await.events()[0]["messageId"], second.as_str());

    pass(hour).await;
    let again = receiver.next().await.events();
    assert_eq!(again[0]["messageId"], first.as_str());
    assert_eq!(again[0]["attemptNumber"], 1);
}

#[tokio::test]
async fn everything_can_be_delivered_twice() {
    let (caller, mut receiver) = (Caller::new().await, Receiver::new().await);
    let simulator = &caller.simulator;
    simulator.subscribe(receiver.subscription().twice(true)).unwrap();
    let thread = caller.threads().await.swap_remove(0);
    simulator.receive(id(&thread), "one").unwrap();
    simulator.receive(id(&thread), "two").unwrap();
    simulator.delivered().await;
    let received: Vec<Bytes> = receiver.all().into_iter().map(|request| request.body).collect();
    assert_eq!(received.len(), 4);
    assert_eq!((&received[0], &received[2]), (&received[1], &received[3]), "the same, to the byte");
    assert_ne!(received[0], received[2]);
}

#[tokio::test]
async fn after_the_simulator_is_gone_nothing_is_delivered() {
    let hour = Duration::from_secs(3600);
    let caller = Caller::of(Simulator::builder().webhook_retries(3, hour)).await;
    let mut receiver = Receiver::answering([500]).await;
    let thread = caller.threads().await.swap_remove(0);
    caller.simulator.subscribe(receiver.subscription()).unwrap();
    caller.simulator.receive(id(&thread), "Hello?").unwrap();
    receiver.next().await;
    while caller.simulator.deliveries().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(caller);
    pass(hour).await;
    let last = http_client().post(receiver.url()).body("last").send();
    assert_eq!(last.await.unwrap().status(), 204);
    assert_eq!(receiver.next().await.body, "last");
}

// URLs.

#[tokio::test]
async fn only_this_machine_is_spoken_to() {
    let simulator = Simulator::start().await.unwrap();
    for url in [
        "http://127.0.0.1:3000/hook",
        "http://127.9.9.9/",
        "http://[::1]:3000",
        "http://localhost:3000/hook?a=b",
    ] {
        assert_eq!(simulator.subscribe(Subscription::new(url)), Ok(()), "{url}");
    }
    for url in [
        "http://example.com/hook",
        "http://localhost.example.com/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "https://127.0.0.1/hook",
        "ftp://127.0.0.1/hook",
        "http://127.0.0.1@example.com/",
        "http://user:secret@127.0.0.1/",
        "unix:/run/hook",
        "/hook",
        "",
    ] {
        let refused: Result<(), WebhookUrlError> = simulator.subscribe(Subscription::new(url));
        let error = refused.expect_err(url).to_string();
        assert!(error.contains("this machine only") && !error.contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn localhost_is_this_machine() {
    let (caller, mut receiver) = (Caller::new().await, Receiver::new().await);
    let url = receiver.url().replace("127.0.0.1", "localhost");
    caller.simulator.subscribe(Subscription::new(url)).unwrap();
    let thread = caller.threads().await.swap_remove(0);
    caller.simulator.receive(id(&thread), "Hello?").unwrap();
    assert!(receiver.next().await.header("host").unwrap().starts_with("localhost:"));
}

// Custom channels.

struct Channel {
    id: String,
    account: String,
}

impl Channel {
    async fn new(caller: &Caller, webhook: Option<&str>, model: &str) -> Self {
        let new = json!({
            "name": "Parcel chat",
            "capabilities": { "threadingModel": model },
            "webhookUrl": webhook,
        });
        let channel = caller.write(CreateCustomChannel, &[], &[], new).await.ok();
        let id = id(&channel).to_owned();
        let new = json!({
            "name": "Parcel desk", "inboxId": "98310201", "authorized": true,
            "deliveryIdentifier": { "type": "CHANNEL_SPECIFIC_OPAQUE_ID", "value": "desk-1" },
        });
        let path = [("channelId", id.as_str())];
        let account = caller.write(CreateCustomChannelAccount, &path, &[], new).await.ok();
        let account = crate::caller::id(&account).to_owned();
        Self { id, account }
    }

    fn path(&self) -> [(&str, &str); 1] {
        [("channelId", &self.id)]
    }

    /// A visitor writes. Returns the thread's id.
    async fn publish(&self, caller: &Caller, text: &str) -> String {
        let message = json!({
            "channelAccountId": self.account,
            "messageDirection": "INCOMING",
            "text": text,
            "integrationThreadId": "parcel-7",
            "senders": [{
                "deliveryIdentifier": { "type": "CHANNEL_SPECIFIC_OPAQUE_ID", "value": "u-1" },
            }],
        });
        let message =
            caller.write(PublishCustomChannelMessage, &self.path(), &[], message).await.ok();
        message["conversationsThreadId"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn an_agents_message_is_told_to_the_custom_channel() {
    for (model, thread_ids) in
        [("INTEGRATION_THREAD_ID", json!(["parcel-7"])), ("DELIVERY_IDENTIFIER", json!([]))]
    {
        let (caller, mut receiver) = (Caller::new().await, Receiver::new().await);
        let simulator = &caller.simulator;
        let channel = Channel::new(&caller, Some(&receiver.url()), model).await;
        let thread = channel.publish(&caller, "Where is it?").await;
        let path = [("threadId", thread.as_str())];
        caller.write(SendMessage, &path, &[], comment()).await.ok();
        simulator.delivered().await;
        let received: Vec<Value> = receiver.all().iter().map(ReceivedRequest::json).collect();
        assert_eq!(received.len(), 1, "neither an incoming message nor a comment: {received:?}");

        let reply = reply(&caller.thread(&thread).await);
        let message = caller.write(SendMessage, &path, &[], reply).await.ok();
        simulator.delivered().await;
        let received = receiver.next().await;
        let mut json = received.json();
        assert!(json["portalId"].take().is_string());
        assert!(json["eventId"].take().is_string());
        let expected = json!({
            "type": "OUTGOING_CHANNEL_MESSAGE_CREATED",
            "portalId": null,
            "channelId": channel.id,
            "eventTimestamp": message["createdAt"],
            "eventId": null,
            "channelIntegrationThreadIds": thread_ids,
            "message": message,
        });
        assert_eq!(json, expected);
        assert_eq!(received.header("x-hubspot-signature"), None, "version 3 alone");
        assert!(received.header("x-hubspot-signature-v3").is_some());
        let deliveries = simulator.deliveries();
        assert_eq!(deliveries[1].events, ["OUTGOING_CHANNEL_MESSAGE_CREATED"]);
    }
}

#[tokio::test]
async fn what_becomes_of_an_account_is_told_to_the_custom_channel() {
    let (caller, mut receiver) = (Caller::new().await, Receiver::new().await);
    let simulator = &caller.simulator;
    let channel = Channel::new(&caller, Some(&receiver.url()), "DELIVERY_IDENTIFIER").await;
    let account = [channel.path()[0], ("channelAccountId", channel.account.as_str())];
    let update = json!({ "authorized": false });
    caller.write(UpdateCustomChannelAccount, &account, &[], update).await.ok();
    let token = simulator.staging_token(&channel.id, "98310201").unwrap();
    let token = [channel.path()[0], ("accountToken", token.as_str())];
    let identifier = json!({ "type": "HS_EMAIL_ADDRESS", "value": "desk@example.com" });
    for update in [
        json!({ "accountName": "Second desk" }),
        json!({ "deliveryIdentifier": identifier }),
        json!({ "accountName": "Third desk" }),
    ] {
        caller.write(UpdateStagingToken, &token, &[], update).await.ok();
    }
    let request = caller.request(ArchiveCustomChannel, &channel.path());
    caller.send(request).await.ok();
    simulator.delivered().await;

    let received: Vec<Value> = receiver.all().iter().map(ReceivedRequest::json).collect();
    let kinds: Vec<(&str, bool)> = received
        .iter()
        .map(|received| {
            let kind = received["type"].as_str().unwrap().strip_prefix("CHANNEL_ACCOUNT_").unwrap();
            (kind, received["channelAccountId"] == channel.account.as_str())
        })
        .collect();
    let expected = [
        ("CREATED", true),
        ("UPDATED", true),
        ("CREATED", false),
        ("UPDATED", false),
        ("PURGED", true),
        ("PURGED", false),
    ];
    assert_eq!(kinds, expected);
    for received in &received {
        assert_eq!(received["channelId"], channel.id.as_str());
        assert!(received["portalId"].is_string() && received["eventTimestamp"].is_string());
    }
    assert_eq!(received[0]["channelAccountDeliveryIdentifier"]["value"], "desk-1");
    assert_eq!(received[2]["channelAccountDeliveryIdentifier"], identifier);
}

#[tokio::test]
async fn a_custom_channel_elsewhere_is_not_told() {
    let caller = Caller::new().await;
    Channel::new(&caller, Some("https://parcels.example.com/hook"), "DELIVERY_IDENTIFIER").await;
    caller.simulator.delivered().await;
    assert_eq!(caller.simulator.deliveries(), []);
}
