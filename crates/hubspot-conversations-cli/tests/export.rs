//! An export holds everything, as it came, or does not appear at all.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
#[path = "../../hubspot-conversations/tests/server/mod.rs"]
mod server;

use std::collections::BTreeMap;
use std::path::Path;

use hubspot_conversations_sim::{Fault, Simulator};
use program::{Account, Ran, ended, program_at, run, signal, start};
use serde_json::{Value, json};
use server::{Asked, Reply, Server};
use tempfile::TempDir;

const FILES: [&str; 6] = [
    "inboxes.jsonl",
    "channels.jsonl",
    "channel_accounts.jsonl",
    "threads.jsonl",
    "messages.jsonl",
    "actors.jsonl",
];

fn text(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// The records of a file by id.
fn records(folder: &Path, file: &str) -> BTreeMap<String, Value> {
    let text = text(folder, file);
    let records: BTreeMap<_, _> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .map(|record: Value| (program::id(&record), record))
        .collect();
    assert_eq!(records.len(), text.lines().count(), "{file} repeats a record");
    records
}

fn listed(account: &Account, arguments: &[&str]) -> BTreeMap<String, Value> {
    account.list(arguments).into_iter().map(|record| (program::id(&record), record)).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The sorted names of the export's files.
fn all_files() -> Vec<&'static str> {
    let mut files = FILES.to_vec();
    files.sort_unstable();
    files
}

fn export(account: &Account, folder: &TempDir, more: &[&str]) -> Ran {
    let folder = folder.path().to_str().unwrap();
    account.run(&[&["export", folder], more].concat())
}

#[test]
fn it_holds_what_the_account_was_seeded_with() {
    let account = Account::of(Simulator::builder().threads(40).messages(15));
    let folder = TempDir::new().unwrap();
    let ran = export(&account, &folder, &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);

    let counts = account.simulator.counts();
    let lines = FILES.map(|file| text(folder.path(), file).lines().count());
    let seeded = [
        counts.inboxes,
        counts.channels,
        counts.channel_accounts,
        counts.threads,
        counts.messages,
        counts.actors,
    ];
    assert_eq!(lines, seeded, "{}", ran.stderr);
    assert_eq!((counts.threads, counts.messages), (40, 600));
    assert_eq!(names(folder.path()), all_files());
    assert!(
        ran.stderr.starts_with(&format!(
            "exported {} inboxes, {} channels, {} channel accounts, 40 threads, 600 messages, {} actors; ",
            seeded[0], seeded[1], seeded[2], seeded[5]
        )),
        "{}",
        ran.stderr
    );
}

#[test]
fn each_record_is_what_the_api_sends() {
    let account = Account::of(Simulator::builder().threads(12));
    let folder = TempDir::new().unwrap();
    assert_eq!(export(&account, &folder, &[]).code, 0);

    let folder = folder.path();
    assert_eq!(records(folder, "inboxes.jsonl"), listed(&account, &["inboxes", "list"]));
    assert_eq!(records(folder, "channels.jsonl"), listed(&account, &["channels", "list"]));
    let accounts = listed(&account, &["channel-accounts", "list"]);
    assert_eq!(records(folder, "channel_accounts.jsonl"), accounts);
    let threads = listed(&account, &["threads", "list"]);
    assert_eq!(records(folder, "threads.jsonl"), threads);

    let mut messages = records(folder, "messages.jsonl");
    let mut completed = 0;
    for message in messages.values_mut() {
        let whole = message.as_object_mut().unwrap().remove("_originalContent");
        let is_truncated =
            !matches!(message["truncationStatus"].as_str(), None | Some("NOT_TRUNCATED"));
        assert_eq!(whole.is_some(), is_truncated);
        if let Some(whole) = whole {
            let thread = message["conversationsThreadId"].as_str().unwrap();
            let original = ["messages", "original", thread, message["id"].as_str().unwrap()];
            let original = account.run(&[&original[..], &["--output", "json"]].concat()).record();
            assert_eq!(whole, original);
            completed += 1;
        }
    }
    assert!(completed > 0);
    let mut sent = BTreeMap::new();
    for thread in threads.keys() {
        sent.extend(listed(&account, &["messages", "list", thread]));
    }
    assert_eq!(messages, sent);

    for (id, actor) in records(folder, "actors.jsonl").into_iter().take(5) {
        assert_eq!(actor, account.run(&["actors", "get", &id, "--output", "json"]).record());
    }
}

#[test]
fn what_is_archived_comes_along_when_asked() {
    let account = Account::new();
    let folder = TempDir::new().unwrap();
    assert_eq!(export(&account, &folder, &["--archived"]).code, 0);
    let counts = account.simulator.counts();
    assert!(counts.archived_threads > 0);
    let threads = records(folder.path(), "threads.jsonl");
    assert_eq!(threads.len(), counts.threads + counts.archived_threads);
}

/// An account on a server that is scripted by path. What is not scripted is an empty list.
fn awkward(
    script: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static,
) -> (Server, tokio::runtime::Runtime) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(move |asked, _| {
        script(asked).unwrap_or_else(|| page(&json!([]), None))
    }));
    (server, runtime)
}

fn page(results: &Value, after: Option<&str>) -> Reply {
    let mut page = json!({ "results": results });
    if let Some(after) = after {
        page["paging"] = json!({ "next": { "after": after } });
    }
    Reply::Json(200, page.to_string())
}

const THREADS: &str = "/conversations/v3/conversations/threads";

fn export_from(server: &Server, folder: &TempDir) -> Ran {
    let folder = folder.path().to_str().unwrap();
    run(&mut program_at(&server.base_url, &["export", folder]), "")
}

