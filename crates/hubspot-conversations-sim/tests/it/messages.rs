//! Messages: sending, comments, and the full content of truncated messages.

use crate::caller::{Caller, Reply, id};
use chrono::{DateTime, Utc};
use hubspot_conversations_api::OperationId::*;
use serde_json::{Value, json};

fn to(address: &str) -> Value {
    json!({ "deliveryIdentifiers": [{ "type": "HS_EMAIL_ADDRESS", "value": address }] })
}

/// A valid message. Like the example of HubSpot's guide, it has no attachments.
fn message() -> Value {
    json!({
        "type": "MESSAGE",
        "text": "On its way.",
        "richText": "<p>On its way.</p>",
        "subject": "Your order",
        "senderActorId": "A-2620018",
        "channelId": "1002",
        "channelAccountId": "99120",
        "recipients": [to("someone@example.com")],
    })
}

fn message_with(field: &str, value: Value) -> Value {
    let mut message = message();
    message[field] = value;
    message
}

async fn send(caller: &Caller, thread: &Value, body: Value) -> Reply {
    caller.write(SendMessage, &[("threadId", id(thread))], &[], body).await
}

async fn unassigned(caller: &Caller) -> Value {
    caller.thread_where(|thread| thread.get("assignedTo").is_none()).await
}

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_sent_message_stands_in_the_history_as_it_was_answered() {
    let caller = Caller::new().await;
    let thread = unassigned(&caller).await;
    let before = caller.history(id(&thread)).await;
    let reply = send(&caller, &thread, message()).await;
    assert_eq!(reply.status, 201);
    let sent = reply.ok();

    let path = [("threadId", id(&thread)), ("messageId", id(&sent))];
    assert_eq!(caller.get(GetMessage, &path, &[]).await.ok(), sent);
    assert_eq!(caller.history(id(&thread)).await[before.len()], sent);
    assert_eq!(sent["conversationsThreadId"], thread["id"]);
    assert_eq!(sent["direction"], "OUTGOING");
    assert_eq!(sent["status"]["statusType"], "SENT");
    assert_eq!(sent["client"]["clientType"], "INTEGRATION");
    assert_eq!(sent["senders"][0]["actorId"], "A-2620018");
    assert_eq!(sent["senders"][0]["deliveryIdentifier"]["value"], "support@example.com");
    assert_eq!(sent["recipients"][0]["deliveryIdentifier"]["value"], "someone@example.com");
    assert_eq!(sent["subject"], "Your order");
    assert_eq!(sent["attachments"], json!([]));

    let thread = caller.thread(id(&thread)).await;
    assert_eq!(thread["latestMessageTimestamp"], sent["createdAt"]);
    assert_eq!(thread["latestMessageSentTimestamp"], sent["createdAt"]);
    assert_ne!(thread["latestMessageReceivedTimestamp"], sent["createdAt"]);
}

#[tokio::test]
async fn who_replies_is_made_responsible_milliseconds_later() {
    let caller = Caller::new().await;
    let thread = unassigned(&caller).await;
    let sent = send(&caller, &thread, message()).await.ok();
    assert_eq!(caller.thread(id(&thread)).await["assignedTo"], "A-2620018");
    let history = caller.history(id(&thread)).await;
    let event = history.last().unwrap();
    assert_eq!(event["type"], "ASSIGNMENT");
    assert_eq!(event["assignedTo"], "A-2620018");
    let later = instant(&event["createdAt"]) - instant(&sent["createdAt"]);
    assert!((1..100).contains(&later.num_milliseconds()), "{later}");

    send(&caller, &thread, message()).await.ok();
    assert_eq!(caller.history(id(&thread)).await.len(), history.len() + 1, "assigned once");
}

#[tokio::test]
async fn a_comment_has_no_recipients_and_no_direction() {
    let caller = Caller::new().await;
    let thread = unassigned(&caller).await;
    let reply = send(&caller, &thread, json!({ "type": "COMMENT", "text": "Called." })).await;
    assert_eq!(reply.status, 201);
    let comment = reply.ok();
    assert_eq!(comment["recipients"], json!([]));
    assert!(comment.get("direction").is_none());
    assert_eq!(caller.history(id(&thread)).await.pop().unwrap(), comment);
    let now = caller.thread(id(&thread)).await;
    assert!(now.get("assignedTo").is_none(), "a comment assigns no one");
    assert_eq!(now["latestMessageTimestamp"], comment["createdAt"]);
    assert_eq!(now["latestMessageSentTimestamp"], thread["latestMessageSentTimestamp"]);
}

