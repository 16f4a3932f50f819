//! Unreadable data is reported, and affects nothing else.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::account::*;
use crate::program::Output;
use crate::server::{RecordedRequest, Reply};

#[test]
fn a_repeated_cursor_is_an_error_and_not_a_loop() {
    let (server, _runtime) = scripted(|asked| {
        let is_threads = asked.line.starts_with(&format!("GET {THREADS}?"));
        is_threads.then(|| page(&json!([]), Some("a")))
    });
    let folder = TempDir::new().unwrap();
    let error = export_from(&server, &folder).error(1);
    assert!(error.contains("repeated a cursor"), "{error}");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_thread_without_an_id_is_kept_and_the_loss_is_told() {
    let (server, _runtime) = scripted(|asked| {
        let is_threads = asked.line.starts_with(&format!("GET {THREADS}?"));
        is_threads.then(|| page(&json!([{ "status": "OPEN" }]), None))
    });
    let folder = TempDir::new().unwrap();
    let output = export_from(&server, &folder);
    assert_eq!(output.code, 5);
    assert!(
        output.stderr.contains("lost: the messages of 1 thread without an id"),
        "{}",
        output.stderr
    );
    assert_eq!(text(folder.path(), "threads.jsonl"), "{\"status\":\"OPEN\"}\n");
}

#[test]
fn a_thread_that_hubspot_fails_at_costs_no_other() {
    let (server, _runtime) = scripted(|asked| match asked.line.as_str() {
        line if line.contains("/3/messages?") => Some(Reply::Json(400, "{}".to_owned())),
        _ => small_account(asked),
    });
    let folder = TempDir::new().unwrap();
    let output = export_with(&server, &folder, &["--quiet"]);
    assert_eq!(output.code, 5, "{}", output.stderr);
    let lost = "lost: messages of 1 thread that could not be fetched; see thread 3 (";
    assert!(output.stderr.starts_with(lost), "{}", output.stderr);
    assert!(output.stderr.contains("\nerror: export incomplete: "), "{}", output.stderr);
    assert_eq!(records(folder.path(), "threads.jsonl").len(), SMALL);
    assert_eq!(records(folder.path(), "messages.jsonl").len(), 3 * (SMALL - 1));
    let holds: Value = serde_json::from_str(&text(folder.path(), "export.json")).unwrap();
    assert_eq!(holds["complete"], false);
}

/// Exports one thread with these messages, from a server that knows every actor and completes every
/// message.
fn export_of(thread: &Value, messages: &Value) -> (TempDir, Output) {
    let (thread, messages) = (thread.clone(), messages.clone());
    let (server, _runtime) = scripted(move |asked| {
        let line = asked.line.as_str();
        Some(match line {
            _ if line.starts_with(&format!("GET {THREADS}?")) => page(&json!([thread]), None),
            _ if line.contains("/original-content") => {
                Reply::Json(200, json!({ "text": "all of it" }).to_string())
            }
            _ if line.contains("/messages?") => page(&messages, None),
            _ => return small_account(asked),
        })
    });
    let folder = TempDir::new().unwrap();
    let output = export_from(&server, &folder);
    (folder, output)
}

fn ids(folder: &TempDir, file: &str) -> Vec<String> {
    records(folder.path(), file).into_keys().collect()
}

#[test]
fn an_odd_field_of_a_thread_costs_no_message() {
    for odd in [json!(true), json!({}), json!(["A-1"]), json!(1.5)] {
        let thread = json!({ "id": "7", "assignedTo": odd });
        let (folder, output) = export_of(&thread, &json!([{ "id": "m1", "createdBy": "V-1" }]));
        assert_eq!(output.code, 0, "{odd}: {}", output.stderr);
        assert_eq!(ids(&folder, "messages.jsonl"), ["m1"], "{odd}");
        assert_eq!(ids(&folder, "actors.jsonl"), ["V-1"], "{odd}");
        assert!(
            output.stderr.contains("1 thread has an assignee of unknown type"),
            "{}",
            output.stderr
        );
    }
}

#[test]
fn a_thread_that_nobody_is_assigned_to_names_nobody() {
    for nobody in [json!(""), json!(null)] {
        let thread = json!({ "id": "7", "assignedTo": nobody });
        let (folder, output) = export_of(&thread, &json!([{ "id": "m1", "createdBy": "V-1" }]));
        assert_eq!(output.code, 0, "{nobody}: {}", output.stderr);
        let actors = text(folder.path(), "actors.jsonl");
        let actor: Value = serde_json::from_str(&actors).unwrap();
        assert_eq!(actor, json!({ "id": "V-1", "type": "VISITOR" }), "{nobody}");
    }
}

#[test]
fn an_odd_field_of_a_message_costs_no_other_field() {
    for (field, odd, is_noted) in [
        ("senders", json!([null]), false),
        ("senders", json!({}), true),
        ("senders", json!([["V-2"]]), true),
        ("createdBy", json!(true), true),
        ("recipients", json!([{ "actorId": 1.5 }]), true),
        ("assignedTo", json!({}), true),
        ("assignedFrom", json!([]), true),
    ] {
        let mut message = json!({
            "id": "m1", "truncationStatus": "TRUNCATED", "createdBy": "V-1",
            "senders": [{ "actorId": "V-2" }], "recipients": [{ "actorId": "V-3" }],
        });
        let mut expected = vec!["V-1", "V-2", "V-3"];
        match field {
            "createdBy" => expected.retain(|id| *id != "V-1"),
            "senders" => expected.retain(|id| *id != "V-2"),
            "recipients" => expected.retain(|id| *id != "V-3"),
            _ => {}
        }
        message[field] = odd.clone();
        // Listed twice, as when a page moves.
        let (folder, output) = export_of(&json!({ "id": "7" }), &json!([message, message]));
        assert_eq!(output.code, 0, "{odd}: {}", output.stderr);
        assert_eq!(ids(&folder, "actors.jsonl"), expected, "{field}: {odd}");
        let messages = records(folder.path(), "messages.jsonl");
        assert_eq!(messages["m1"]["_originalContent"]["text"], "all of it", "{field}: {odd}");
        let is_noted = is_noted.then_some("note: 1 message has a field of unknown type");
        assert_eq!(
            is_noted.is_some(),
            output.stderr.contains("note: "),
            "{field}: {}",
            output.stderr
        );
        assert!(output.stderr.contains(is_noted.unwrap_or_default()), "{field}: {}", output.stderr);
    }
}

#[test]
fn an_array_is_neither_a_thread_nor_a_message() {
    let (folder, output) = export_of(&json!({ "id": "7" }), &json!([["m1", "TRUNCATED", "V-1"]]));
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stderr.contains("1 message has a field of unknown type"), "{}", output.stderr);
    assert_eq!(text(folder.path(), "messages.jsonl"), "[\"m1\",\"TRUNCATED\",\"V-1\"]\n");
    let (_, output) = export_of(&json!(["7"]), &json!([]));
    assert_eq!(output.code, 5, "{}", output.stderr);
    assert!(output.stderr.contains("1 thread without an id"), "{}", output.stderr);
}

