//! Threads and actors that always fail, in virtual time.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hubspot_conversations::testing::{self, Simulator};
use hubspot_conversations::{Transport, TransportBody, TransportError};
use tokio::time::Instant;

use super::files::RecordKind;
use super::{Options, RunOptions, Source, Summary, run};

/// How a request fails.
#[derive(Clone, Copy, Debug)]
enum Failing {
    NoAnswer,
    Cut,
}

/// Fails at the histories of the first threads, or at the first actor, only.
#[derive(Debug)]
struct FailsAt<T> {
    server: T,
    how: Failing,
    threads: usize,
    is_actor: bool,
    poisoned: Mutex<HashSet<String>>,
}

impl<T> FailsAt<T> {
    fn is_poisoned(&self, request: &http::Request<TransportBody>) -> bool {
        let mut poisoned = self.poisoned.lock().unwrap();
        let path = request.uri().path();
        if let Some(rest) = path.strip_suffix("/messages") {
            let is_new = poisoned.len() < self.threads && poisoned.insert(rest.to_owned());
            return is_new || poisoned.contains(rest);
        }
        if self.is_actor && path.ends_with("/actors/batch/read") {
            let body = request.body().as_bytes().unwrap_or_default();
            let body: serde_json::Value = serde_json::from_slice(body).unwrap();
            let mut inputs = body["inputs"].as_array().unwrap().iter();
            if poisoned.is_empty() {
                poisoned.extend(inputs.clone().next().map(ToString::to_string));
            }
            return inputs.any(|id| poisoned.contains(&id.to_string()));
        }
        false
    }
}

impl<T: Transport> Transport for FailsAt<T> {
    fn execute(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        match self.how {
            _ if !self.is_poisoned(&request) => self.server.execute(request),
            Failing::NoAnswer => std::future::pending().boxed(),
            Failing::Cut => std::future::ready(Err(TransportError::Broken)).boxed(),
        }
    }
}

/// Fails at every request for a time, which starts with the second pass over the histories.
#[derive(Debug)]
struct Outage<T> {
    server: T,
    /// The history that fails at first, the number of its requests, and the end of the outage.
    state: Mutex<(Option<String>, u32, Option<Instant>)>,
}

impl<T: Transport> Transport for Outage<T> {
    fn execute(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        let mut state = self.state.lock().unwrap();
        let (history, requests, end) = &mut *state;
        let path = request.uri().path();
        if path.ends_with("/messages") && *history.get_or_insert(path.to_owned()) == path {
            *requests += 1;
            if *requests == 7 {
                *end = Some(Instant::now() + Duration::from_secs(120));
            }
        }
        let is_first_try = path.ends_with("/messages") && history.as_deref() == Some(path);
        let is_down = end.is_some_and(|end| Instant::now() < end);
        if is_down || (is_first_try && *requests <= 6) {
            return std::future::ready(Err(TransportError::Broken)).boxed();
        }
        self.server.execute(request)
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_while_a_thread_is_read_a_second_time_costs_nothing() {
    let simulator = Arc::new(Simulator::builder().threads(20).messages(3).in_process());
    let server = testing::in_process(&simulator);
    let transport = Outage { server, state: Mutex::default() };
    let client = testing::client(&simulator).transport(transport).build().unwrap();
    let source =
        Source { client: &client, server: "simulator".to_owned(), api_version: "v3".to_owned() };
    let run_options = RunOptions { concurrency: 8, restart: false, quiet: true };
    let folder = tempfile::tempdir().unwrap();
    let summary = run(source, folder.path(), Options::default(), run_options).await.unwrap();
    assert!(summary.is_complete(), "{summary}");
    assert_eq!(lines(folder.path(), RecordKind::Messages), 60);
}

/// Exports an account with such failures, and returns how long that took.
async fn export(
    how: Failing,
    threads: usize,
    is_actor: bool,
    folder: &Path,
) -> (Summary, Duration) {
    let simulator = Arc::new(Simulator::builder().threads(60).messages(3).in_process());
    let server = testing::in_process(&simulator);
    let transport = FailsAt { server, how, threads, is_actor, poisoned: Mutex::default() };
    let client = testing::client(&simulator).transport(transport).build().unwrap();
    let (server, api_version) = ("simulator".to_owned(), "v3".to_owned());
    let source = Source { client: &client, server, api_version };
    let run_options = RunOptions { concurrency: 8, restart: false, quiet: true };
    let started = Instant::now();
    let summary =
        run(source, folder, Options::default(), run_options).await.expect("it is finished");
    (summary, started.elapsed())
}

fn lines(folder: &Path, records: RecordKind) -> usize {
    fs::read_to_string(folder.join(records.file_name())).unwrap().lines().count()
}

#[tokio::test(start_paused = true)]
async fn thirty_threads_that_are_not_answered_take_minutes_and_cost_no_other() {
    for how in [Failing::NoAnswer, Failing::Cut] {
        let folder = tempfile::tempdir().unwrap();
        let (summary, took) = export(how, 30, false, folder.path()).await;
        assert!(!summary.is_complete());
        let found = summary.to_string();
        assert!(found.contains("messages of 30 threads that could not be fetched"), "{found}");
        assert_eq!(lines(folder.path(), RecordKind::Threads), 60);
        assert_eq!(lines(folder.path(), RecordKind::Messages), 3 * 30);
        assert!(took < Duration::from_secs(60 * 60), "{how:?}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_is_not_answered_costs_no_other() {
    for how in [Failing::NoAnswer, Failing::Cut] {
        let folder = tempfile::tempdir().unwrap();
        let (summary, took) = export(how, 0, true, folder.path()).await;
        let found = summary.to_string();
        assert!(!summary.is_complete());
        assert!(found.contains("1 actor that messages name but HubSpot did not return"), "{found}");
        assert!(lines(folder.path(), RecordKind::Actors) > 10);
        assert!(took < Duration::from_secs(60 * 60), "{how:?}: {took:?}");
    }
}