#[tokio::test]
async fn an_address_is_read_in_either_form() {
    let caller = Caller::new().await;
    let thread = unassigned(&caller).await;
    let address = |value: &str| json!({ "type": "HS_EMAIL_ADDRESS", "value": value });
    let recipients = json!([
        { "deliveryIdentifier": address("a@example.com"), "recipientField": "CC" },
        { "deliveryIdentifiers": [address("b@example.com"), address("c@example.com")] },
    ]);
    let sent = send(&caller, &thread, message_with("recipients", recipients)).await.ok();
    let read = |to: &Value| {
        let address = to["deliveryIdentifier"]["value"].as_str().unwrap();
        format!("{} {address}", to["recipientField"].as_str().unwrap())
    };
    let read: Vec<String> = sent["recipients"].as_array().unwrap().iter().map(read).collect();
    assert_eq!(read, ["CC a@example.com", "TO b@example.com", "TO c@example.com"]);
}

#[tokio::test]
async fn a_message_that_cannot_be_sent_is_refused_and_leaves_no_trace() {
    let caller = Caller::new().await;
    let thread = unassigned(&caller).await;
    let counts = caller.simulator.counts();
    let now = caller.simulator.now();
    let nobody = json!([{ "actorId": "V-860", "deliveryIdentifiers": [] }]);
    let replies = json!([{ "type": "QUICK_REPLIES", "quickReplies": [] }]);
    let mut says_nothing = message_with("text", json!(" "));
    says_nothing["richText"] = json!("");
    for (body, problem) in [
        (says_nothing, "text: expected some text"),
        (
            message_with("senderActorId", json!("A-1")),
            "senderActorId: expected the actor id of an agent",
        ),
        (
            message_with("senderActorId", json!("S-hubspot")),
            "senderActorId: expected the actor id of an agent",
        ),
        (message_with("recipients", json!([])), "recipients: expected at least one recipient"),
        (
            message_with("recipients", nobody),
            "deliveryIdentifiers: expected at least one delivery identifier",
        ),
        (message_with("channelAccountId", json!("5")), "channelAccountId: no such channel account"),
        (
            message_with("channelAccountId", json!("98461")),
            "channelAccountId: no such channel account",
        ),
        (
            message_with("channelId", json!("1000")),
            "channelId: not the channel of the channel account",
        ),
        (
            message_with("attachments", replies),
            "attachments: quick replies are for live chat and Messenger",
        ),
        (
            message_with("attachments", json!([{ "type": "HOLOGRAM" }])),
            "attachments[0].type: expected FILE, QUICK_REPLIES or SOCIAL_MEDIA_METADATA",
        ),
        (message_with("type", json!("WELCOME_MESSAGE")), "type: expected MESSAGE or COMMENT"),
        (json!({ "text": "no type" }), "type: expected MESSAGE or COMMENT"),
        (json!({ "type": "COMMENT" }), "text: is required"),
        (json!({ "type": "COMMENT", "text": "" }), "text: expected some text"),
    ] {
        assert_eq!(send(&caller, &thread, body).await.problem(), problem);
    }
    assert_eq!(caller.simulator.counts(), counts);
    assert_eq!(caller.simulator.now(), now);
}

