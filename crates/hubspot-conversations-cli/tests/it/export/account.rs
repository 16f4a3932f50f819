//! Accounts to export, and the files of an export.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{self, Account, Output, program_at, run, spawn};
use crate::server::{RecordedRequest, Reply, Server};

pub(crate) const FILES: [&str; 6] = [
    "inboxes.jsonl",
    "channels.jsonl",
    "channel_accounts.jsonl",
    "threads.jsonl",
    "messages.jsonl",
    "actors.jsonl",
];

pub(crate) fn text(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// The records of a file by id.
pub(crate) fn records(folder: &Path, file: &str) -> BTreeMap<String, Value> {
    let text = text(folder, file);
    let records: BTreeMap<_, _> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .map(|record: Value| (program::id(&record), record))
        .collect();
    assert_eq!(records.len(), text.lines().count(), "{file} repeats a record");
    records
}

pub(crate) fn listed(account: &Account, arguments: &[&str]) -> BTreeMap<String, Value> {
    account.list(arguments).into_iter().map(|record| (program::id(&record), record)).collect()
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The sorted names of the files of a finished export.
pub(crate) fn all_files() -> Vec<&'static str> {
    let mut files = FILES.to_vec();
    files.push("export.json");
    files.sort_unstable();
    files
}

pub(crate) fn export(account: &Account, folder: &TempDir, more: &[&str]) -> Output {
    let folder = folder.path().to_str().unwrap();
    account.run(&[&["export", folder], more].concat())
}

/// An account on a server that is scripted by path. What is not scripted is an empty list.
pub(crate) fn scripted(
    script: impl Fn(&RecordedRequest) -> Option<Reply> + Send + Sync + 'static,
) -> (Server, tokio::runtime::Runtime) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(move |asked, _| {
        script(asked).unwrap_or_else(|| page(&json!([]), None))
    }));
    (server, runtime)
}

pub(crate) fn page(results: &Value, after: Option<&str>) -> Reply {
    let mut page = json!({ "results": results });
    if let Some(after) = after {
        page["paging"] = json!({ "next": { "after": after } });
    }
    Reply::Json(200, page.to_string())
}

pub(crate) const THREADS: &str = "/conversations/v3/conversations/threads";

pub(crate) fn export_from(server: &Server, folder: &TempDir) -> Output {
    export_with(server, folder, &[])
}

pub(crate) fn export_with(server: &Server, folder: &TempDir, more: &[&str]) -> Output {
    let folder = folder.path().to_str().unwrap();
    run(&mut program_at(&server.base_url, &[&["export", folder], more].concat()), "")
}

/// How many threads an account of [`small_account`] has.
pub(crate) const SMALL: usize = 12;

/// An account of twelve threads with three messages each.
pub(crate) fn small_account(asked: &RecordedRequest) -> Option<Reply> {
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

/// The files of an undisturbed export of [`small_account`].
pub(crate) fn expected_contents() -> BTreeMap<&'static str, Vec<String>> {
    let (server, _runtime) = scripted(small_account);
    let folder = TempDir::new().unwrap();
    assert_eq!(export_with(&server, &folder, &["--concurrency", "1"]).code, 0);
    contents(&folder)
}

/// The lines of each file.
pub(crate) fn contents(folder: &TempDir) -> BTreeMap<&'static str, Vec<String>> {
    let lines = |file| text(folder.path(), file).lines().map(str::to_owned).collect();
    FILES.map(|file| (file, lines(file))).into()
}

/// The content of every file in the folder.
pub(crate) fn contents_of_all(folder: &TempDir) -> BTreeMap<String, Vec<u8>> {
    let content = |name: String| (name.clone(), std::fs::read(folder.path().join(name)).unwrap());
    names(folder.path()).into_iter().map(content).collect()
}

pub(crate) fn sorted(
    mut contents: BTreeMap<&'static str, Vec<String>>,
) -> BTreeMap<&'static str, Vec<String>> {
    contents.values_mut().for_each(|lines| lines.sort_unstable());
    contents
}

/// An account that does not respond to the request of one number, once, and reports it.
pub(crate) struct StallingServer {
    pub(crate) server: Server,
    pub(crate) _runtime: tokio::runtime::Runtime,
    pub(crate) reached: Receiver<()>,
    pub(crate) asked: Arc<AtomicUsize>,
}

impl StallingServer {
    pub(crate) fn at(number: usize) -> Self {
        let (reach, reached) = channel();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let (server, _runtime) = scripted(move |request| {
            if count.fetch_add(1, Ordering::Relaxed) + 1 == number {
                reach.send(()).unwrap();
                return Some(Reply::Silence);
            }
            small_account(request)
        });
        Self { server, _runtime, reached, asked }
    }

    /// Starts an export, and waits until its request stalls.
    pub(crate) fn start(&self, folder: &TempDir, more: &[&str]) -> Child {
        let path = folder.path().to_str().unwrap();
        let arguments = [&["export", path], more].concat();
        let child = spawn(&mut program_at(&self.server.base_url, &arguments));
        self.reached.recv().unwrap();
        child
    }

    /// Starts an export of one thread at a time, and waits until its request stalls and it has saved
    /// this number of threads.
    pub(crate) fn start_one_by_one(
        &self,
        folder: &TempDir,
        more: &[&str],
        threads: usize,
    ) -> Child {
        let child = self.start(folder, &[&["--concurrency", "1"], more].concat());
        wait_for_threads(folder, threads);
        child
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Waits until a partial export has this number of threads.
#[cfg(unix)]
pub(crate) fn wait_for_threads(folder: &TempDir, threads: usize) {
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
pub(crate) fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The requests before the first thread's: inboxes, channels, channel accounts, threads.
pub(crate) const BEFORE: usize = 4;
