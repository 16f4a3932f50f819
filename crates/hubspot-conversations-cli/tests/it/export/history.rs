//! A history is complete even if it moves between HubSpot's two lists while it is read.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use tempfile::TempDir;

use super::account::*;
use crate::program::Output;
use crate::server::Reply;

#[test]
fn a_thread_that_goes_while_it_is_read_is_noted() {
    let (server, _runtime) = scripted(|asked| match asked.line.as_str() {
        line if line.starts_with(&format!("GET {THREADS}?")) => {
            Some(page(&json!([{ "id": "7" }]), None))
        }
        line if line.contains("/threads/7") => Some(Reply::Json(404, "{}".to_owned())),
        _ => None,
    });
    let folder = TempDir::new().unwrap();
    let output = export_from(&server, &folder);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(
        output
            .stderr
            .contains("note: 1 thread was deleted before its messages were read; see thread 7")
    );
}

#[test]
fn both_lists_of_a_history_are_merged_by_id() {
    let asks_archived = |line: &str| line.contains("archived=true");
    let (server, _runtime) = scripted(move |asked| {
        let line = asked.line.as_str();
        let messages =
            |ids: &[&str]| page(&ids.iter().map(|id| json!({ "id": id })).collect(), None);
        if line.starts_with(&format!("GET {THREADS}?")) {
            return Some(match asks_archived(line) {
                // A thread that is archived between the two lists is in both.
                true => page(&json!([{ "id": 8 }, { "id": 9 }, { "id": 7 }]), None),
                false => page(&json!([{ "id": "7" }]), None),
            });
        }
        Some(match (line.contains("/7/messages?"), line.contains("/8/messages?")) {
            (true, _) if asks_archived(line) => messages(&["7a", "7b"]),
            (true, _) => messages(&["7b", "7c"]),
            (_, true) if asks_archived(line) => messages(&["8a"]),
            (_, true) => Reply::Json(404, "{}".to_owned()),
            _ => return None,
        })
    });
    let folder = TempDir::new().unwrap();
    let output = export_with(&server, &folder, &["--archived"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let ids = |file| records(folder.path(), file).into_keys().collect::<Vec<_>>();
    assert_eq!(ids("messages.jsonl"), ["7a", "7b", "7c", "8a"]);
    assert_eq!(text(folder.path(), "threads.jsonl").lines().count(), 3);
    assert!(
        output.stderr.ends_with("note: 1 archived thread has no messages; see thread 9\n"),
        "{}",
        output.stderr
    );
}

#[test]
fn a_thread_that_is_archived_while_it_is_read_keeps_its_messages() {
    let (server, _runtime) = scripted(|asked| {
        let line = asked.line.as_str();
        Some(match line {
            _ if line.starts_with(&format!("GET {THREADS}?")) => {
                page(&json!([{ "id": "7" }, { "id": "8" }]), None)
            }
            _ if line.contains("messages?") && line.contains("archived=true") => {
                page(&json!([{ "id": "m" }]), None)
            }
            _ if line.contains("/8/messages?") => Reply::Json(404, "{}".to_owned()),
            _ => return None,
        })
    });
    let folder = TempDir::new().unwrap();
    let output = export_from(&server, &folder);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(text(folder.path(), "messages.jsonl").lines().count(), 2);
    assert!(!output.stderr.contains("deleted"), "{}", output.stderr);
}

/// An account with one thread. Its list has a page of two messages and then this second response; its
/// archived list has another.
fn cut_after_a_page(second: fn() -> Reply, archived: fn() -> Reply) -> (Output, usize) {
    let (server, _runtime) = scripted(move |asked| {
        let line = asked.line.as_str();
        Some(match line {
            _ if line.starts_with(&format!("GET {THREADS}?")) => {
                page(&json!([{ "id": "7" }]), None)
            }
            _ if !line.contains("/7/messages?") => return None,
            _ if line.contains("archived=true") => archived(),
            _ if line.contains("after=") => second(),
            _ => page(&json!([{ "id": "m1" }, { "id": "m2" }]), Some("2")),
        })
    });
    let folder = TempDir::new().unwrap();
    let output = export_from(&server, &folder);
    let messages = text(folder.path(), "messages.jsonl").lines().count();
    (output, messages)
}

fn not_found() -> Reply {
    let body = json!({ "status": "error", "category": "OBJECT_NOT_FOUND" });
    Reply::Json(404, body.to_string())
}

fn no_messages() -> Reply {
    page(&json!([]), None)
}

fn all_five() -> Reply {
    let ids = ["m1", "m2", "m3", "m4", "m5"];
    page(&ids.iter().map(|id| json!({ "id": id })).collect(), None)
}

#[test]
fn a_thread_that_is_archived_between_two_pages_keeps_its_messages() {
    for second in [not_found, no_messages] {
        let (output, messages) = cut_after_a_page(second, all_five);
        assert_eq!((output.code, messages), (0, 5), "{}", output.stderr);
        assert!(!output.stderr.contains("note"), "{}", output.stderr);
    }
}

#[test]
fn a_thread_that_goes_between_two_pages_is_a_loss() {
    for archived in [not_found, no_messages] {
        let (output, messages) = cut_after_a_page(not_found, archived);
        assert_eq!((output.code, messages), (5, 2), "{}", output.stderr);
        let lost =
            "lost: the rest of the history of 1 thread, deleted while it was read; see thread 7\n";
        assert!(output.stderr.contains(lost), "{}", output.stderr);
    }
}

#[test]
fn a_history_that_ends_with_an_empty_page_is_whole() {
    for archived in [not_found, no_messages] {
        let (output, messages) = cut_after_a_page(no_messages, archived);
        assert_eq!((output.code, messages), (0, 2), "{}", output.stderr);
    }
}

#[test]
fn a_thread_that_is_restored_while_its_archived_messages_are_read_keeps_them() {
    let has_moved = AtomicBool::new(false);
    let (server, _runtime) = scripted(move |asked| {
        let line = asked.line.as_str();
        let is_archived = line.contains("archived=true");
        Some(match line {
            _ if line.starts_with(&format!("GET {THREADS}?")) && is_archived => {
                page(&json!([{ "id": "7" }]), None)
            }
            _ if !line.contains("/7/messages?") => return None,
            // It is archived when the first list is read, and restored before the second page.
            _ if is_archived && has_moved.load(Ordering::Relaxed) => all_five(),
            _ if is_archived => not_found(),
            _ if line.contains("after=") => {
                has_moved.store(true, Ordering::Relaxed);
                not_found()
            }
            _ => page(&json!([{ "id": "m1" }, { "id": "m2" }]), Some("2")),
        })
    });
    let folder = TempDir::new().unwrap();
    let output = export_with(&server, &folder, &["--archived"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(records(folder.path(), "messages.jsonl").len(), 5);
}

#[test]
fn a_thread_that_is_there_is_not_gone_whatever_its_messages_answer() {
    let html = || {
        let body = "<html><body>404 Not Found</body></html>".to_owned();
        Reply::With(404, "content-type: text/html\r\n", body)
    };
    for answer in [not_found, html] {
        let (server, _runtime) = scripted(move |asked| {
            let line = asked.line.as_str();
            Some(match line {
                _ if line.contains("/messages?") => answer(),
                _ if line.contains("/threads/") => Reply::Json(200, r#"{"id":"1"}"#.to_owned()),
                _ => return small_account(asked),
            })
        });
        let folder = TempDir::new().unwrap();
        let output = export_from(&server, &folder);
        assert_eq!(output.code, 5, "{}", output.stderr);
        let lost = format!("lost: messages of {SMALL} threads that could not be fetched");
        assert!(output.stderr.contains(&lost), "{}", output.stderr);
        assert!(!output.stderr.contains("deleted"), "{}", output.stderr);
        assert_eq!(text(folder.path(), "threads.jsonl").lines().count(), SMALL);
    }
}

#[test]
fn a_thread_is_asked_for_only_if_none_of_its_messages_can_be_listed() {
    let (server, _runtime) = scripted(small_account);
    let folder = TempDir::new().unwrap();
    assert_eq!(export_from(&server, &folder).code, 0);
    // No second lists; the actors come last.
    assert_eq!(server.asked().len(), BEFORE + SMALL + 1);
}

#[test]
fn a_message_whose_original_is_answered_with_nothing_has_none() {
    for (status, body) in [(204, ""), (200, ""), (200, "null")] {
        let (server, _runtime) = scripted(move |asked| {
            let line = asked.line.as_str();
            Some(match line {
                _ if line.starts_with(&format!("GET {THREADS}?")) => {
                    page(&json!([{ "id": "7" }]), None)
                }
                _ if line.contains("/original-content") => Reply::Json(status, body.to_owned()),
                _ if line.contains("/messages?") => {
                    page(&json!([{ "id": "m", "truncationStatus": "TRUNCATED" }]), None)
                }
                _ => return None,
            })
        });
        let folder = TempDir::new().unwrap();
        let output = export_from(&server, &folder);
        assert_eq!(output.code, 0, "{}", output.stderr);
        let note = "note: 1 truncated message has no original content; see thread 7\n";
        assert!(output.stderr.ends_with(note), "{}", output.stderr);
        let asked = server.asked();
        let originals = asked.iter().filter(|asked| asked.line.contains("/original-content"));
        assert_eq!(originals.count(), 1, "{status} {body}");
    }
}