#[tokio::test]
async fn an_email_needs_a_text_a_rich_text_or_an_attachment() {
    let caller = Caller::new().await;
    let thread = unassigned(&caller).await;
    let file = json!([{ "type": "FILE", "fileId": "180000000001" }]);
    for (rich_text, attachments, is_sent) in [
        (json!("<p>On its way.</p>"), json!([]), true),
        (json!(null), file.clone(), true),
        (json!("<p>On its way.</p>"), file.clone(), true),
        (json!(null), json!([]), false),
        (json!(" "), json!([]), false),
    ] {
        let mut body = message_with("text", json!(""));
        body["richText"] = rich_text;
        body["attachments"] = attachments;
        let reply = send(&caller, &thread, body.clone()).await;
        if is_sent {
            let sent = reply.ok();
            assert_eq!(sent["text"], "");
            assert_eq!(sent["richText"], body["richText"]);
            assert_eq!(
                caller.history(id(&thread)).await.iter().filter(|e| id(e) == id(&sent)).count(),
                1
            );
        } else {
            assert_eq!(reply.problem(), "text: expected some text", "{body}");
        }
    }

    let chat = caller.thread_where(|thread| thread["originalChannelId"] == "1000").await;
    let mut body = message_with("text", json!(""));
    body["channelId"] = chat["originalChannelId"].clone();
    body["channelAccountId"] = chat["originalChannelAccountId"].clone();
    body["attachments"] = file;
    let problem = send(&caller, &chat, body).await.problem();
    assert_eq!(problem, "text: expected some text", "on other channels it is not known");
}

#[tokio::test]
async fn an_email_actor_does_not_receive() {
    let caller = Caller::new().await;
    let thread = unassigned(&caller).await;
    let mut recipient = to("someone@example.com");
    recipient["actorId"] = json!("E-someone@example.com");
    let body = message_with("recipients", json!([recipient, recipient]));
    let reply = send(&caller, &thread, body).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json["message"], "Multiple errors validating request.");
    let problem = json!({ "message": "Actor type EMAIL is not supported for receiving" });
    assert_eq!(reply.json["errors"], json!([problem, problem]));
}

#[tokio::test]
async fn whatsapp_can_be_read_and_not_sent() {
    let caller = Caller::new().await;
    let thread = caller.thread_where(|thread| thread["originalChannelId"] == "1007").await;
    let mut body = message_with("channelId", json!("1007"));
    body["channelAccountId"] = thread["originalChannelAccountId"].clone();
    let problem = send(&caller, &thread, body).await.problem();
    assert_eq!(problem, "channelId: cannot send through WhatsApp");
}

#[tokio::test]
async fn an_account_of_another_inbox_can_be_sent_through() {
    let caller = Caller::new().await;
    let thread = caller.thread_where(|thread| thread["inboxId"] != "98310201").await;
    send(&caller, &thread, message()).await.ok();
}

#[tokio::test]
async fn what_is_shown_truncated_begins_its_original() {
    let caller = Caller::new().await;
    let mut truncated = std::collections::BTreeMap::<String, usize>::new();
    for thread in caller.threads().await {
        for entry in caller.history(id(&thread)).await {
            let path = [("threadId", id(&thread)), ("messageId", id(&entry))];
            let original = caller.get(GetOriginalContent, &path, &[]).await.ok();
            let (text, shown) = (original["text"].as_str(), entry["text"].as_str());
            match entry["truncationStatus"].as_str() {
                None | Some("NOT_TRUNCATED") => assert_eq!(text, shown),
                Some(status) => {
                    *truncated.entry(status.to_owned()).or_default() += 1;
                    let (text, shown) = (text.unwrap(), shown.unwrap());
                    assert!(text.len() > shown.len() && text.starts_with(shown), "{text}");
                    assert!(!shown.contains("\n> "), "only the latest reply is shown: {shown}");
                    assert_ne!(original["richText"], entry["richText"]);
                }
            }
        }
    }
    let kinds: Vec<&str> = truncated.keys().map(String::as_str).collect();
    assert_eq!(kinds, ["TRUNCATED", "TRUNCATED_TO_MOST_RECENT_REPLY"]);
}

#[tokio::test]
async fn entries_have_the_ids_and_times_hubspot_gives_them() {
    let caller = Caller::new().await;
    let (mut with, mut without) = (0, 0);
    for thread in caller.threads().await {
        for entry in caller.history(id(&thread)).await {
            let is_event = entry.get("text").is_none();
            assert_eq!(id(&entry).len(), if is_event { 36 } else { 32 }, "{entry}");
            if entry["channelId"] == "1002" {
                let has_milliseconds = entry["createdAt"].as_str().unwrap().contains('.');
                *(if has_milliseconds { &mut with } else { &mut without }) += 1;
            }
        }
    }
    assert!(with > 0 && without > 0, "{with} e-mail times with milliseconds, {without} without");
}
