//! An export holds everything, as HubSpot sent it, or does not appear at all. What was read is kept.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
#[path = "../../hubspot-conversations/tests/server/mod.rs"]
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};

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

/// The sorted names of the files of a finished export.
fn all_files() -> Vec<&'static str> {
    let mut files = FILES.to_vec();
    files.push("export.json");
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
fn what_is_archived_comes_along_with_its_messages() {
    let account = Account::new();
    let folder = TempDir::new().unwrap();
    let ran = export(&account, &folder, &["--archived"]);
    assert_eq!(ran.code, 0);
    assert!(!ran.stderr.contains("has no messages"), "{}", ran.stderr);
    let counts = account.simulator.counts();
    assert!(counts.archived_threads > 0);
    let threads = records(folder.path(), "threads.jsonl");
    assert_eq!(threads.len(), counts.threads + counts.archived_threads);

    let messages = records(folder.path(), "messages.jsonl");
    let of: BTreeSet<_> =
        messages.values().map(|message| message["conversationsThreadId"].as_str()).collect();
    assert_eq!(of, threads.keys().map(|id| Some(id.as_str())).collect());
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
    export_with(server, folder, &[])
}

fn export_with(server: &Server, folder: &TempDir, more: &[&str]) -> Ran {
    let folder = folder.path().to_str().unwrap();
    run(&mut program_at(&server.base_url, &[&["export", folder], more].concat()), "")
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
        note: 1 message has a field of an unknown kind, so its actors may be missing; see thread 7\n\
        note: 1 truncated message has no original content to complete it; see thread 7\n\
        note: 1 actor that messages name is not known to HubSpot\n";
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
    assert!(ran.stderr.contains("lost: the messages of 1 thread without an id"), "{}", ran.stderr);
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
    assert!(
        ran.stderr.contains("note: 1 thread was gone before its messages were read; see thread 7")
    );
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
fn a_folder_that_cannot_be_made_is_bad_usage() {
    let account = Account::new();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = account.run(&["export", file.to_str().unwrap()]).error(2);
    assert!(error.starts_with("error: cannot write to "), "{error}");
}

/// How many threads an account of [`small_account`] has.
const SMALL: usize = 12;

/// An account of twelve threads with three messages each.
fn small_account(asked: &Asked) -> Option<Reply> {
    let line = asked.line.as_str();
    if line.contains("/actors/batch/read") {
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        let actors = body["inputs"].as_array().unwrap().iter();
        let actors: Vec<_> = actors.map(|id| json!({ "type": "VISITOR", "id": id })).collect();
        return Some(Reply::Json(200, json!({ "results": actors }).to_string()));
    }
    if line.contains("/inboxes?") || line.ends_with("/inboxes") {
        return Some(page(&json!([{ "id": "5", "name": "Support" }]), None));
    }
    let rest = line.strip_prefix(&format!("GET {THREADS}"))?;
    if line.contains("archived=true") {
        return None;
    }
    Some(if let Some((id, _)) = rest.trim_start_matches('/').split_once("/messages?") {
        let message = |n| {
            json!({ "type": "MESSAGE", "id": format!("{id}-{n}"), "conversationsThreadId": id,
                    "text": "x".repeat(400), "createdBy": format!("V-{id}") })
        };
        page(&json!([message(1), message(2), message(3)]), None)
    } else {
        let thread = |id| json!({ "id": id, "status": "OPEN", "assignedTo": "A-1" });
        let ids = (1..=SMALL).map(|id| id.to_string());
        page(&ids.map(thread).collect::<Vec<_>>().into(), None)
    })
}

/// What an export of [`small_account`] holds, read without a disturbance.
fn undisturbed() -> BTreeMap<&'static str, Vec<String>> {
    let (server, _runtime) = awkward(small_account);
    let folder = TempDir::new().unwrap();
    assert_eq!(export_with(&server, &folder, &["--concurrency", "1"]).code, 0);
    contents(&folder)
}

/// The lines of each file.
fn contents(folder: &TempDir) -> BTreeMap<&'static str, Vec<String>> {
    let lines = |file| text(folder.path(), file).lines().map(str::to_owned).collect();
    FILES.map(|file| (file, lines(file))).into()
}

fn sorted(
    mut contents: BTreeMap<&'static str, Vec<String>>,
) -> BTreeMap<&'static str, Vec<String>> {
    contents.values_mut().for_each(|lines| lines.sort_unstable());
    contents
}