#[test]
fn messages_without_an_id_are_all_kept() {
    let messages = json!([{ "id": "" }, { "id": "" }, { "id": null }, {}]);
    let (folder, output) = export_of(&json!({ "id": "7" }), &messages);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(text(folder.path(), "messages.jsonl").lines().count(), 4);
}

#[test]
fn a_truncated_message_that_cannot_be_asked_for_is_a_loss() {
    let messages = json!([{ "id": {}, "truncationStatus": "TRUNCATED" }]);
    let (_folder, output) = export_of(&json!({ "id": "7" }), &messages);
    assert_eq!(output.code, 5, "{}", output.stderr);
    let lost = "lost: the original content of 1 truncated message that could not be fetched; \
                see thread 7 (it has no id)";
    assert!(output.stderr.contains(lost), "{}", output.stderr);
}

/// `paging` that does not say clearly whether the list ends.
fn unclear_paging() -> [Value; 5] {
    [
        json!({ "next": { "after": {} } }),
        json!({ "next": { "after": [] } }),
        json!({ "next": { "after": null } }),
        json!({ "next": {} }),
        json!([]),
    ]
}

fn page_with(results: &Value, paging: &Value) -> Reply {
    Reply::Json(200, json!({ "results": results, "paging": paging }).to_string())
}

