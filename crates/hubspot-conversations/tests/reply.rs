//! A reply goes to where the visitor wrote last.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod server;

use hubspot_conversations::types::{
    DeliveryIdentifierType, Message, MessageDirection, NewFileAttachment, ThreadStatus,
};
use hubspot_conversations::{Client, ErrorKind, Received};
use hubspot_conversations_sim::Simulator;
use serde_json::{Value, json};
use server::{Reply, Server};

fn email(id: &str, direction: &str, sender: &str, address: &str) -> Value {
    json!({
        "type": "MESSAGE", "id": id, "direction": direction, "subject": format!("Subject of {id}"),
        "channelId": "1002", "channelAccountId": "44",
        "senders": [{
            "actorId": sender, "senderField": "FROM",
            "deliveryIdentifier": { "type": "HS_EMAIL_ADDRESS", "value": address },
        }],
    })
}

/// A thread with this history, newest first, that answers a comment for whatever it is sent.
async fn thread(history: Vec<Value>) -> Server {
    Server::start(move |asked, _| match asked.line.starts_with("GET") {
        true => Reply::Json(200, json!({ "results": history }).to_string()),
        false => Reply::Json(201, r#"{"type":"MESSAGE","id":"new"}"#.to_owned()),
    })
    .await
}

fn sent(server: &Server) -> Value {
    serde_json::from_str(&server.asked().last().unwrap().body).unwrap()
}

#[tokio::test]
async fn it_takes_channel_account_address_and_subject_from_the_latest_message_from_outside() {
    let server = thread(vec![
        json!({ "type": "THREAD_STATUS_CHANGE", "id": "e1", "newStatus": "OPEN" }),
        email("m3", "OUTGOING", "A-1", "support@example.com"),
        json!({ "type": "VOICE_CALL", "id": "new kind" }),
        json!({ "type": "MESSAGE", "id": ["cannot be read"] }),
        email("m2b", "INCOMING", "A-2", "agent@example.net"),
        email("m2", "INCOMING", "V-7", "visitor@example.org"),
        email("m1", "INCOMING", "V-8", "earlier@example.org"),
    ])
    .await;
    let reply = server.client().messages("7").reply("On its way.").as_agent(2_620_022);
    let reply = reply.rich_text("<p>On its way.</p>").cc("boss@example.org");
    reply.attach(NewFileAttachment::new("12".into())).send().await.unwrap();

    assert_eq!(server.asked().len(), 2);
    assert_eq!(
        sent(&server),
        json!({
            "type": "MESSAGE",
            "text": "On its way.",
            "richText": "<p>On its way.</p>",
            "subject": "Subject of m2",
            "senderActorId": "A-2620022",
            "channelId": "1002",
            "channelAccountId": "44",
            "recipients": [
                {
                    "recipientField": "TO",
                    "deliveryIdentifiers": [{ "type": "HS_EMAIL_ADDRESS", "value": "visitor@example.org" }],
                },
                {
                    "recipientField": "CC",
                    "deliveryIdentifiers": [{ "type": "HS_EMAIL_ADDRESS", "value": "boss@example.org" }],
                },
            ],
            "attachments": [{ "type": "FILE", "fileId": "12" }],
        })
    );
}

#[tokio::test]
async fn a_chat_gets_neither_subject_nor_recipient_field() {
    let mut chat = email("m1", "INCOMING", "V-7", "opaque");
    chat["channelId"] = "1000".into();
    chat["senders"][0]["deliveryIdentifier"]["type"] = "CHANNEL_SPECIFIC_OPAQUE_ID".into();
    let server = thread(vec![chat]).await;
    server.client().messages("7").reply("Hello").as_agent("A-1").send().await.unwrap();
    let sent = sent(&server);
    assert!(sent.get("subject").is_none());
    assert_eq!(
        sent["recipients"],
        json!([{ "deliveryIdentifiers": [{ "type": "CHANNEL_SPECIFIC_OPAQUE_ID", "value": "opaque" }] }])
    );
}

#[tokio::test]
async fn nothing_is_sent_without_an_agent_or_without_a_message_to_answer() {
    let server = thread(vec![email("m1", "OUTGOING", "A-1", "support@example.com")]).await;
    let messages = server.client().messages("7");
    for reply in [messages.reply("Hello"), messages.reply("Hello").as_agent(1)] {
        let error = reply.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert!(server.asked().iter().all(|asked| asked.line.starts_with("GET")));
}

#[tokio::test]
async fn a_reply_being_written_does_not_show_its_text() {
    let client = Client::new("pat").unwrap();
    let reply = client.messages("7").reply("secret").subject("secret").cc("secret@example.com");
    let comment = client.messages("7").comment("secret").rich_text("secret");
    assert!(!format!("{reply:?} {comment:?}").contains("secret"));
}

#[tokio::test]
async fn a_reply_stands_in_the_history_of_the_simulator() {
    let simulator = Simulator::start().await.unwrap();
    let client =
        Client::builder().token(simulator.token()).base_url(simulator.base_url()).build().unwrap();
    let mut threads = client.threads().list().status(ThreadStatus::Open).stream();
    let mut answered = 0;
    while let Some(thread) = threads.try_next().await.unwrap() {
        let Some(agent) = thread.assigned_to.filter(|actor| actor.as_str().starts_with("A-"))
        else {
            continue;
        };
        let messages = client.messages(&thread.id);
        match messages.reply("On its way.").as_agent(agent).send().await.map(Received::into_inner) {
            Ok(Message::Message(sent)) => {
                answered += 1;
                assert_eq!(sent.direction, Some(MessageDirection::Outgoing));
                let Message::Message(read) =
                    messages.get(&sent.id).send().await.unwrap().into_inner()
                else {
                    panic!("not a message")
                };
                assert_eq!(read.text.as_deref(), Some("On its way."));
                assert_eq!(read, sent);
                let to = &read.recipients[0].delivery_identifier.as_ref().unwrap().type_;
                assert!(!matches!(to, Some(DeliveryIdentifierType::Unrecognized(_))));
            }
            Ok(other) => panic!("{other:?}"),
            // WhatsApp cannot be sent to, and some threads were begun by the team.
            Err(error) => assert!(
                matches!(error.kind(), ErrorKind::Rejected | ErrorKind::InvalidRequest),
                "{error}"
            ),
        }
    }
    assert!(answered >= 3, "{answered}");
}
