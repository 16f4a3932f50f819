//! Whether something was sent is answered with yes, with no, or with why nobody can tell.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod server;

use hubspot_conversations::types::MessageId;
use hubspot_conversations::{ErrorKind, FindSent, FindSentOutcome};
use serde_json::{Value, json};
use server::{Reply, Server};

const TEXT: &str = "On its way.";

/// An outgoing message with the text that is looked for, and these fields in place of its own.
fn sent(fields: &Value) -> Value {
    let mut entry = json!({
        "type": "MESSAGE", "id": "m1", "direction": "OUTGOING", "text": TEXT,
        "createdAt": "2026-01-02T00:00:00Z", "senders": [{ "actorId": "A-1" }],
        "truncationStatus": "NOT_TRUNCATED",
    });
    entry.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    entry
}

/// The answer in a word, with the entry or the reasons.
async fn search(
    history: Vec<Value>,
    original: Value,
    narrow: impl FnOnce(FindSent) -> FindSent,
) -> String {
    let server = Server::start(move |asked, _| match asked.line.ends_with("/original-content") {
        true if original.is_null() => Reply::Json(404, "{}".to_owned()),
        true => Reply::Json(200, original.to_string()),
        false => Reply::Json(200, json!({ "results": history }).to_string()),
    })
    .await;
    let find = narrow(server.client().messages("7").find_sent(TEXT));
    match find.send().await.unwrap() {
        FindSentOutcome::Found(entry) => {
            format!("found {}", serde_json::from_str::<Value>(entry.json().get()).unwrap()["id"])
        }
        FindSentOutcome::NotFound => "not found".to_owned(),
        FindSentOutcome::CannotTell(entries) => {
            let id = |id: Option<&MessageId>| id.map_or("?".to_owned(), ToString::to_string);
            let entries =
                entries.iter().map(|entry| format!("{}: {}", id(entry.id()), entry.reason()));
            format!("cannot tell, {}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

async fn of(history: Vec<Value>) -> String {
    search(history, Value::Null, |find| find).await
}

#[tokio::test]
async fn what_was_sent_is_found_whatever_else_is_wrong_with_it() {
    for fields in [
        json!({}),
        json!({ "status": {}, "client": 1, "attachments": [null], "recipients": {} }),
        json!({ "type": "COMMENT", "direction": null, "senders": null }),
        json!({ "type": null }),
        json!({ "direction": null }),
        json!({ "direction": "NOT_APPLICABLE", "truncationStatus": null }),
        json!({ "createdAt": {}, "senders": [null], "richText": 5 }),
        json!({ "text": "\u{a0}On its\r\nway. \n" }),
        json!({ "text": "On its way.\n\n-- \nAda\nCustomer care" }),
        json!({ "text": "", "richText": "<p>On its&nbsp;<b>way</b>.</p><br>-- <br>Ada" }),
        json!({ "text": null, "richText": "<div>On its way.</div>" }),
        json!({ "text": {}, "richText": "On its way." }),
    ] {
        assert_eq!(of(vec![sent(&fields)]).await, "found \"m1\"", "{fields}");
    }
}

#[tokio::test]
async fn what_is_certainly_something_else_is_not_found() {
    for fields in [
        json!({ "text": "Another text." }),
        json!({ "text": "", "richText": null }),
        json!({ "text": "", "richText": "<p>Another text.</p>" }),
        json!({ "direction": "INCOMING", "senders": [{ "actorId": "V-1" }] }),
        json!({ "direction": "INCOMING", "senders": null, "text": {} }),
        json!({ "type": "WELCOME_MESSAGE", "direction": null }),
        json!({ "type": "ASSIGNMENT", "text": null }),
        json!({ "type": "THREAD_MERGED", "direction": null, "text": null }),
        json!({ "text": "Another text.", "direction": null, "type": null, "id": null }),
    ] {
        assert_eq!(of(vec![sent(&fields)]).await, "not found", "{fields}");
    }
    assert_eq!(of(vec![]).await, "not found");
}

#[tokio::test]
async fn what_may_be_it_leaves_the_answer_open() {
    let cannot_tell = [
        (json!({ "text": null }), "it has no text"),
        (json!({ "text": 7 }), "it has no text"),
        (json!({ "text": [], "richText": "<p>Another</p>" }), "its text cannot be read"),
        (json!({ "text": "", "richText": {} }), "its rich text cannot be read"),
        (json!({ "text": "", "richText": "Gr&uuml;n" }), "characters that cannot be read"),
        (json!({ "text": "On its way.\nAda Lovelace" }), "begins like the one looked for"),
        (json!({ "text": "On its way, by post" }), "begins like the one looked for"),
        (json!({ "text": "On its way…" }), "begins like the one looked for"),
        (json!({ "direction": null, "senders": null }), "not known to be outgoing"),
        (json!({ "direction": null, "type": "SMS", "senders": [] }), "not known to be outgoing"),
        (json!({ "direction": "INCOMING" }), "not known to be outgoing"),
        (json!({ "truncationStatus": "TRUNCATED" }), "HubSpot has no original content"),
        (json!({ "truncationStatus": 5 }), "HubSpot has no original content"),
        (json!({ "truncationStatus": "TRUNCATED", "id": null }), "has no id"),
    ];
    for (fields, reason) in cannot_tell {
        let answer = of(vec![sent(&fields)]).await;
        assert!(
            answer.starts_with("cannot tell, ") && answer.contains(reason),
            "{fields}: {answer}"
        );
        let found = of(vec![sent(&fields), sent(&json!({ "id": "m0" }))]).await;
        assert_eq!(found, "found \"m0\"", "{fields}");
    }
    for entry in [json!(null), json!("secret"), json!([TEXT]), json!(["MESSAGE"])] {
        assert_eq!(of(vec![entry]).await, "cannot tell, ?: it cannot be read");
    }
}

#[tokio::test]
async fn all_of_a_truncated_message_is_compared() {
    let cut =
        |status: &str, text: &str| vec![sent(&json!({ "truncationStatus": status, "text": text }))];
    let whole = |text: &str| json!({ "text": text });
    let any = |find| find;
    assert_eq!(search(cut("TRUNCATED", "On"), whole(TEXT), any).await, "found \"m1\"");
    assert_eq!(search(cut("TRUNCATED", TEXT), whole("Other"), any).await, "not found");
    assert_eq!(search(cut("NEW_STATUS", "On"), whole(TEXT), any).await, "found \"m1\"");
    let quoted = "On its way.\n> Where is it?";
    let reply = "TRUNCATED_TO_MOST_RECENT_REPLY";
    assert_eq!(search(cut(reply, TEXT), whole(quoted), any).await, "found \"m1\"");
    assert_eq!(search(cut(reply, "Other"), whole("Other\n> x"), any).await, "not found");
    let answer = search(cut("TRUNCATED", "On"), whole(quoted), any).await;
    assert!(answer.contains("begins like the one looked for"), "{answer}");
    let rich = json!({ "text": "", "richText": "<p>On its way.</p>" });
    assert_eq!(search(cut("TRUNCATED", ""), rich, any).await, "found \"m1\"");

    let server = Server::start(|asked, _| match asked.line.ends_with("/original-content") {
        true => Reply::Json(403, "{}".to_owned()),
        false => Reply::Json(
            200,
            json!({ "results": [sent(&json!({ "truncationStatus": "TRUNCATED" }))] }).to_string(),
        ),
    })
    .await;
    let error = server.client().messages("7").find_sent(TEXT).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "what can be asked again is an error");
}

#[tokio::test]
async fn only_what_is_newer_is_found() {
    let at = |id: &str, day: u32, text: &str| {
        sent(&json!({ "id": id, "text": text, "createdAt": format!("2026-01-{day:02}T00:00:00Z") }))
    };
    let before = at("m2", 2, "Other");
    let after_m2 = |find: FindSent| find.after(MessageId::from("m2"));
    for (history, expected) in [
        (vec![at("m3", 3, TEXT), before.clone(), at("m1", 1, TEXT)], "found \"m3\""),
        (vec![at("m3", 3, "Other"), before.clone(), at("m1", 1, TEXT)], "not found"),
        (vec![at("m3", 3, "Other"), before.clone(), json!(null)], "not found"),
        // Out of order.
        (vec![at("m1", 1, TEXT), before.clone(), at("m3", 3, TEXT)], "found \"m3\""),
        (vec![at("m1", 1, TEXT), before.clone(), at("m3", 3, "Other")], "not found"),
    ] {
        assert_eq!(search(history.clone(), Value::Null, after_m2).await, expected, "{history:?}");
    }
    for history in [
        // At the same time, on either side.
        vec![before.clone(), at("m3", 2, TEXT)],
        // Where the search ends is not there.
        vec![at("m3", 3, TEXT), at("m1", 1, "Other")],
    ] {
        let answer = search(history, Value::Null, after_m2).await;
        assert!(answer.contains("m3: it has the text, and may be older"), "{answer}");
    }
    assert_eq!(
        search(vec![at("m3", 2, TEXT), before], Value::Null, after_m2).await,
        "found \"m3\"",
        "HubSpot lists it before the other"
    );

    let since = |find: FindSent| find.since("2026-01-02T00:00:00Z".parse().unwrap());
    for (history, expected) in [
        (vec![at("m3", 3, "Other"), at("m1", 1, TEXT)], "not found"),
        (vec![at("m1", 1, TEXT), at("m3", 3, TEXT)], "found \"m3\""),
        (vec![at("m3", 3, "Other"), at("m1", 1, TEXT), at("m4", 4, TEXT)], "found \"m4\""),
        (vec![at("m2", 2, TEXT)], "found \"m2\""),
    ] {
        let answer = search(history.clone(), Value::Null, since).await;
        assert_eq!(answer, expected, "{history:?}");
    }
    let answer = search(vec![sent(&json!({ "createdAt": null }))], Value::Null, since).await;
    assert!(answer.contains("does not say when it was created"), "{answer}");
}

#[tokio::test]
async fn nothing_is_no_text_to_look_for() {
    let server = Server::always(200, r#"{"results":[]}"#).await;
    for text in ["", " \r\n\u{a0}"] {
        let error = server.client().messages("7").find_sent(text).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert!(server.asked().is_empty());
}
