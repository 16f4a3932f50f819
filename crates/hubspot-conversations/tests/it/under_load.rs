//! Many tasks on one client, while a lot goes wrong: every call is accounted for.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hubspot_conversations::testing::{self, Fault, Simulator};
use hubspot_conversations::types::{Message, ThreadId};
use hubspot_conversations::{Client, Error, Transport, TransportBody, TransportError};
use tokio::task::JoinSet;

const TASKS: usize = 200;
const CALLS_OF_EACH: usize = 50;
const CALLS: usize = TASKS * CALLS_OF_EACH;

/// Counts what is sent.
#[derive(Debug)]
struct Counting<T> {
    server: T,
    sent: Arc<AtomicUsize>,
}

impl<T: Transport> Transport for Counting<T> {
    fn execute(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.server.execute(request)
    }
}

/// Everything that can go wrong but what HubSpot asks to send again later, which is not counted as
/// a retry.
fn faults() -> Vec<Fault> {
    vec![
        Fault::status(500),
        Fault::answer(502, "<html>bad gateway</html>"),
        Fault::status(503).although_carried_out(),
        Fault::LoseRequest,
        Fault::LoseAnswer,
        Fault::RefuseConnection,
        Fault::CutBody(10),
        Fault::HoldRequest,
        Fault::HoldAnswer,
        Fault::StallBody(10),
        Fault::Delay(Duration::from_secs(3)),
    ]
}

/// The results that a task observed.
#[derive(Default)]
struct Observed {
    successes: usize,
    /// The comments, by their text.
    comments: HashMap<String, Result<(), Error>>,
}

/// Half of the calls read, half of them leave a comment.
async fn work(client: Client, thread: ThreadId, task: usize) -> Observed {
    let mut observed = Observed::default();
    for call in 0..CALLS_OF_EACH {
        let result = if call.is_multiple_of(2) {
            client.threads().list().send().await.map(|_| ())
        } else {
            let text = format!("comment {call} of task {task}");
            let sent = client.messages(&thread).comment(&text).send().await.map(|_| ());
            observed.comments.insert(text, sent.clone());
            sent
        };
        match result {
            Ok(()) => observed.successes += 1,
            Err(error) => assert!(error.attempts() > 0, "{error}"),
        }
    }
    observed
}

#[tokio::test(start_paused = true)]
async fn every_call_is_accounted_for_and_the_budget_is_kept() {
    let hubspot = Arc::new(Simulator::builder().threads(3).in_process());
    let sent = Arc::new(AtomicUsize::new(0));
    let counting = Counting { server: testing::in_process(&hubspot), sent: Arc::clone(&sent) };
    let client = testing::client(&hubspot).transport(counting).build().unwrap();
    let calm = testing::client(&hubspot).build().unwrap();
    let thread = calm.threads().list().stream().try_next().await.unwrap().unwrap().id;

    hubspot.fail_randomly(7, 0.2, faults());
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        tasks.spawn(work(client.clone(), thread.clone(), task));
    }
    let mut observed = Observed::default();
    for of_task in tasks.join_all().await {
        observed.successes += of_task.successes;
        observed.comments.extend(of_task.comments);
    }
    hubspot.clear_faults();

    let mut stored: HashMap<String, usize> = HashMap::new();
    let mut history = calm.messages(&thread).list().limit(500).stream();
    while let Some(entry) = history.try_next().await.unwrap() {
        if let Message::Comment(comment) = entry {
            *stored.entry(comment.text.unwrap()).or_default() += 1;
        }
    }
    assert_eq!(observed.comments.len(), CALLS / 2);
    let (mut sure, mut unsure, mut lost) = (0, 0, 0);
    for (text, result) in &observed.comments {
        let times = stored.get(text).copied().unwrap_or_default();
        match result {
            Ok(()) => assert_eq!(times, 1, "{text} was sent"),
            Err(error) if error.is_ambiguous() => {
                assert!(times <= 1, "{text} was sent twice: {error}");
                unsure += 1;
                lost += 1 - times;
            }
            Err(error) => {
                assert_eq!(times, 0, "{text} was not sent: {error}");
                sure += 1;
            }
        }
    }
    // Each of these must occur, or the test shows nothing about it.
    assert!(unsure > 100 && lost > 10 && lost < unsure, "{sure} {unsure} {lost}");

    let retries = sent.load(Ordering::Relaxed) - CALLS;
    let budget = 50 + observed.successes / 5;
    assert!(retries <= budget, "{retries} retries of {budget}");
    assert!(retries > budget / 2, "{retries} retries of {budget}: the budget was not tried");
}
