//! A reply goes to where the visitor wrote last.

use crate::server::{Reply, Server};
use hubspot_conversations::types::{
    DeliveryIdentifierType, Message, MessageDirection, ThreadStatus,
};
use hubspot_conversations::{Client, ErrorKind, Received};
use hubspot_conversations_sim::Simulator;
use serde_json::{Value, json};

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
        json!({ "type": "VOICE_CALL", "id": "new kind", "senders": [{ "actorId": "S-hubspot" }] }),
        json!({ "type": "MESSAGE", "id": ["cannot be read"], "direction": "OUTGOING" }),
        email("m2b", "INCOMING", "A-2", "agent@example.net"),
        email("m2", "INCOMING", "V-7", "visitor@example.org"),
        email("m1", "INCOMING", "V-8", "earlier@example.org"),
    ])
    .await;
    let reply = server.client().messages("7").reply("On its way.").as_agent(2_620_022);
    let reply = reply.rich_text("<p>On its way.</p>").cc("boss@example.org");
    reply.attach("12").send().await.unwrap();

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

/// A message from outside that is newer than another one, with these fields in place of its own.
fn flawed(fields: &Value) -> Value {
    let mut newest = email("mNEW", "INCOMING", "V-78", "newest@example.org");
    newest["createdAt"] = "2026-01-03T00:00:00Z".into();
    let newest_fields = newest.as_object_mut().unwrap();
    newest_fields.extend(fields.as_object().unwrap().clone());
    newest
}

fn older() -> Value {
    let mut older = email("mOLD", "INCOMING", "V-1", "older@example.org");
    older["createdAt"] = "2026-01-02T03:04:05Z".into();
    older
}

/// Whom a reply to this history went to. `None`, with the error, if nothing was sent.
async fn answered(history: Vec<Value>) -> Result<String, String> {
    let server = thread(history).await;
    let reply = server.client().messages("7").reply("On its way.").as_agent(1).send().await;
    match reply {
        Ok(_) => {
            let to = &sent(&server)["recipients"][0]["deliveryIdentifiers"][0]["value"];
            Ok(to.as_str().unwrap().to_owned())
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(server.asked().iter().all(|asked| asked.line.starts_with("GET")), "{error}");
            Err(error.to_string())
        }
    }
}

#[tokio::test]
async fn a_flaw_that_does_not_matter_to_the_answer_costs_nothing() {
    for flaw in [
        json!({ "status": {} }),
        json!({ "status": "RECEIVED", "client": {}, "attachments": [null, 1], "recipients": {} }),
        json!({ "id": {}, "text": 5, "richText": [], "truncationStatus": 0 }),
        json!({ "channelId": 1002, "channelAccountId": 44 }),
        json!({ "subject": { "text": "no string" } }),
        json!({ "type": null }),
        json!({ "type": "VOICE_MESSAGE", "createdBy": false }),
        json!({ "createdAt": "2026-01-03T00:00:00" }),
        json!({ "createdAt": 1_767_398_400_000_u64 }),
        json!({ "createdAt": "2026-01-03T00:00:00.5+0000" }),
        json!({ "createdAt": null }),
    ] {
        let answered = answered(vec![flawed(&flaw), older()]).await;
        assert_eq!(answered.as_deref(), Ok("newest@example.org"), "{flaw}");
    }
}

