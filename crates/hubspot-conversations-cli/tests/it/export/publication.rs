//! The files get their names together or not at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hubspot_conversations_sim::Fault;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::account::*;
use crate::program::Account;
use crate::server::Reply;

#[test]
fn a_failure_leaves_the_files_of_the_export_before() {
    let account = Account::new();
    let folder = TempDir::new().unwrap();
    for file in FILES {
        std::fs::write(folder.path().join(file), "of the export before\n").unwrap();
    }
    account
        .simulator
        .fail_next(hubspot_conversations::OperationId::ListMessages, Fault::status(403));
    assert_eq!(export(&account, &folder, &["--concurrency", "1"]).code, 1);
    let mut files = FILES;
    files.sort_unstable();
    assert_eq!(names(folder.path()), files);
    for file in FILES {
        assert_eq!(text(folder.path(), file), "of the export before\n");
    }
}

#[test]
fn a_file_that_cannot_be_published_takes_the_others_back() {
    let folder = Arc::new(TempDir::new().unwrap());
    for file in all_files() {
        std::fs::write(folder.path().join(file), "of the export before\n").unwrap();
    }
    let obstacle = folder.path().join("messages.jsonl");
    let in_the_way = obstacle.clone();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let (server, _runtime) = scripted(move |request| {
        count.fetch_add(1, Ordering::Relaxed);
        if request.line.contains("/actors/batch/read") {
            std::fs::remove_file(&in_the_way).unwrap();
            std::fs::create_dir_all(in_the_way.join("full")).unwrap();
        }
        small_account(request)
    });
    let error = export_with(&server, &folder, &["--concurrency", "1"]).error(1);
    assert!(error.contains("cannot publish the export"), "{error}");
    for file in all_files().into_iter().filter(|file| *file != "messages.jsonl") {
        assert_eq!(text(folder.path(), file), "of the export before\n", "{file}");
    }

    std::fs::remove_dir_all(obstacle).unwrap();
    let before = asked.load(Ordering::Relaxed);
    let output = export_with(&server, &folder, &["--concurrency", "1"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let asked = asked.load(Ordering::Relaxed) - before;
    assert_eq!(asked, 1, "it was read already, but for the inboxes, which tell the account");
    assert!(
        output.stderr.starts_with("note: publishing the export started on 20"),
        "{}",
        output.stderr
    );
    assert_eq!(contents(&folder), expected_contents());
    assert_eq!(names(folder.path()), all_files());
}

#[test]
fn a_finished_export_is_replaced_and_says_what_it_holds() {
    let (server, _runtime) = scripted(small_account);
    let folder = TempDir::new().unwrap();
    assert_eq!(export_with(&server, &folder, &["--limit", "2"]).code, 0);
    let holds = || -> Value { serde_json::from_str(&text(folder.path(), "export.json")).unwrap() };
    assert_eq!(holds()["records"]["threads.jsonl"], 2);
    assert_eq!(holds()["options"]["limit"], 2);

    // Files of a killed export of an early version, which could not resume.
    std::fs::write(folder.path().join(".messages.jsonl.AbC123.partial"), "{}").unwrap();
    std::fs::write(folder.path().join(".mine"), "").unwrap();
    assert_eq!(export_from(&server, &folder).code, 0);
    let holds = holds();
    let records = json!({
        "inboxes.jsonl": 1, "channels.jsonl": 0, "channel_accounts.jsonl": 0,
        "threads.jsonl": 12, "messages.jsonl": 36, "actors.jsonl": 13,
    });
    assert_eq!(holds["records"], records);
    assert_eq!(holds["complete"], true);
    assert_eq!(holds["apiVersion"], "v3");
    assert_eq!(holds["server"], server.base_url.as_str());
    assert!(holds["started"].as_str() < holds["finished"].as_str(), "{holds}");
    let mut expected = all_files();
    expected.insert(0, ".mine");
    assert_eq!(names(folder.path()), expected);
}

#[test]
fn an_unpublished_export_is_published_with_a_token_of_its_account_only() {
    let folder = Arc::new(TempDir::new().unwrap());
    let obstacle = folder.path().join("messages.jsonl");
    let in_the_way = obstacle.clone();
    let account = Arc::new(AtomicUsize::new(5));
    let asked = Arc::clone(&account);
    let (server, _runtime) = scripted(move |request| {
        if request.line.contains("/inboxes") {
            return Some(match asked.load(Ordering::Relaxed) {
                0 => Reply::Json(403, "{}".to_owned()),
                id => page(&json!([{ "id": id.to_string() }]), None),
            });
        }
        if request.line.contains("/actors/batch/read") {
            std::fs::create_dir_all(in_the_way.join("full")).unwrap();
        }
        small_account(request)
    });
    export_from(&server, &folder).error(1);
    std::fs::remove_dir_all(obstacle).unwrap();

    account.store(6, Ordering::Relaxed);
    let before = contents_of_all(&folder);
    let error = export_from(&server, &folder).error(1);
    assert!(error.contains("another account"), "{error}");
    assert_eq!(contents_of_all(&folder), before);

    account.store(0, Ordering::Relaxed);
    let output = export_from(&server, &folder);
    assert_eq!(output.code, 1, "{}", output.stderr);
    let kept = format!(
        "note: the finished export is kept in {}; run the same command again to publish it\nerror: ",
        folder.path().display()
    );
    assert!(output.stderr.starts_with(&kept), "{}", output.stderr);
    assert_eq!(contents_of_all(&folder), before);

    account.store(5, Ordering::Relaxed);
    assert_eq!(export_from(&server, &folder).code, 0);
    assert_eq!(names(folder.path()), all_files());
}

#[test]
fn files_that_are_not_of_an_export_stay() {
    let (server, _runtime) = scripted(small_account);
    let folder = TempDir::new().unwrap();
    for _ in 0..2 {
        for file in all_files() {
            std::fs::write(folder.path().join(format!("{file}.previous")), "mine").unwrap();
        }
        assert_eq!(export_from(&server, &folder).code, 0);
        for file in all_files() {
            assert_eq!(text(folder.path(), &format!("{file}.previous")), "mine");
        }
        assert_eq!(names(folder.path()).len(), 2 * all_files().len());
    }
}
