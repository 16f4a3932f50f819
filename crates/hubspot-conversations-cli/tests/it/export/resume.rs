//! However an export ends, what was read is kept.

use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::account::*;
use crate::program::{signal, wait};
use crate::server::Reply;

#[cfg(unix)]
#[test]
fn an_export_that_was_killed_resumes_where_it_was() {
    let expected = expected_contents();
    for concurrency in ["1", "8"] {
        for number in [1, BEFORE, BEFORE + 1, BEFORE + 2, BEFORE + 7, BEFORE + 13] {
            let stalling = StallingServer::at(number);
            let folder = TempDir::new().unwrap();
            let done = (number - 1).saturating_sub(BEFORE).min(SMALL);
            kill(match concurrency {
                "1" => stalling.start_one_by_one(&folder, &[], done),
                _ => stalling.start(&folder, &["--concurrency", concurrency]),
            });
            assert!(!folder.path().join("export.json").exists());
            let before = stalling.asked();
            let output = export_with(&stalling.server, &folder, &["--concurrency", concurrency]);
            assert_eq!(output.code, 0, "killed at {number}: {}", output.stderr);
            match concurrency {
                "1" => {
                    assert_eq!(contents(&folder), expected, "killed at {number}");
                    let asked = stalling.asked() - before;
                    assert_eq!(asked, BEFORE + SMALL - done + 1, "{done} threads were there");
                }
                _ => assert_eq!(sorted(contents(&folder)), sorted(expected.clone())),
            }
            assert_eq!(names(folder.path()), all_files());
        }
    }
}

#[cfg(unix)]
#[test]
fn a_rest_that_was_torn_off_is_read_again() {
    use std::io::Write;

    let stalling = StallingServer::at(BEFORE + 7);
    let folder = TempDir::new().unwrap();
    kill(stalling.start_one_by_one(&folder, &[], 6));
    for name in names(folder.path()) {
        let mut file =
            std::fs::OpenOptions::new().append(true).open(folder.path().join(name)).unwrap();
        file.write_all(b"{\"thread\":{\"key\":\"7\",").unwrap();
    }
    let output = export_with(&stalling.server, &folder, &["--concurrency", "1"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(
        output
            .stderr
            .starts_with("resuming after 6 threads with 18 messages\nthe export was started on 20"),
        "{}",
        output.stderr
    );
    assert_eq!(contents(&folder), expected_contents());
}

#[cfg(unix)]
#[test]
fn a_stop_says_what_is_kept_and_the_same_command_resumes() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let stalling = StallingServer::at(BEFORE + 7);
        let folder = TempDir::new().unwrap();
        let child = stalling.start(&folder, &["--concurrency", "1"]);
        signal(&child, name);
        let output = wait(child);
        assert_eq!(output.code, code);
        let kept = format!(
            "note: 6 threads with 18 messages are kept in {}; run the same command again to resume the export\n",
            folder.path().display()
        );
        assert_eq!(output.stderr, kept);
        assert_eq!(export_with(&stalling.server, &folder, &["--concurrency", "1"]).code, 0);
        assert_eq!(contents(&folder), expected_contents());
    }
}

#[test]
fn an_error_says_what_is_kept() {
    let asked = AtomicUsize::new(0);
    let (server, _runtime) = scripted(move |request| {
        let is_messages = request.line.contains("/messages?");
        if is_messages && asked.fetch_add(1, Ordering::Relaxed) == 4 {
            return Some(Reply::Json(403, "{}".to_owned()));
        }
        small_account(request)
    });
    let folder = TempDir::new().unwrap();
    let output = export_with(&server, &folder, &["--concurrency", "1"]);
    assert_eq!(output.code, 1);
    let (note, error) = output.stderr.split_once('\n').unwrap();
    assert!(note.starts_with("note: 4 threads with 12 messages are kept in "), "{note}");
    assert!(error.starts_with("error: "), "{error}");
    assert_eq!(export_with(&server, &folder, &["--concurrency", "1"]).code, 0);
    assert_eq!(contents(&folder), expected_contents());
}

#[cfg(unix)]
#[test]
fn ctrl_c_before_the_first_thread_leaves_nothing() {
    let stalling = StallingServer::at(BEFORE);
    let folder = TempDir::new().unwrap();
    let child = stalling.start(&folder, &[]);
    signal(&child, "INT");
    let output = wait(child);
    assert_eq!((output.code, output.stderr.as_str()), (130, ""));
    assert!(names(folder.path()).is_empty());
}