/// An account that leaves the request of this number unanswered, once, and says so.
struct Held {
    server: Server,
    _runtime: tokio::runtime::Runtime,
    reached: Receiver<()>,
    asked: Arc<AtomicUsize>,
}

impl Held {
    fn at(number: usize) -> Self {
        let (reach, reached) = channel();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let (server, _runtime) = awkward(move |request| {
            if count.fetch_add(1, Ordering::Relaxed) + 1 == number {
                reach.send(()).unwrap();
                return Some(Reply::Silence);
            }
            small_account(request)
        });
        Self { server, _runtime, reached, asked }
    }

    /// Starts an export, and waits until it is held.
    fn start(&self, folder: &TempDir, more: &[&str]) -> Child {
        let path = folder.path().to_str().unwrap();
        let arguments = [&["export", path], more].concat();
        let child = start(&mut program_at(&self.server.base_url, &arguments));
        self.reached.recv().unwrap();
        child
    }

    /// Starts an export of one thread at a time, and waits until it is held and has written down
    /// so many threads.
    fn start_one_by_one(&self, folder: &TempDir, more: &[&str], threads: usize) -> Child {
        let child = self.start(folder, &[&["--concurrency", "1"], more].concat());
        wait_for_threads(folder, threads);
        child
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Waits until a partial export has so many threads.
#[cfg(unix)]
fn wait_for_threads(folder: &TempDir, threads: usize) {
    let journal = folder.path().join("export.partial");
    let has_all = || {
        let journal = std::fs::read_to_string(&journal).unwrap_or_default();
        journal.lines().filter(|line| line.starts_with("{\"thread\":")).count() == threads
    };
    while !has_all() {
        std::thread::yield_now();
    }
}

/// Kills a program like a machine that runs out of memory.
#[cfg(unix)]
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The requests before the first thread's: inboxes, channels, channel accounts, threads.
const BEFORE: usize = 4;

#[cfg(unix)]
#[test]
fn an_export_that_was_killed_resumes_where_it_was() {
    let expected = undisturbed();
    for concurrency in ["1", "8"] {
        for number in [1, BEFORE, BEFORE + 1, BEFORE + 2, BEFORE + 7, BEFORE + 13] {
            let held = Held::at(number);
            let folder = TempDir::new().unwrap();
            let done = (number - 1).saturating_sub(BEFORE).min(SMALL);
            kill(match concurrency {
                "1" => held.start_one_by_one(&folder, &[], done),
                _ => held.start(&folder, &["--concurrency", concurrency]),
            });
            assert!(!folder.path().join("export.json").exists());
            let before = held.asked();
            let ran = export_with(&held.server, &folder, &["--concurrency", concurrency]);
            assert_eq!(ran.code, 0, "killed at {number}: {}", ran.stderr);
            match concurrency {
                "1" => {
                    assert_eq!(contents(&folder), expected, "killed at {number}");
                    let asked = held.asked() - before;
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

    let held = Held::at(BEFORE + 7);
    let folder = TempDir::new().unwrap();
    kill(held.start_one_by_one(&folder, &[], 6));
    for name in names(folder.path()) {
        let mut file =
            std::fs::OpenOptions::new().append(true).open(folder.path().join(name)).unwrap();
        file.write_all(b"{\"thread\":{\"key\":\"7\",").unwrap();
    }
    let ran = export_with(&held.server, &folder, &["--concurrency", "1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with("resuming after 6 threads with 18 messages\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(contents(&folder), undisturbed());
}

#[cfg(unix)]
#[test]
fn a_stop_says_what_is_kept_and_the_same_command_resumes() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let held = Held::at(BEFORE + 7);
        let folder = TempDir::new().unwrap();
        let child = held.start(&folder, &["--concurrency", "1"]);
        signal(&child, name);
        let ran = ended(child);
        assert_eq!(ran.code, code);
        let kept = format!(
            "note: 6 threads with 18 messages are kept in {}; the same command resumes the export\n",
            folder.path().display()
        );
        assert_eq!(ran.stderr, kept);
        assert_eq!(export_with(&held.server, &folder, &["--concurrency", "1"]).code, 0);
        assert_eq!(contents(&folder), undisturbed());
    }
}

#[test]
fn an_error_says_what_is_kept() {
    let asked = AtomicUsize::new(0);
    let (server, _runtime) = awkward(move |request| {
        let is_messages = request.line.contains("/messages?");
        if is_messages && asked.fetch_add(1, Ordering::Relaxed) == 4 {
            return Some(Reply::Json(403, "{}".to_owned()));
        }
        small_account(request)
    });
    let folder = TempDir::new().unwrap();
    let ran = export_with(&server, &folder, &["--concurrency", "1"]);
    assert_eq!(ran.code, 1);
    let (note, error) = ran.stderr.split_once('\n').unwrap();
    assert!(note.starts_with("note: 4 threads with 12 messages are kept in "), "{note}");
    assert!(error.starts_with("error: "), "{error}");
    assert_eq!(export_with(&server, &folder, &["--concurrency", "1"]).code, 0);
    assert_eq!(contents(&folder), undisturbed());
}

#[cfg(unix)]
#[test]
fn a_partial_export_is_resumed_with_its_own_options_only() {
    let held = Held::at(BEFORE + 7);
    let folder = TempDir::new().unwrap();
    let options = ["--inbox", "5", "--concurrency", "1"];
    kill(held.start_one_by_one(&folder, &["--inbox", "5"], 6));
    let before = names(folder.path());

    let error = export_with(&held.server, &folder, &["--archived", "--limit", "3"]).error(2);
    assert!(error.contains("a partial export with --inbox 5"), "{error}");
    assert!(error.contains("this one is with --archived --limit 3"), "{error}");
    assert!(error.contains("--restart"), "{error}");
    let error = export_from(&held.server, &folder).error(2);
    assert!(error.contains("this one is without options"), "{error}");
    let newer = [&options[..], &["--api-version", "2026-09"]].concat();
    let error = export_with(&held.server, &folder, &newer).error(2);
    assert!(error.contains("of API version v3, and this one is"), "{error}");
    assert_eq!(names(folder.path()), before);

    let discarded = export_with(&held.server, &folder, &["--restart", "--concurrency", "1"]);
    assert!(!discarded.stderr.contains("resuming"), "{}", discarded.stderr);
    assert_eq!(contents(&folder), undisturbed());
}

#[cfg(unix)]
#[test]
fn a_partial_export_of_another_account_is_not_mixed_with_this_one() {
    let account = Arc::new(AtomicUsize::new(5));
    let asked = Arc::clone(&account);
    let (reach, reached) = channel();
    let (server, _runtime) = awkward(move |request| {
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
    let child = start(&mut program_at(&server.base_url, &arguments));
    reached.recv().unwrap();
    wait_for_threads(&folder, 6);
    kill(child);
    account.store(6, Ordering::Relaxed);
    let ran = export_from(&server, &folder);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("a partial export of another account"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_second_export_into_the_same_folder_is_refused() {
    let held = Held::at(BEFORE + 7);
    let folder = TempDir::new().unwrap();
    let first = held.start(&folder, &["--concurrency", "1"]);
    let before = names(folder.path());
    for more in [&[][..], &["--restart"]] {
        let error = export_with(&held.server, &folder, more).error(2);
        assert!(error.contains("another export into"), "{error}");
    }
    assert_eq!(names(folder.path()), before);
    kill(first);
    assert_eq!(export_with(&held.server, &folder, &["--concurrency", "1"]).code, 0);
    assert_eq!(contents(&folder), undisturbed());
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
    let (server, _runtime) = awkward(move |request| {
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
    let ran = export_with(&server, &folder, &["--concurrency", "1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(asked.load(Ordering::Relaxed), before, "it was read already");
    assert_eq!(contents(&folder), undisturbed());
    assert_eq!(names(folder.path()), all_files());
}

#[test]
fn a_finished_export_is_replaced_and_says_what_it_holds() {
    let (server, _runtime) = awkward(small_account);
    let folder = TempDir::new().unwrap();
    assert_eq!(export_with(&server, &folder, &["--limit", "2"]).code, 0);
    let holds = || -> Value { serde_json::from_str(&text(folder.path(), "export.json")).unwrap() };
    assert_eq!(holds()["records"]["threads.jsonl"], 2);
    assert_eq!(holds()["options"]["limit"], 2);

    // What a version that resumed nothing left behind when it was killed.
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
    let held = Held::at(BEFORE + 5);
    let folder = TempDir::new().unwrap();
    let options = ["--limit", "6", "--concurrency", "1"];
    kill(held.start(&folder, &options));
    assert_eq!(export_with(&held.server, &folder, &options).code, 0);
    let ids: Vec<_> = records(folder.path(), "threads.jsonl").into_keys().collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5", "6"]);
}

#[test]
fn both_lists_of_a_history_are_merged_by_id() {
    let asks_archived = |line: &str| line.contains("archived=true");
    let (server, _runtime) = awkward(move |asked| {
        let line = asked.line.as_str();
        let messages =
            |ids: &[&str]| page(&ids.iter().map(|id| json!({ "id": id })).collect(), None);
        if line.starts_with(&format!("GET {THREADS}?")) {
            return Some(match asks_archived(line) {
                // A thread that was archived between the lists is in both of them.
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
    let ran = export_with(&server, &folder, &["--archived"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ids = |file| records(folder.path(), file).into_keys().collect::<Vec<_>>();
    assert_eq!(ids("messages.jsonl"), ["7a", "7b", "7c", "8a"]);
    assert_eq!(text(folder.path(), "threads.jsonl").lines().count(), 3);
    assert!(
        ran.stderr.ends_with("note: 1 archived thread has no messages; see thread 9\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_thread_that_is_archived_while_it_is_read_keeps_its_messages() {
    let (server, _runtime) = awkward(|asked| {
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
    let ran = export_from(&server, &folder);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(text(folder.path(), "messages.jsonl").lines().count(), 2);
    assert!(!ran.stderr.contains("gone"), "{}", ran.stderr);
}

#[test]
fn a_thread_that_hubspot_fails_at_costs_no_other() {
    let (server, _runtime) = awkward(|asked| match asked.line.as_str() {
        line if line.contains("/3/messages?") => Some(Reply::Json(400, "{}".to_owned())),
        _ => small_account(asked),
    });
    let folder = TempDir::new().unwrap();
    let ran = export_with(&server, &folder, &["--quiet"]);
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    let lost = "lost: messages of 1 thread that HubSpot did not send; see thread 3 (";
    assert!(ran.stderr.starts_with(lost), "{}", ran.stderr);
    assert!(ran.stderr.contains("\nerror: the export is incomplete: "), "{}", ran.stderr);
    assert_eq!(records(folder.path(), "threads.jsonl").len(), SMALL);
    assert_eq!(records(folder.path(), "messages.jsonl").len(), 3 * (SMALL - 1));
    let holds: Value = serde_json::from_str(&text(folder.path(), "export.json")).unwrap();
    assert_eq!(holds["complete"], false);
}

#[test]
fn a_quiet_export_says_nothing_that_is_not_a_note() {
    let account = Account::new();
    let folder = TempDir::new().unwrap();
    assert_eq!(export(&account, &folder, &["--quiet"]).data(), "");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_what_was_exported() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("new/folder");
    let (server, _runtime) = awkward(small_account);
    let arguments = ["export", folder.to_str().unwrap()];
    assert_eq!(run(&mut program_at(&server.base_url, &arguments), "").code, 0);
    assert_eq!((mode(&folder), mode(&parent.path().join("new"))), (0o700, 0o700));
    for file in all_files() {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }

    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o750)).unwrap();
    assert_eq!(run(&mut program_at(&server.base_url, &arguments), "").code, 0);
    assert_eq!(mode(&folder), 0o750, "a folder that was there keeps its mode");
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
    let (server, _runtime) = awkward(small_account);
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
    let (server, _runtime) = awkward(move |request| {
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
    let ran = run(&mut limited, "");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("note: 2 threads with 6 messages are kept"), "{}", ran.stderr);
    assert!(ran.stderr.contains("error: cannot write the export: "), "{}", ran.stderr);
    let ran = export_with(&server, &folder, &["--concurrency", "1"]);
    assert!(ran.stderr.starts_with("resuming after 2 threads "), "{}", ran.stderr);
    assert_eq!(contents(&folder), undisturbed());
}

#[cfg(unix)]
#[test]
fn ctrl_c_before_the_first_thread_leaves_nothing() {
    let held = Held::at(BEFORE);
    let folder = TempDir::new().unwrap();
    let child = held.start(&folder, &[]);
    signal(&child, "INT");
    let ran = ended(child);
    assert_eq!((ran.code, ran.stderr.as_str()), (130, ""));
    assert!(names(folder.path()).is_empty());
}