#[test]
fn a_list_whose_end_is_unclear_is_a_loss() {
    for (list, name) in [
        ("/inboxes?", "list_inboxes"),
        ("/channels?", "list_channels"),
        ("/channel-accounts?", "list_channel_accounts"),
        ("/threads?", "list_threads"),
    ] {
        for paging in unclear_paging() {
            let sent = paging.clone();
            let (server, _runtime) = scripted(move |asked| {
                let line = format!("{}?", asked.line);
                if line.contains(list) {
                    return Some(page_with(&json!([{ "id": "1" }]), &sent));
                }
                small_account(asked)
            });
            let folder = TempDir::new().unwrap();
            let output = export_from(&server, &folder);
            assert_eq!(output.code, 5, "{paging}: {}", output.stderr);
            let lost = format!(
                "lost: possibly the end of a list, because the paging of 1 page is unreadable ({name}: "
            );
            assert!(output.stderr.contains(&lost), "{paging}: {}", output.stderr);
        }
    }
}

#[test]
fn a_history_whose_end_is_unclear_is_a_loss() {
    for paging in unclear_paging() {
        let sent = paging.clone();
        let (server, _runtime) = scripted(move |asked| {
            let is_of_three = asked.line.contains("/3/messages?");
            let page = || page_with(&json!([{ "id": "m1" }]), &sent);
            if is_of_three { Some(page()) } else { small_account(asked) }
        });
        let folder = TempDir::new().unwrap();
        let output = export_from(&server, &folder);
        assert_eq!(output.code, 5, "{paging}: {}", output.stderr);
        let lost = "lost: possibly messages of 1 thread, because the paging of its history is unreadable; \
                    see thread 3 (";
        assert!(output.stderr.contains(lost), "{paging}: {}", output.stderr);
        assert_eq!(text(folder.path(), "messages.jsonl").lines().count(), 3 * SMALL - 2);
    }
}

#[test]
fn paging_that_says_that_nothing_follows_is_an_end() {
    for paging in [json!(null), json!({}), json!({ "next": null }), json!({ "prev": [] })] {
        let sent = paging.clone();
        let (server, _runtime) = scripted(move |asked| {
            let is_threads = asked.line.starts_with(&format!("GET {THREADS}?"));
            is_threads.then(|| page_with(&json!([{ "id": "1" }]), &sent))
        });
        let folder = TempDir::new().unwrap();
        let output = export_from(&server, &folder);
        assert_eq!(output.code, 0, "{paging}: {}", output.stderr);
    }
}

#[test]
fn whatever_one_thread_answers_it_costs_no_other() {
    let endless = |asked: &RecordedRequest| {
        let number = asked.line.rsplit_once("after=").map_or("0", |(_, number)| number);
        let number: u32 = number.split('&').next().unwrap().parse().unwrap();
        page(&json!([]), Some(&(number + 1).to_string()))
    };
    let redirect =
        |_: &RecordedRequest| Reply::With(302, "location: /elsewhere\r\n", String::new());
    let odd = |_: &RecordedRequest| Reply::Json(200, "[]".to_owned());
    let answers: [fn(&RecordedRequest) -> Reply; 3] = [endless, redirect, odd];
    for (name, answer) in ["endless", "redirect", "odd"].into_iter().zip(answers) {
        let (server, _runtime) = scripted(move |asked| match asked.line.as_str() {
            line if line.contains("/3/messages?") => Some(answer(asked)),
            _ => small_account(asked),
        });
        let folder = TempDir::new().unwrap();
        let output = export_from(&server, &folder);
        assert_eq!(output.code, 5, "{name}: {}", output.stderr);
        assert!(output.stderr.contains("lost: messages of 1 thread"), "{name}: {}", output.stderr);
        assert_eq!(records(folder.path(), "messages.jsonl").len(), 3 * (SMALL - 1), "{name}");
    }
}

#[test]
fn a_thread_whose_id_fits_no_path_costs_no_other() {
    let (server, _runtime) = scripted(|asked| match asked.line.as_str() {
        line if line.starts_with(&format!("GET {THREADS}?")) => {
            Some(page(&json!([{ "id": ".." }, { "id": "7" }]), None))
        }
        _ => small_account(asked),
    });
    let folder = TempDir::new().unwrap();
    let output = export_from(&server, &folder);
    assert_eq!(output.code, 5, "{}", output.stderr);
    assert_eq!(text(folder.path(), "messages.jsonl").lines().count(), 3);
}
