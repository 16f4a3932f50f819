//! Whether something was sent is answered with yes, with no, or with why nobody can tell.

use crate::server::{Reply, Server};
use hubspot_conversations::types::MessageId;
use hubspot_conversations::{ErrorKind, FindSent, FindSentOutcome};
use serde_json::{Value, json};

const TEXT: &str = "On its way.";

const EMPTY: &str = r#"{"results":[]}"#;

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

/// A thread with this history, which is not archived.
async fn thread(history: Vec<Value>, original: Value) -> Server {
    Server::start(move |asked, _| match asked.line.ends_with("/original-content") {
        true if original.is_null() => Reply::Json(404, "{}".to_owned()),
        true => Reply::Json(200, original.to_string()),
        false if asked.line.contains("archived=true") => Reply::Json(200, EMPTY.to_owned()),
        false => Reply::Json(200, json!({ "results": history }).to_string()),
    })
    .await
}

async fn search(
    history: Vec<Value>,
    original: Value,
    narrow: impl FnOnce(FindSent) -> FindSent,
) -> String {
    let server = thread(history, original).await;
    answer(narrow(server.client().messages("7").find_sent(TEXT))).await
}

/// The answer in a word, with the entry or the reasons.
async fn answer(find: FindSent) -> String {
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
        json!({ "direction": null }),
        json!({ "direction": "NOT_APPLICABLE", "truncationStatus": null }),
        json!({ "createdAt": {}, "senders": [null], "richText": 5 }),
        json!({ "text": "\u{a0}On its\r\nway. \n" }),
        json!({ "text": "On its way.\n\n-- \nAda\nCustomer care" }),
        json!({ "text": "", "richText": "<p>On its&nbsp;<b>way</b>.</p><br>-- <br>Ada" }),
        json!({ "text": null, "richText": "<div>On its way.</div>" }),
        json!({ "text": {}, "richText": "On its way." }),
        json!({ "text": "", "richText": "<p class=a'b>On its way.</p>" }),
        json!({ "text": "", "richText": "<p title=\"it's\">On its way.</p>" }),
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
        json!({ "type": "COMMENT" }),
        json!({ "type": "COMMENT", "text": null, "direction": null }),
        json!({ "text": "On its", "truncationStatus": "NOT_TRUNCATED" }),
        json!({ "text": "", "richText": "Gr&uuml;n" }),
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
        (json!({ "text": "", "richText": "Gr&uumln" }), "its rich text is broken"),
        (json!({ "text": "", "richText": "Gr&unknown;n" }), "its rich text is broken"),
        (json!({ "text": "", "richText": "Hello <b" }), "its rich text is broken"),
        (json!({ "text": "Hello", "richText": "On its way." }), "begins like the one looked for"),
        (json!({ "text": "On its way.\nAda Lovelace" }), "begins like the one looked for"),
        (json!({ "text": "On its way, by post" }), "begins like the one looked for"),
        (json!({ "text": "On its way…" }), "begins like the one looked for"),
        (json!({ "direction": null, "senders": null }), "not known to be outgoing"),
        (json!({ "direction": null, "type": "SMS", "senders": [] }), "not known to be outgoing"),
        (json!({ "direction": "INCOMING" }), "not known to be outgoing"),
        (json!({ "truncationStatus": "TRUNCATED" }), "HubSpot has no original content"),
        (json!({ "truncationStatus": 5 }), "HubSpot has no original content"),
        (json!({ "truncationStatus": "TRUNCATED", "id": null }), "has no id"),
        (json!({ "truncationStatus": null, "text": "On its" }), "HubSpot has no original content"),
        (json!({ "truncationStatus": null, "text": "", "richText": "<p>On" }), "has no original"),
        (json!({ "type": "EMAIL_MESSAGE", "text": null }), "it has no text"),
        (json!({ "type": "EMAIL_MESSAGE", "truncationStatus": "TRUNCATED" }), "has no original"),
        (json!({ "type": "EMAIL_MESSAGE", "direction": "SENT", "text": null }), "it has no text"),
        (json!({ "type": "EMAIL_MESSAGE", "direction": null, "text": {} }), "it has no text"),
        (json!({ "type": "EMAIL_MESSAGE" }), "its type is not known"),
        (json!({ "type": null }), "its type is not known"),
        (json!({ "type": {} }), "its type is not known"),
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

/// What is said of an outgoing message with this text, when another one is looked for.
async fn compared(sent_text: &str, shown: Value) -> String {
    let mut entry = sent(&json!({ "text": "" }));
    entry.as_object_mut().unwrap().extend(shown.as_object().unwrap().clone());
    let server = thread(vec![entry], Value::Null).await;
    answer(server.client().messages("7").find_sent(sent_text)).await
}

#[tokio::test]
async fn the_form_of_characters_makes_no_difference() {
    for (sent, shown) in [
        ("Gr\u{fc}n", "Gru\u{308}n"),
        ("Gru\u{308}n", "Gr\u{fc}n"),
        ("\u{fb01}ne", "fine"),
        ("\u{bd} price", "1\u{2044}2 price"),
        ("wait\u{2026}", "wait..."),
        ("\u{2764}\u{fe0f} you", "\u{2764} you"),
        ("\u{2764} you", "\u{2764}\u{fe0e} you"),
        ("\u{1f468}\u{200d}\u{1f469} both", "\u{1f468}\u{1f469} both"),
        ("price \u{200e}5", "price 5"),
        ("\u{202b}price\u{202c} \u{2068}5\u{2069}", "price 5"),
        ("\u{ff21}\u{ff22}", "AB"),
    ] {
        let answer = compared(sent, json!({ "text": shown })).await;
        assert_eq!(answer, "found \"m1\"", "{sent:?} {shown:?}");
    }
}

#[tokio::test]
async fn what_servers_make_of_a_text_leaves_the_answer_open() {
    for (sent, shown) in [
        ("Great \u{1f44d} work", json!({ "text": "Great :thumbsup: work" })),
        ("Great \u{1f44d} work", json!({ "text": "Great :+1: work" })),
        ("Great :thumbsup: work", json!({ "text": "Great \u{1f44d} work" })),
        ("1\u{fe0f}\u{20e3} first", json!({ "text": ":one: first" })),
        ("\u{1f44d}", json!({ "text": ":thumbsup:" })),
        ("\u{1f44d}", json!({ "text": ":thumbsup:\nAda" })),
        ("\u{1f44d}", json!({ "text": "?" })),
        ("\u{1f44d}", json!({ "text": "" })),
        ("\u{1f44d}", json!({ "text": "\u{fffd}\u{fffd}" })),
        ("Q&A is <here>", json!({ "text": "Q&amp;A is &lt;here&gt;" })),
        ("Q&A is <here>", json!({ "text": "Q&amp;A is &lt;here&gt;\nAda" })),
        ("Q&A is <here>", json!({ "text": "Q&A is" })),
        ("Q&A is <here>", json!({ "text": "Q&amp;A is" })),
        ("use the <b> tag now", json!({ "text": "use the tag now" })),
        ("<here>", json!({ "text": "" })),
        ("Gr\u{fc}n, all of it", json!({ "richText": "Gr&uumln, all" })),
        ("On its way.", json!({ "richText": "<p>On its way" , "truncationStatus": null })),
    ] {
        let answer = compared(sent, shown.clone()).await;
        assert!(answer.starts_with("cannot tell"), "{sent:?} {shown}: {answer}");
    }
    for (sent, shown) in [
        ("Gr\u{fc}n", json!({ "richText": "Gr&uumln" })),
        ("a < b & c", json!({ "richText": "a &lt; b &amp; c" })),
        ("a < b & c", json!({ "richText": "<p>a < b & c</p>" })),
    ] {
        let answer = compared(sent, shown.clone()).await;
        assert_eq!(answer, "found \"m1\"", "{sent:?} {shown}");
    }
    for (sent, shown) in [
        ("\u{1f44d}", json!({ "text": "hello" })),
        ("Great \u{1f44d} work", json!({ "text": "Great :thumbsup: walk" })),
        ("at 10:30:15", json!({ "text": "at 10:45:15" })),
        ("<b>one</b>", json!({ "text": "<b>two</b>" })),
        ("R&D", json!({ "text": "R&amp;B" })),
        ("Gr\u{fc}n", json!({ "richText": "<p class=a'b>Rot</p>" })),
    ] {
        let answer = compared(sent, shown.clone()).await;
        assert_eq!(answer, "not found", "{sent:?} {shown}");
    }
}

#[tokio::test]
async fn a_message_is_not_taken_for_a_comment_nor_a_comment_for_a_message() {
    let comment = |fields: Value| {
        let mut entry = sent(&fields);
        entry["type"] = "COMMENT".into();
        entry["direction"] = json!(null);
        entry
    };
    let comments = |find: FindSent| find.comment();
    for (history, as_message, as_comment) in [
        (vec![sent(&json!({}))], "found \"m1\"", "not found"),
        (vec![comment(json!({}))], "not found", "found \"m1\""),
        (vec![comment(json!({ "senders": null, "id": "c" }))], "not found", "found \"c\""),
        (
            vec![comment(json!({ "id": "c", "direction": "INCOMING" })), sent(&json!({}))],
            "found \"m1\"",
            "found \"c\"",
        ),
        (vec![sent(&json!({ "type": "ASSIGNMENT" }))], "not found", "not found"),
    ] {
        assert_eq!(of(history.clone()).await, as_message, "{history:?}");
        assert_eq!(search(history.clone(), Value::Null, comments).await, as_comment, "{history:?}");
    }
    for unknown in [json!({ "type": "NOTE" }), json!({ "type": 5, "direction": null })] {
        let answer = search(vec![sent(&unknown)], Value::Null, comments).await;
        assert!(answer.contains("its type is not known"), "{answer}");
    }
}

#[tokio::test]
async fn what_may_be_cut_is_compared_as_a_whole() {
    let cut = |fields: Value| {
        let mut entry = sent(&fields);
        entry.as_object_mut().unwrap().remove("truncationStatus");
        vec![entry]
    };
    let whole = |text: &str| json!({ "text": text });
    let any = |find| find;
    let on_its = || cut(json!({ "text": "On its" }));
    assert_eq!(search(on_its(), whole(TEXT), any).await, "found \"m1\"");
    assert_eq!(search(on_its(), whole("On its"), any).await, "not found");
    assert_eq!(search(cut(json!({ "text": "On hold" })), whole(TEXT), any).await, "not found");
    assert_eq!(search(cut(json!({ "text": "" })), whole(TEXT), any).await, "not found");
    let rich = cut(json!({ "text": "", "richText": "<p>On its\u{2026}</p>" }));
    assert_eq!(search(rich, whole(TEXT), any).await, "found \"m1\"");
}

#[tokio::test]
async fn what_is_archived_is_found_too() {
    let archive = |live: Value, archived: Value| async move {
        Server::start(move |asked, _| match asked.line.contains("archived=true") {
            true if archived.is_null() => Reply::Json(404, "{}".to_owned()),
            true => Reply::Json(200, json!({ "results": archived }).to_string()),
            false if live.is_null() => Reply::Json(404, "{}".to_owned()),
            false => Reply::Json(200, json!({ "results": live }).to_string()),
        })
        .await
    };
    let at = |id: &str, day: u32, text: &str| {
        sent(&json!({ "id": id, "text": text, "createdAt": format!("2026-01-{day:02}T00:00:00Z") }))
    };
    let before = || at("m2", 2, "Other");
    for (live, archived, expected) in [
        (json!([]), json!([at("m3", 3, TEXT), before()]), "found \"m3\""),
        (json!(null), json!([at("m3", 3, TEXT), before()]), "found \"m3\""),
        (json!([]), json!([before(), at("m1", 1, TEXT)]), "not found"),
        (json!([at("m3", 3, "Other"), before()]), json!([at("m4", 4, TEXT)]), "found \"m4\""),
        (json!([at("m3", 3, "Other"), before()]), json!([at("m1", 1, TEXT)]), "not found"),
        (json!([at("m3", 3, TEXT)]), json!([before()]), "found \"m3\""),
        (json!([before()]), json!([before()]), "not found"),
        (json!([before()]), json!(null), "not found"),
    ] {
        let server = archive(live.clone(), archived.clone()).await;
        let find = server.client().messages("7").find_sent(TEXT).after("m2");
        assert_eq!(answer(find).await, expected, "{live} {archived}");
    }
    let unclear = sent(&json!({ "text": null }));
    let server = archive(json!([unclear, 7]), json!([unclear, 7])).await;
    let find = server.client().messages("7").find_sent(TEXT);
    assert_eq!(answer(find).await, "cannot tell, m1: it has no text, ?: it cannot be read");
    let find = server.client().messages("7").find_sent(TEXT);
    let FindSentOutcome::CannotTell(reasons) = find.send().await.unwrap() else { panic!() };
    let reasons: Vec<_> = reasons.iter().map(ToString::to_string).collect();
    assert_eq!(
        reasons,
        ["entry m1: it has no text", "an entry without a readable id: it cannot be read"]
    );

    let server = archive(json!([]), json!([at("m3", 3, TEXT)])).await;
    let newest = server.client().messages("7").newest().await.unwrap();
    assert_eq!(newest, Some("m3".into()));
    let server = archive(json!([]), json!([])).await;
    assert_eq!(server.client().messages("7").newest().await.unwrap(), None);
    let server = archive(json!(null), json!(null)).await;
    let messages = server.client().messages("7");
    assert!(messages.newest().await.unwrap_err().is_not_found());
    assert!(messages.find_sent(TEXT).send().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_history_that_ends_oddly_is_not_taken_for_the_whole() {
    let list = |history: Vec<Value>, paging: Value| async move {
        let page = json!({ "results": history, "paging": paging }).to_string();
        Server::start(move |asked, _| match asked.line.contains("archived=true") {
            true => Reply::Json(200, EMPTY.to_owned()),
            false => Reply::Json(200, page.clone()),
        })
        .await
    };
    let other = |id: &str, day: u32| {
        let time = format!("2026-01-{day:02}T00:00:00Z");
        sent(&json!({ "id": id, "text": "Other", "createdAt": time }))
    };
    for paging in [json!({ "next": {} }), json!([]), json!({ "next": { "after": "" } })] {
        for history in [vec![], vec![other("m2", 2)], vec![other("m3", 3), other("m2", 2)]] {
            let server = list(history.clone(), paging.clone()).await;
            let find = server.client().messages("7").find_sent(TEXT);
            let answer = answer(find).await;
            assert!(answer.starts_with("cannot tell, ?: "), "{history:?}: {answer}");
            assert!(answer.contains("may not be complete"), "{history:?}: {answer}");
        }
        let server = list(vec![], paging.clone()).await;
        let find = server.client().messages("7").find_sent(TEXT).send().await.unwrap();
        let FindSentOutcome::CannotTell(reasons) = find else { panic!() };
        assert!(!reasons[0].is_of_entry());
        assert!(reasons[0].to_string().starts_with("the history may not be"), "{reasons:?}");

        let history = vec![other("m3", 3), other("m2", 2), other("m1", 1)];
        let server = list(history, paging.clone()).await;
        let find = server.client().messages("7").find_sent(TEXT).after("m2");
        assert_eq!(answer(find).await, "not found", "all that is newer was read");
        let server = list(vec![sent(&json!({}))], paging.clone()).await;
        let find = server.client().messages("7").find_sent(TEXT);
        assert_eq!(answer(find).await, "found \"m1\"");

        let server = list(vec![], paging).await;
        let error = server.client().messages("7").newest().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnusableCursor);
    }
    let server = list(vec![], json!({ "prev": 5 })).await;
    assert_eq!(answer(server.client().messages("7").find_sent(TEXT)).await, "not found");
}

#[tokio::test]
async fn the_order_of_a_history_is_known_before_anything_is_passed_over() {
    let at = |id: &str, time: Value, text: &str| {
        sent(&json!({ "id": id, "text": text, "createdAt": time }))
    };
    let day =
        |id: &str, day: u32, text: &str| at(id, format!("2026-01-{day:02}T00:00:00Z").into(), text);
    let edge = || day("m2", 2, "Other");
    let without_time = || at("m2", Value::Null, "Other");
    let unreadable = || at("m2", json!("soon"), "Other");
    let open = "it has the text, and may be older";
    for (history, expected) in [
        (vec![day("m3", 3, "Other"), edge(), at("m5", json!(null), TEXT)], "not found"),
        (vec![edge(), at("m5", json!(null), TEXT), day("m6", 6, "Other")], open),
        (vec![edge(), at("m5", json!("soon"), TEXT), day("m1", 1, "Other")], open),
        (vec![day("m3", 3, TEXT), without_time(), day("m1", 1, TEXT)], "found \"m3\""),
        (vec![day("m3", 3, "Other"), without_time(), day("m1", 1, TEXT)], "not found"),
        (vec![day("m1", 1, TEXT), without_time(), day("m3", 3, TEXT)], open),
        (vec![without_time(), day("m3", 3, TEXT), day("m4", 4, "Other")], open),
        (vec![day("m3", 3, TEXT), unreadable(), day("m1", 1, "Other")], "found \"m3\""),
        (vec![unreadable(), day("m3", 3, TEXT)], open),
        (vec![day("m3", 3, TEXT), unreadable()], open),
    ] {
        let answer = search(history.clone(), Value::Null, |find| find.after("m2")).await;
        assert!(answer.contains(expected), "{history:?}: {answer}");
    }

    // The same where each entry is on a page of its own.
    let since = |find: FindSent| find.since("2026-01-02T00:00:00Z".parse().unwrap());
    let after = |find: FindSent| find.after("m2");
    let narrow: [fn(FindSent) -> FindSent; 2] = [since, after];
    for (history, expected) in [
        (vec![day("m2", 2, "Other"), day("m3", 3, TEXT)], "found \"m3\""),
        (vec![day("m1", 1, "Other"), day("m2", 2, "Other"), day("m3", 3, TEXT)], "found \"m3\""),
        (vec![day("m3", 3, "Other"), day("m2", 2, "Other"), day("m1", 1, TEXT)], "not found"),
    ] {
        for narrow in narrow {
            let (history, pages) = (history.clone(), history.len());
            let server = Server::start(move |asked, _| {
                let page = asked.line.split("after=").nth(1).and_then(|after| after.get(..1));
                let page: usize = page.map_or(0, |page| page.parse().unwrap());
                let next = (page + 1 < pages).then(|| json!({ "after": (page + 1).to_string() }));
                match asked.line.contains("archived=true") {
                    true => Reply::Json(200, EMPTY.to_owned()),
                    false => Reply::Json(
                        200,
                        json!({ "results": [history[page]], "paging": { "next": next } })
                            .to_string(),
                    ),
                }
            })
            .await;
            let find = narrow(server.client().messages("7").find_sent(TEXT));
            assert_eq!(answer(find).await, expected);
        }
    }
}

#[tokio::test]
async fn only_what_is_newer_is_found() {
    let at = |id: &str, day: u32, text: &str| {
        sent(&json!({ "id": id, "text": text, "createdAt": format!("2026-01-{day:02}T00:00:00Z") }))
    };
    let before = at("m2", 2, "Other");
    let after_m2 = |find: FindSent| find.after("m2");
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