#[test]
fn an_awkward_server_loses_nothing() {
    let messages = json!([
        { "type": "VOICE_CALL", "id": "m1", "createdBy": "V-1", "seconds": 1.50 },
        { "type": "MESSAGE", "id": "m2", "direction": "NOT_APPLICABLE", "attachments": null,
          "senders": [{ "actorId": "V-1" }], "recipients": null, "createdBy": "A-9" },
        { "type": "MESSAGE", "id": 3, "text": null, "conversationsThreadId": 7, "createdAt": "soon" },
        { "id": "m4" },
        { "type": "MESSAGE", "id": "m5", "senders": "nobody" },
        { "type": "MESSAGE", "id": "m6", "truncationStatus": "TRUNCATED" },
        { "type": "MESSAGE", "id": "m7", "truncationStatus": "CUT_BY_TOMORROW" },
    ]);
    let sent = messages.clone();
    let (server, _runtime) = awkward(move |asked| {
        let line = asked.line.as_str();
        Some(if line.contains("/m6/original-content") {
            Reply::Json(404, "{}".to_owned())
        } else if line.starts_with(&format!("GET {THREADS}/7/messages")) {
            match line.contains("after=a%3D%2Fb") {
                true => page(&Value::from(sent.as_array().unwrap()[1..].to_vec()), None),
                false => page(&json!([sent[0]]), Some("a%3D%2Fb")),
            }
        } else if line.starts_with(&format!("GET {THREADS}?")) {
            page(&json!([{ "id": 7, "status": "SNOOZED", "new": { "field": [1] } }]), None)
        } else if line.contains("/actors/batch/read") {
            let actors = json!([{ "type": "ROBOT", "id": "V-1", "battery": 0.5 }]);
            Reply::Json(207, json!({ "results": actors, "errors": null }).to_string())
        } else {
            return None;
        })
    });
    let folder = TempDir::new().unwrap();
    let ran = export_from(&server, &folder);
    assert_eq!(ran.code, 0, "{}", ran.stderr);

    let lines = |file| -> Vec<Value> {
        text(folder.path(), file).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    assert_eq!(Value::from(lines("messages.jsonl")), messages);
    assert_eq!(lines("threads.jsonl")[0]["new"], json!({ "field": [1] }));
    assert_eq!(lines("actors.jsonl"), [json!({ "type": "ROBOT", "id": "V-1", "battery": 0.5 })]);
    let expected = "\
        exported 0 inboxes, 0 channels, 0 channel accounts, 1 threads, 7 messages, 1 actors\n\
        note: a message has a field of an unknown kind, so its actors may be missing\n\
        note: a truncated message has no original content to complete it\n\
        note: 1 actors that messages name are not known to HubSpot\n";
    assert_eq!(ran.stderr, expected);
}

#[test]
fn a_repeated_cursor_is_an_error_and_not_a_loop() {
    let (server, _runtime) = awkward(|asked| {
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
    let (server, _runtime) = awkward(|asked| {
        let is_threads = asked.line.starts_with(&format!("GET {THREADS}?"));
        is_threads.then(|| page(&json!([{ "status": "OPEN" }]), None))
    });
    let folder = TempDir::new().unwrap();
    let ran = export_from(&server, &folder);
    assert_eq!(ran.code, 5);
    assert!(ran.stderr.contains("lost: the messages of 1 threads without an id"), "{}", ran.stderr);
    assert_eq!(text(folder.path(), "threads.jsonl"), "{\"status\":\"OPEN\"}\n");
}

#[test]
fn a_thread_that_goes_while_it_is_read_is_noted() {
    let (server, _runtime) = awkward(|asked| match asked.line.as_str() {
        line if line.starts_with(&format!("GET {THREADS}?")) => {
            Some(page(&json!([{ "id": "7" }]), None))
        }
        line if line.contains("/7/messages") => Some(Reply::Json(404, "{}".to_owned())),
        _ => None,
    });
    let folder = TempDir::new().unwrap();
    let ran = export_from(&server, &folder);
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("note: thread 7 was gone before its messages were read"));
}

#[test]
fn a_failure_leaves_the_files_of_the_export_before() {
    let account = Account::new();
    let folder = TempDir::new().unwrap();
    for file in FILES {
        std::fs::write(folder.path().join(file), "of the export before\n").unwrap();
    }
    account
        .simulator
        .fail_next(hubspot_conversations::OperationId::BatchReadActors, Fault::status(400));
    account
        .simulator
        .fail_next(hubspot_conversations::OperationId::ListMessages, Fault::status(403));
    export(&account, &folder, &[]).error(1);
    assert_eq!(names(folder.path()), all_files());
    for file in FILES {
        assert_eq!(text(folder.path(), file), "of the export before\n");
    }
}

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
fn ctrl_c_stops_it_and_leaves_nothing() {
    let (asked, waits) = std::sync::mpsc::channel();
    let (server, _runtime) = awkward(move |request| {
        let is_threads = request.line.starts_with(&format!("GET {THREADS}?"));
        is_threads.then(|| {
            asked.send(()).unwrap();
            Reply::Silence
        })
    });
    let folder = TempDir::new().unwrap();
    let path = folder.path().to_str().unwrap();
    let child = start(&mut program_at(&server.base_url, &["export", path]));
    waits.recv().unwrap();
    assert_eq!(names(folder.path()).len(), FILES.len());
    signal(&child, "INT");
    assert_eq!(ended(child).code, 130);
    assert!(names(folder.path()).is_empty());
}
