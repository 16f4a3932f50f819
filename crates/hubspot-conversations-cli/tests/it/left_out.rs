//! A malformed field affects only itself: the rest is shown, a note names it, and JSON is as received.

use crate::program::Server;
use serde_json::{Map, Value, json};

/// Malformed fields of a message.
fn flaws() -> Vec<Value> {
    vec![
        json!({ "status": {} }),
        json!({ "status": { "statusType": null } }),
        json!({ "status": { "statusType": 7 } }),
        json!({ "status": { "statusType": "SENT", "failureDetails": [] } }),
        json!({ "status": "SENT" }),
        json!({ "status": ["SENT"] }),
        json!({ "status": true }),
        json!({ "client": {} }),
        json!({ "client": { "clientType": {} } }),
        json!({ "client": { "clientType": "INTEGRATION", "integrationAppId": "12" } }),
        json!({ "client": { "clientType": "INTEGRATION", "integrationAppId": {} } }),
        json!({ "client": "SYSTEM" }),
        json!({ "client": null }),
        json!({ "senders": [null] }),
        json!({ "senders": [{}] }),
        json!({ "senders": [{ "deliveryIdentifier": {} }] }),
        json!({ "senders": [{ "deliveryIdentifier": { "type": null, "value": "a@example.com" } }] }),
        json!({ "senders": [{ "deliveryIdentifier": { "type": "HS_EMAIL_ADDRESS" } }] }),
        json!({ "senders": [{ "deliveryIdentifier": "a@example.com" }] }),
        json!({ "senders": [{ "actorId": 7, "name": {} }] }),
        json!({ "senders": "V-1" }),
        json!({ "senders": {} }),
        json!({ "senders": null }),
        json!({ "recipients": [null, null] }),
        json!({ "recipients": [7, "x", []] }),
        json!({ "recipients": [{ "deliveryIdentifier": [] }] }),
        json!({ "attachments": [null] }),
        json!({ "attachments": [{}] }),
        json!({ "attachments": [{ "type": "FILE" }] }),
        json!({ "attachments": [{ "type": "FILE", "fileId": 7, "fileUsageType": null }] }),
        json!({ "attachments": [{ "type": "LOCATION", "latitude": "52.5", "longitude": {} }] }),
        json!({ "attachments": [{ "type": "NEW", "id": "1" }] }),
        json!({ "attachments": {} }),
        json!({ "createdAt": 1_767_323_045_000_i64 }),
        json!({ "createdAt": "1767323045000" }),
        json!({ "createdAt": "2026-01-02T03:04:05" }),
        json!({ "createdAt": "2026-01-02T03:04:05+0000" }),
        json!({ "createdAt": "" }),
        json!({ "createdAt": {} }),
        json!({ "createdBy": 7 }),
        json!({ "createdBy": {} }),
        json!({ "archived": "true" }),
        json!({ "archived": {} }),
        json!({ "direction": 7 }),
        json!({ "direction": {} }),
        json!({ "channelId": 1002 }),
        json!({ "channelAccountId": [] }),
        json!({ "truncationStatus": [] }),
        json!({ "subject": { "text": "x" } }),
        json!({ "richText": ["<p>"], "conversationsThreadId": {} }),
    ]
}

/// A message with a malformed field and an unknown one.
fn message(index: usize, flaw: &Value) -> Value {
    let mut message = json!({
        "type": "MESSAGE", "id": format!("m{index}"), "conversationsThreadId": "7",
        "createdAt": "2026-01-02T03:04:05Z", "createdBy": "V-1",
        "client": { "clientType": "SYSTEM" },
        "senders": [{ "actorId": "V-1",
            "deliveryIdentifier": { "type": "HS_EMAIL_ADDRESS", "value": "a@example.com" } }],
        "recipients": [], "archived": false, "text": format!("text {index}"), "attachments": [],
        "truncationStatus": "NOT_TRUNCATED", "direction": "INCOMING", "channelId": "1002",
        "channelAccountId": "5", "addedLater": [index],
    });
    let fields: &Map<String, Value> = flaw.as_object().unwrap();
    message.as_object_mut().unwrap().extend(fields.clone());
    message
}

fn messages() -> Vec<String> {
    let flaws = flaws();
    assert_eq!(flaws.len(), 50);
    flaws.iter().enumerate().map(|(index, flaw)| message(index, flaw).to_string()).collect()
}