#[tokio::test]
async fn where_the_newest_message_came_from_is_not_known_nobody_is_answered() {
    let address = |address: Value| json!({ "senders": [{ "actorId": "V-78", "deliveryIdentifier": address }] });
    for (flaw, reason) in [
        (json!({ "senders": null }), "it names no sender"),
        (json!({ "senders": [] }), "it names no sender"),
        (json!({ "senders": {} }), "its senders cannot be read"),
        (json!({ "senders": [null] }), "one of its senders cannot be read"),
        (json!({ "senders": [["V-78"]] }), "one of its senders cannot be read"),
        (json!({ "senders": [{ "actorId": "V-78" }] }), "its sender has no delivery identifier"),
        (json!({ "senders": [{ "actorId": {} }] }), "who its sender is cannot be read"),
        (address(json!(null)), "its sender has no delivery identifier"),
        (address(json!("newest@example.org")), "delivery identifier cannot be read"),
        (address(json!(["HS_EMAIL_ADDRESS", "a@b.c"])), "delivery identifier cannot be read"),
        (address(json!({ "value": "a@b.c" })), "delivery identifier cannot be read"),
        (address(json!({ "type": "HS_EMAIL_ADDRESS" })), "delivery identifier cannot be read"),
        (address(json!({ "type": "HS_PHONE_NUMBER", "value": 4930 })), "cannot be read"),
        (address(json!({ "type": "HS_EMAIL_ADDRESS", "value": " " })), "is empty"),
        (json!({ "channelId": null }), "it names no channel"),
        (json!({ "channelId": {} }), "its channel cannot be read"),
        (json!({ "channelAccountId": "" }), "it names no channel account"),
        (json!({ "channelAccountId": [44] }), "its channel account cannot be read"),
        (json!({ "direction": null }), "whether it is incoming or outgoing"),
        (json!({ "direction": "NOT_APPLICABLE" }), "whether it is incoming or outgoing"),
        (json!({ "direction": 1 }), "whether it is incoming or outgoing"),
        (json!({ "type": null, "direction": null }), "says neither what it is"),
        (json!({ "type": "VOICE_CALL", "direction": null }), "its type is not known here"),
    ] {
        let refused = answered(vec![flawed(&flaw), older()]).await.unwrap_err();
        let names_entry = refused.contains("the entry mNEW may be the newest message from outside");
        assert!(names_entry && refused.contains(reason), "{flaw}: {refused}");
        assert!(refused.contains("`in_reply_to`") && !refused.contains("example"), "{refused}");
    }
    for newest in [json!(null), json!("secret"), json!(7), json!(["MESSAGE", "secret"])] {
        let refused = answered(vec![newest.clone(), older()]).await.unwrap_err();
        assert!(refused.contains("an entry without a readable id"), "{newest}: {refused}");
        assert!(!refused.contains("secret"), "{refused}");
    }
}

#[tokio::test]
async fn what_is_certainly_not_from_outside_is_passed_over() {
    for newer in [
        json!({ "type": "COMMENT", "senders": null, "direction": null }),
        json!({ "type": "WELCOME_MESSAGE", "senders": [] }),
        json!({ "type": "ASSIGNMENT", "assignedTo": {}, "direction": null }),
        json!({ "type": "THREAD_STATUS_CHANGE", "newStatus": 1 }),
        json!({ "type": "THREAD_INBOX_CHANGE", "senders": {} }),
        json!({ "direction": "OUTGOING", "senders": null, "channelId": null }),
        json!({ "type": "VOICE_CALL", "direction": "OUTGOING" }),
        json!({ "senders": [{ "actorId": "A-2", "deliveryIdentifier": null }] }),
        json!({ "direction": null, "senders": [{ "actorId": "L-5" }, { "actorId": "A-2" }] }),
    ] {
        let answered = answered(vec![flawed(&newer), older()]).await;
        assert_eq!(answered.as_deref(), Ok("older@example.org"), "{newer}");
    }
}

#[tokio::test]
async fn what_is_older_than_the_newest_message_does_not_matter() {
    let mut flawed = older();
    flawed["senders"] = json!(null);
    for history in [
        vec![self::flawed(&json!({})), flawed.clone(), json!(null)],
        vec![flawed.clone(), self::flawed(&json!({}))],
    ] {
        assert_eq!(answered(history).await.as_deref(), Ok("newest@example.org"));
    }
}

