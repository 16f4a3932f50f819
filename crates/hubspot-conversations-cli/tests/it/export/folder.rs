//! What may be in the folder already, and who may write there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use serde_json::json;
use tempfile::TempDir;

use super::account::*;
use crate::program::{Account, program_at, run, spawn};
use crate::server::Reply;

#[test]
fn a_folder_that_cannot_be_made_is_bad_usage() {
    let account = Account::new();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = account.run(&["export", file.to_str().unwrap()]).error(2);
    assert!(error.starts_with("error: cannot write to "), "{error}");
}

#[cfg(unix)]
#[test]
fn a_partial_export_of_another_account_is_not_mixed_with_this_one() {
    let account = Arc::new(AtomicUsize::new(5));
    let asked = Arc::clone(&account);
    let (reach, reached) = channel();
    let (server, _runtime) = scripted(move |request| {
        let account = asked.load(Ordering::Relaxed);
        if request.line.contains("/inboxes") {
            return Some(page(&json!([{ "id": account.to_string() }]), None));
        }
        if account == 5 && request.line.contains("/7/messages?") {
            reach.send(()).unwrap();
            return Some(Reply::Silence);
        }
        small_account(request)
    });
    let folder = TempDir::new().unwrap();
    let arguments = ["export", folder.path().to_str().unwrap(), "--concurrency", "1"];
    let child = spawn(&mut program_at(&server.base_url, &arguments));
    reached.recv().unwrap();
    wait_for_threads(&folder, 6);
    kill(child);
    account.store(6, Ordering::Relaxed);
    let output = export_with(&server, &folder, &["--quiet"]);
    let error = output.error(1);
    assert!(error.contains("a partial export of another account"), "{error}");
    account.store(5, Ordering::Relaxed);
    let output = export_with(&server, &folder, &["--limit", "1"]);
    assert!(
        output.stderr.contains("contains a partial export without options"),
        "{}",
        output.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_second_export_into_the_same_folder_is_refused() {
    let stalling = StallingServer::at(BEFORE + 7);
    let folder = TempDir::new().unwrap();
    let first = stalling.start(&folder, &["--concurrency", "1"]);
    let before = names(folder.path());
    for more in [&[][..], &["--restart"]] {
        let error = export_with(&stalling.server, &folder, more).error(2);
        assert!(error.contains("another export to"), "{error}");
    }
    assert_eq!(names(folder.path()), before);
    kill(first);
    assert_eq!(export_with(&stalling.server, &folder, &["--concurrency", "1"]).code, 0);
    assert_eq!(contents(&folder), expected_contents());
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_a_partial_file_is_not_followed() {
    let folder = TempDir::new().unwrap();
    let elsewhere = TempDir::new().unwrap();
    let victim = elsewhere.path().join("victim");
    std::fs::write(&victim, "mine").unwrap();
    for file in ["threads.jsonl.partial", "messages.jsonl.partial", "export.json.partial"] {
        std::os::unix::fs::symlink(&victim, folder.path().join(file)).unwrap();
    }
    let (server, _runtime) = scripted(small_account);
    assert_eq!(export_from(&server, &folder).code, 0);
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "mine");
    assert_eq!(names(folder.path()), all_files());
}

#[cfg(unix)]
#[test]
fn a_full_disk_costs_no_record_that_was_written() {
    let folder = Arc::new(TempDir::new().unwrap());
    let written = Arc::clone(&folder);
    let asked = AtomicUsize::new(0);
    let (server, _runtime) = scripted(move |request| {
        // The third thread comes when the first two are written.
        if asked.fetch_add(1, Ordering::Relaxed) == BEFORE + 2 {
            wait_for_threads(&written, 2);
        }
        small_account(request)
    });
    let path = folder.path().to_str().unwrap();
    let program = program_at(&server.base_url, &["export", path, "--concurrency", "1"]);
    // No file may be longer than ten blocks, as if there were no more space.
    let script = r#"trap '' XFSZ; ulimit -f 10; exec "$@""#;
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", script, "sh"]).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let output = run(&mut limited, "");
    assert_eq!(output.code, 1, "{}", output.stderr);
    assert!(
        output.stderr.contains("note: 2 threads with 6 messages are kept"),
        "{}",
        output.stderr
    );
    assert!(output.stderr.contains("error: cannot write the export: "), "{}", output.stderr);
    let output = export_with(&server, &folder, &["--concurrency", "1"]);
    assert!(output.stderr.starts_with("resuming after 2 threads "), "{}", output.stderr);
    assert_eq!(contents(&folder), expected_contents());
}

#[cfg(unix)]
#[test]
fn a_journal_of_another_version_is_left_as_it_is() {
    let stalling = StallingServer::at(BEFORE + 7);
    let folder = TempDir::new().unwrap();
    kill(stalling.start_one_by_one(&folder, &[], 6));
    let journal = folder.path().join("export.partial");
    let ours = std::fs::read_to_string(&journal).unwrap();
    let (_, rest) = ours.split_once('\n').unwrap();
    for first in [
        ours.lines().next().unwrap().replace("\"format\":1", "\"format\":99"),
        "{\"begun\":{\"format\":2,\"since\":1}}".to_owned(),
        "{\"started\":[]}".to_owned(),
        "convo 9".to_owned(),
    ] {
        let theirs = format!("{first}\n{rest}");
        std::fs::write(&journal, &theirs).unwrap();
        let before = contents_of_all(&folder);
        let error = export_with(&stalling.server, &folder, &["--concurrency", "1"]).error(2);
        assert!(error.contains("a partial export of another version of convo"), "{error}");
        assert_eq!(contents_of_all(&folder), before, "{first}");
    }
    std::fs::write(&journal, "no line at all").unwrap();
    export_from(&stalling.server, &folder).error(2);
    std::fs::write(&journal, &ours).unwrap();
    assert_eq!(export_with(&stalling.server, &folder, &["--concurrency", "1"]).code, 0);
    assert_eq!(contents(&folder), expected_contents());
}

#[cfg(unix)]
#[test]
fn a_finished_export_of_another_version_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let theirs = "{\"format\":99,\"finished\":true}";
    std::fs::write(folder.path().join("export.json.partial"), theirs).unwrap();
    let (server, _runtime) = scripted(small_account);
    let error = export_from(&server, &folder).error(2);
    assert!(error.contains("a partial export of another version of convo"), "{error}");
    assert_eq!(text(folder.path(), "export.json.partial"), theirs);
    assert_eq!(export_with(&server, &folder, &["--restart"]).code, 0);
    assert_eq!(names(folder.path()), all_files());
}

#[cfg(unix)]
#[test]
fn options_are_compared_before_anything_is_cut() {
    let stalling = StallingServer::at(BEFORE + 7);
    let folder = TempDir::new().unwrap();
    kill(stalling.start_one_by_one(&folder, &[], 6));
    let journal = folder.path().join("export.partial");
    let torn = std::fs::read_to_string(&journal).unwrap() + "{\"thread\":{\"key\":\"7\"";
    std::fs::write(&journal, torn).unwrap();
    let before = contents_of_all(&folder);
    export_with(&stalling.server, &folder, &["--archived"]).error(2);
    assert_eq!(contents_of_all(&folder), before);
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_an_empty_file_is_not_followed_by_a_resumed_export() {
    let stalling = StallingServer::at(BEFORE + 7);
    let folder = TempDir::new().unwrap();
    kill(stalling.start_one_by_one(&folder, &[], 6));
    let elsewhere = TempDir::new().unwrap();
    let victim = elsewhere.path().join("victim");
    std::fs::write(&victim, "mine").unwrap();
    // No actor was read yet.
    let actors = folder.path().join("actors.jsonl.partial");
    std::fs::remove_file(&actors).unwrap();
    std::os::unix::fs::symlink(&victim, &actors).unwrap();
    let output = export_with(&stalling.server, &folder, &["--concurrency", "1"]);
    assert!(output.stderr.starts_with("resuming after 6 threads"), "{}", output.stderr);
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "mine");
    assert_eq!(contents(&folder), expected_contents());
}