fn page(items: &[String]) -> String {
    format!(r#"{{"results":[{}]}}"#, items.join(","))
}

/// A server with one thread and its messages. All other lists are empty.
fn account(messages: String) -> Server {
    const THREAD: &str = r#"{"id":"7","status":"OPEN","inboxId":"1","addedLater":true}"#;
    Server::routing(move |line| match line {
        _ if line.contains("archived=true") => page(&[]),
        _ if line.contains("/threads/7/messages") => messages.clone(),
        _ if line.contains("/threads/7") => THREAD.to_owned(),
        _ if line.contains("/threads") => page(&[THREAD.to_owned()]),
        _ => page(&[]),
    })
}

#[test]
fn fifty_flawed_messages_are_shown_with_what_is_right_of_them() {
    let server = account(page(&messages()));
    let shown = server.run(&["messages", "list", "7"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    for index in 0..50 {
        let row = |line: &&str| {
            line.starts_with(&format!("m{index} ")) && line.ends_with(&format!("text {index}"))
        };
        assert!(shown.stdout.lines().any(|line| row(&line)), "m{index} in {}", shown.stdout);
    }
    let mut notes: Vec<&str> = shown.stderr.lines().collect();
    assert!(notes.iter().all(|note| note.starts_with("note: left out ")), "{}", shown.stderr);
    assert!(
        notes.contains(&"note: left out 2 times: at `recipients`: expected an object, found null")
            || notes.iter().any(|note| note.contains("at `status`")),
        "{}",
        shown.stderr
    );
    let count = notes.len();
    notes.dedup();
    assert!(count > 10 && count == notes.len(), "one note per place: {}", shown.stderr);
    for private in ["a@example.com", "text 4"] {
        assert!(!shown.stderr.contains(private), "{}", shown.stderr);
    }
}

#[test]
fn fifty_flawed_messages_are_printed_and_exported_as_sent() {
    let (messages, server) = (messages(), account(page(&messages())));
    let printed = server.run(&["messages", "list", "7", "--output", "jsonl"]).data();
    assert_eq!(printed.lines().collect::<Vec<_>>(), messages);
    let array = server.run(&["messages", "list", "7", "--output", "json"]).data();
    assert_eq!(array, format!("[\n{}\n]\n", messages.join(",\n")));

    let folder = tempfile::tempdir().unwrap();
    let exported = server.run(&["export", folder.path().to_str().unwrap()]);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    let written = std::fs::read_to_string(folder.path().join("messages.jsonl")).unwrap();
    assert_eq!(written.lines().collect::<Vec<_>>(), messages);
}

#[test]
fn one_record_is_printed_as_sent() {
    let thread = r#"{ "id": "7",
  "status": "CLOSED", "later": {"a": 1.50} }"#;
    let server = Server::json(thread);
    for command in [
        &["threads", "get", "7"][..],
        &["threads", "close", "7"],
        &["threads", "assign", "7", "A-1"],
        &["threads", "restore", "7"],
    ] {
        let printed = server.run(&[command, &["--output", "json"]].concat()).data();
        assert_eq!(printed, format!("{thread}\n"), "{command:?}");
        let line = server.run(&[command, &["--output", "jsonl"]].concat()).data();
        assert_eq!(line, format!("{}\n", thread.replace('\n', "")), "{command:?}");
    }
}

#[test]
fn what_is_left_out_of_one_record_is_noted() {
    let server = Server::json(r#"{"id":"7","status":{},"createdAt":[],"archived":{}}"#);
    let shown = server.run(&["threads", "get", "7"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.starts_with("ID "), "{}", shown.stdout);
    assert_eq!(shown.stderr.lines().count(), 3, "{}", shown.stderr);
    assert!(shown.stderr.contains("note: left out once: at `createdAt`: "), "{}", shown.stderr);
}

#[test]
fn odd_paging_costs_no_page_and_is_noted() {
    let inbox = r#"{"id":"1","name":"Support","type":"INBOX"}"#;
    for (paging, is_noted) in [
        (r#"{"next":{}}"#, true),
        (r#"{"next":null}"#, false),
        (r#"{"prev":"odd"}"#, true),
        (r#"{"next":{"after":""}}"#, true),
        ("[]", true),
        ("{}", false),
    ] {
        let server =
            Server::json(&format!(r#"{{"total":{{}},"results":[{inbox}],"paging":{paging}}}"#));
        let shown = server.run(&["inboxes", "list"]);
        assert_eq!(shown.code, 0, "{paging}: {}", shown.stderr);
        assert!(shown.stdout.contains("Support"), "{paging}: {}", shown.stdout);
        assert!(shown.stderr.contains("note: left out once: at `total`: "), "{}", shown.stderr);
        assert_eq!(shown.stderr.contains("at `paging"), is_noted, "{paging}: {}", shown.stderr);
    }
    let server = Server::json(&format!(r#"{{"results":[{inbox}],"paging":{{"next":["2"]}}}}"#));
    let shown = server.run(&["inboxes", "list"]);
    assert_eq!(shown.code, 1, "{}", shown.stderr);
    assert!(shown.stdout.contains("Support"), "the page is shown: {}", shown.stdout);
    assert!(shown.stderr.contains("the printed list is incomplete"), "{}", shown.stderr);
}

#[test]
fn a_change_answered_without_a_record_says_that_it_was_made() {
    let created = Server::answering("201 Created", "", "");
    let error = created.run(&["visitors", "token", "a@example.com"]).error(4);
    assert!(error.contains("carried it out") && error.contains("do not run it again"), "{error}");
    assert_eq!(created.count(), 1, "it was sent once");

    let unreadable = Server::answering("201 Created", "", "7");
    let error = unreadable.run(&["visitors", "token", "a@example.com"]).error(4);
    assert!(error.contains("was carried out") && !error.contains("may have"), "{error}");

    let archived = Server::answering("204 No Content", "", "");
    assert_eq!(archived.run(&["threads", "archive", "7"]).code, 0);
}

#[test]
fn an_answer_that_does_not_fit_into_memory_is_one_sentence() {
    let many = format!(r#"{{"results":[{}{{}}]}}"#, "{},".repeat(20_000));
    let error = Server::json(&many).run(&["threads", "list"]).error(1);
    assert!(error.contains("larger than 10000 items"), "{error}");
    let senders =
        format!(r#"{{"id":"1","type":"MESSAGE","senders":[{}{{}}]}}"#, "{},".repeat(20_000));
    let shown = Server::json(&senders).run(&["messages", "get", "7", "1"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stderr.contains("at most 10000 elements"), "{}", shown.stderr);
}