#[tokio::test]
async fn the_newest_message_is_found_in_any_order() {
    let at = |id: &str, day: u32| {
        let mut message = email(id, "INCOMING", "V-1", &format!("{id}@example.org"));
        message["createdAt"] = format!("2026-01-{day:02}T00:00:00Z").into();
        message
    };
    for history in [
        vec![at("m1", 1), at("m2", 2), at("m3", 3)],
        vec![at("m2", 2), at("m3", 3), at("m1", 1)],
        vec![at("m3", 3), at("m1", 1), at("m2", 2)],
    ] {
        assert_eq!(answered(history.clone()).await.as_deref(), Ok("m3@example.org"));

        // The same on pages of one entry, and an empty one before them.
        let pages = history.len();
        let server = Server::start(move |asked, _| {
            let page = asked.line.split("after=").nth(1).and_then(|after| after.get(..1));
            let page: usize = page.map_or(0, |page| page.parse().unwrap());
            let results: Vec<_> =
                page.checked_sub(1).map(|page| &history[page]).into_iter().collect();
            let next =
                (page < pages).then(|| json!({ "next": { "after": (page + 1).to_string() } }));
            match asked.line.starts_with("GET") {
                true => Reply::Json(200, json!({ "results": results, "paging": next }).to_string()),
                false => Reply::Json(201, r#"{"type":"MESSAGE","id":"new"}"#.to_owned()),
            }
        })
        .await;
        server.client().messages("7").reply("Hello").as_agent(1).send().await.unwrap();
        let to = &sent(&server)["recipients"][0]["deliveryIdentifiers"][0]["value"];
        assert_eq!(to, "m3@example.org");
    }
}

#[tokio::test]
async fn the_newest_message_is_found_in_whatever_form_its_time_is_written() {
    let mut old = email("old", "INCOMING", "V-1", "old@example.org");
    old["createdAt"] = "2026-01-01T00:00:00Z".into();
    for time in [
        json!("2026-01-03T00:00+0000"),
        json!("2026-01-03T00:00:00+00"),
        json!(" 2026-01-03T00:00:00Z"),
        json!("2026-01-03 00:00:00"),
        json!("2026-01-03"),
        json!(1_767_398_400_000.0),
        json!("1767398400000"),
    ] {
        let newest = flawed(&json!({ "createdAt": time }));
        let answered = answered(vec![old.clone(), newest]).await;
        assert_eq!(answered.as_deref(), Ok("newest@example.org"), "{time}");
    }
}

#[tokio::test]
async fn a_message_whose_time_cannot_be_read_may_be_the_newest() {
    let mut old = email("old", "INCOMING", "V-1", "old@example.org");
    old["createdAt"] = "2026-01-01T00:00:00Z".into();
    for time in [json!({}), json!([]), json!(true), json!(""), json!("3 January"), json!(1e300)] {
        let newest = flawed(&json!({ "createdAt": time }));
        let again = flawed(&json!({ "id": "again", "createdAt": "2026-01-02T00:00:00Z" }));
        for history in [
            vec![old.clone(), newest.clone()],
            vec![newest.clone(), old.clone()],
            vec![again.clone(), old.clone(), newest.clone(), json!(null)],
            vec![newest.clone(), again.clone(), old.clone()],
        ] {
            let expected = match history.contains(&again) {
                true => Ok("newest@example.org"),
                false => Err("when one of them was created cannot be read"),
            };
            let answered = answered(history.clone()).await;
            match (&answered, expected) {
                (Ok(address), Ok(expected)) => assert_eq!(address, expected, "{history:?}"),
                (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
                _ => panic!("{answered:?}: {history:?}"),
            }
        }
    }

    // The whole history is read.
    let (newest, old) = (flawed(&json!({ "createdAt": "soon" })), old.clone());
    let server = Server::start(move |asked, _| match asked.line.contains("after=2") {
        false => Reply::Json(
            200,
            json!({ "results": [newest], "paging": { "next": { "after": "2" } } }).to_string(),
        ),
        true => Reply::Json(200, json!({ "results": [old] }).to_string()),
    })
    .await;
    let reply = server.client().messages("7").reply("Hello").as_agent(1).send().await;
    assert_eq!(reply.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_history_that_ends_oddly_is_not_taken_for_the_whole() {
    let at = |id: &str, day: u32| {
        let mut message = email(id, "INCOMING", "V-1", &format!("{id}@example.org"));
        message["createdAt"] = format!("2026-01-{day:02}T00:00:00Z").into();
        message
    };
    let answer = |history: Vec<Value>, paging: Value| async move {
        let server = Server::start(move |asked, _| match asked.line.starts_with("GET") {
            true => Reply::Json(200, json!({ "results": history, "paging": paging }).to_string()),
            false => Reply::Json(201, r#"{"type":"MESSAGE","id":"new"}"#.to_owned()),
        })
        .await;
        let reply = server.client().messages("7").reply("Hello").as_agent(1).send().await;
        reply.map(|_| sent(&server)["recipients"][0]["deliveryIdentifiers"][0]["value"].clone())
    };
    let outgoing = email("m9", "OUTGOING", "A-1", "support@example.com");
    for paging in [json!({ "next": {} }), json!([]), json!({ "next": { "after": "" } })] {
        for history in [vec![], vec![outgoing.clone()], vec![at("m1", 1), at("m2", 2)]] {
            let error = answer(history.clone(), paging.clone()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{history:?}");
            let error = error.to_string();
            assert!(error.contains("may not be complete"), "{error}");
            assert!(!error.contains("no message from outside"), "{error}");
        }
        let newest_first = vec![outgoing.clone(), at("m2", 2), at("m1", 1)];
        assert_eq!(answer(newest_first, paging).await.unwrap(), "m2@example.org");
    }
    // What is wrong with the way back does not matter.
    let error = answer(vec![], json!({ "prev": 5 })).await.unwrap_err();
    assert!(error.to_string().contains("no message from outside"), "{error}");
}

#[tokio::test]
async fn of_messages_from_different_people_at_the_same_time_none_is_answered() {
    let same_time = |id: &str, address: &str| {
        let mut message = email(id, "INCOMING", "V-1", address);
        message["createdAt"] = "2026-01-03T00:00:00Z".into();
        message
    };
    let one = same_time("m1", "one@example.org");
    let again = same_time("m2", "one@example.org");
    let other = same_time("m3", "other@example.org");
    let mut other_account = again.clone();
    other_account["channelAccountId"] = "45".into();
    let mut flawed = again.clone();
    flawed["senders"] = json!([]);

    assert_eq!(answered(vec![one.clone(), again, older()]).await.as_deref(), Ok("one@example.org"));
    for second in [other.clone(), other_account] {
        let refused = answered(vec![one.clone(), second, older()]).await.unwrap_err();
        assert!(refused.contains("they were created at the same time"), "{refused}");
        assert!(refused.contains("m1") && refused.contains("`in_reply_to`"), "{refused}");
    }
    let refused = answered(vec![one.clone(), flawed, older()]).await.unwrap_err();
    assert!(refused.contains("m2") && refused.contains("no sender"), "{refused}");

    // The order of the history tells, unless it is wrong.
    let mut undated = other;
    undated["createdAt"] = json!(null);
    let history = vec![undated.clone(), one.clone(), older()];
    assert_eq!(answered(history).await.as_deref(), Ok("other@example.org"));
    let history = vec![one.clone(), undated.clone(), older()];
    assert_eq!(answered(history).await.as_deref(), Ok("one@example.org"));
    let refused = answered(vec![older(), undated, one]).await.unwrap_err();
    assert!(refused.contains("does not say when it was created"), "{refused}");
}

#[tokio::test]
async fn a_message_that_is_chosen_is_answered_or_refused() {
    let chosen = |entry: Value| async move {
        let server = Server::start(move |asked, _| match asked.line.starts_with("GET") {
            true => Reply::Json(200, entry.to_string()),
            false => Reply::Json(201, r#"{"type":"MESSAGE","id":"new"}"#.to_owned()),
        })
        .await;
        let reply = server.client().messages("7").reply("Hello").as_agent(1).in_reply_to("mOLD");
        let result = reply.send().await;
        let asked = server.asked();
        let read = "GET /conversations/v3/conversations/threads/7/messages/mOLD";
        assert_eq!(asked[0].line, read, "nothing but the message is read");
        match result {
            Ok(_) => Ok(sent(&server)["recipients"][0]["deliveryIdentifiers"][0]["value"].clone()),
            Err(error) => {
                assert_eq!((error.kind(), asked.len()), (ErrorKind::InvalidRequest, 1));
                Err(error.to_string())
            }
        }
    };
    assert_eq!(chosen(older()).await.unwrap(), "older@example.org");
    let with = |name: &str, value: Value| {
        let mut entry = older();
        entry[name] = value;
        chosen(entry)
    };
    for (name, value) in [
        ("status", json!(null)),
        ("id", json!({})),
        ("id", json!(null)),
        ("createdAt", json!({})),
        ("attachments", json!([null])),
        ("type", json!(null)),
        ("type", json!({})),
    ] {
        let answered = with(name, value.clone()).await;
        assert_eq!(answered.unwrap(), "older@example.org", "{name}: {value}");
    }
    let refused = chosen(json!(["MESSAGE"])).await.unwrap_err();
    assert!(refused.contains("mOLD cannot be answered: it cannot be read"), "{refused}");
    for (name, value, reason) in [
        ("direction", json!("OUTGOING"), "not a message from outside"),
        ("type", json!("COMMENT"), "not a message from outside"),
        ("type", json!("ASSIGNMENT"), "not a message from outside"),
        ("senders", json!([{ "actorId": "A-2" }]), "not a message from outside"),
        ("senders", json!([{ "actorId": "V-1" }]), "no delivery identifier"),
        ("direction", json!(null), "whether it is incoming or outgoing"),
        ("channelId", json!(null), "it names no channel"),
        ("id", json!("mOTHER"), "another entry"),
    ] {
        let refused = with(name, value).await.unwrap_err();
        assert!(refused.contains("mOLD") && refused.contains(reason), "{name}: {refused}");
    }
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
