//! Options select what is exported, and belong to the export.

use std::collections::BTreeSet;

use hubspot_conversations_sim::Simulator;
use tempfile::TempDir;

use super::account::*;
use crate::program::Account;

#[cfg(unix)]
#[test]
fn a_partial_export_is_resumed_with_its_own_options_only() {
    let stalling = StallingServer::at(BEFORE + 7);
    let folder = TempDir::new().unwrap();
    let options = ["--inbox", "5", "--concurrency", "1"];
    kill(stalling.start_one_by_one(&folder, &["--inbox", "5"], 6));
    let before = names(folder.path());

    let error = export_with(&stalling.server, &folder, &["--archived", "--limit", "3"]).error(2);
    assert!(error.contains("a partial export with --inbox 5"), "{error}");
    assert!(error.contains("this one is with --archived --limit 3"), "{error}");
    assert!(error.contains("--restart"), "{error}");
    let error = export_from(&stalling.server, &folder).error(2);
    assert!(error.contains("this one is without options"), "{error}");
    let newer = [&options[..], &["--api-version", "2026-09"]].concat();
    let error = export_with(&stalling.server, &folder, &newer).error(2);
    assert!(error.contains("of API version v3, but this one is"), "{error}");
    assert_eq!(names(folder.path()), before);

    let discarded = export_with(&stalling.server, &folder, &["--restart", "--concurrency", "1"]);
    assert!(!discarded.stderr.contains("resuming"), "{}", discarded.stderr);
    assert_eq!(contents(&folder), expected_contents());
}

#[test]
fn options_bound_which_threads_are_exported_and_those_are_whole() {
    let account = Account::of(Simulator::builder().threads(40).messages(9));
    let all = listed(&account, &["threads", "list"]);
    let inbox = all.values().next().unwrap()["inboxId"].as_str().unwrap();
    let mut latest: Vec<_> =
        all.values().filter_map(|thread| thread["latestMessageTimestamp"].as_str()).collect();
    latest.sort_unstable();
    let since = latest[30];
    for (options, listing, least) in [
        (&["--inbox", inbox][..], &["--inbox", inbox][..], 1),
        (&["--status", "closed"], &["--status", "CLOSED"], 1),
        (&["--since", since], &["--latest-message-after", since], 5),
        (
            &["--since", since, "--status", "OPEN"],
            &["--latest-message-after", since, "--status", "OPEN"],
            1,
        ),
        (&["--limit", "7"], &["--limit", "7"], 7),
        (&["--limit", "700"], &[], 40),
    ] {
        let folder = TempDir::new().unwrap();
        assert_eq!(export(&account, &folder, options).code, 0);
        let expected = listed(&account, &[&["threads", "list"], listing].concat());
        assert!(expected.len() >= least && (expected.len() < 40 || least == 40), "{options:?}");
        assert_eq!(records(folder.path(), "threads.jsonl"), expected, "{options:?}");
        let messages = records(folder.path(), "messages.jsonl");
        assert_eq!(messages.len(), 9 * expected.len(), "{options:?}");
    }

    let inboxes: BTreeSet<_> = all.values().map(|thread| thread["inboxId"].as_str()).collect();
    let inboxes: Vec<_> = inboxes.into_iter().flatten().flat_map(|id| ["--inbox", id]).collect();
    let folder = TempDir::new().unwrap();
    assert_eq!(export(&account, &folder, &inboxes).code, 0);
    assert_eq!(records(folder.path(), "threads.jsonl"), all, "each inbox is listed by itself");
}

#[cfg(unix)]
#[test]
fn a_limit_counts_the_threads_of_the_runs_before() {
    let stalling = StallingServer::at(BEFORE + 5);
    let folder = TempDir::new().unwrap();
    let options = ["--limit", "6", "--concurrency", "1"];
    kill(stalling.start(&folder, &options));
    assert_eq!(export_with(&stalling.server, &folder, &options).code, 0);
    let ids: Vec<_> = records(folder.path(), "threads.jsonl").into_keys().collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5", "6"]);
}

#[cfg(unix)]
#[test]
fn the_order_of_the_inboxes_does_not_matter() {
    let stalling = StallingServer::at(BEFORE + 5);
    let folder = TempDir::new().unwrap();
    kill(stalling.start_one_by_one(&folder, &["--inbox", "1", "--inbox", "2"], 4));
    let again = ["--inbox", "2", "--inbox", "1", "--inbox", "2", "--concurrency", "1"];
    let output = export_with(&stalling.server, &folder, &again);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stderr.starts_with("resuming after 4 threads"), "{}", output.stderr);
}
