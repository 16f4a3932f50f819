//! A job runs at the permitted rate and causes no 429, also where others spend the same budget.
//!
//! Everything goes through the simulator's own limiter, in virtual time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hubspot_conversations::testing::{self, Simulator};
use hubspot_conversations::{
    Client, Error, RateLimit, Retry, Transport, TransportBody, TransportError,
};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

/// A network that takes time, half of it on the way there and half of it on the way back.
#[derive(Debug)]
struct Far<T> {
    server: T,
    latency: Duration,
}

impl<T: Transport> Transport for Far<T> {
    fn execute(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        Box::pin(async {
            sleep(self.latency / 2).await;
            let answer = self.server.execute(request).await;
            sleep(self.latency / 2).await;
            answer
        })
    }
}

fn hubspot() -> Arc<Simulator> {
    let limit = testing::RateLimit::professional();
    Arc::new(Simulator::builder().threads(1).messages(1).rate_limit(limit).in_process())
}

fn client(hubspot: &Arc<Simulator>, limit: RateLimit, latency: Duration) -> Client {
    let server = testing::in_process(hubspot);
    let builder = testing::client(hubspot).transport(Far { server, latency });
    builder.rate_limit(limit).retry(Retry::never()).build().unwrap()
}

/// What became of the requests of one program.
#[derive(Default)]
struct Outcome {
    done: AtomicU64,
    refused: AtomicU64,
}

impl Outcome {
    fn count(&self, result: Result<(), Error>) -> bool {
        let refused = result.is_err_and(|error| error.is_rate_limited());
        let counter = if refused { &self.refused } else { &self.done };
        counter.fetch_add(1, Ordering::Relaxed);
        refused
    }

    fn get(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.refused.load(Ordering::Relaxed))
    }
}

async fn ask(client: &Client) -> Result<(), Error> {
    client.inboxes().list().send().await.map(|_| ())
}

/// So many tasks that do nothing but ask.
fn job(client: &Client, tasks: usize, outcome: &Arc<Outcome>, running: &mut JoinSet<()>) {
    for _ in 0..tasks {
        let (client, outcome) = (client.clone(), Arc::clone(outcome));
        running.spawn(async move {
            loop {
                outcome.count(ask(&client).await);
            }
        });
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_is_done_at_the_permitted_rate_and_meets_no_429() {
    for (latency, share) in [(0, 1.0), (50, 0.98)] {
        let hubspot = hubspot();
        let client = client(&hubspot, RateLimit::professional(), Duration::from_millis(latency));
        let outcome = Arc::new(Outcome::default());
        let mut running = JoinSet::new();
        let begun = Instant::now();
        job(&client, 200, &outcome, &mut running);
        sleep_until(begun + Duration::from_millis(59_999)).await;

        let traffic = hubspot.request_stats(None);
        assert_eq!((traffic.rate_limited, outcome.get().1), (0, 0));
        let used = traffic.arrived as f64 / (6.0 * 190.0);
        assert!((share..=1.0).contains(&used), "{used} of what is permitted, at {latency} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_without_a_limiter_meets_429s() {
    let hubspot = hubspot();
    let client = client(&hubspot, RateLimit::unlimited(), Duration::ZERO);
    for _ in 0..191 {
        let _ = ask(&client).await;
    }
    assert_eq!(hubspot.request_stats(None).rate_limited, 1, "the simulator counts");
}

#[tokio::test(start_paused = true)]
async fn a_client_learns_the_limit_from_the_answers() {
    let hubspot = hubspot();
    let client = client(&hubspot, RateLimit::default(), Duration::from_millis(20));
    let outcome = Arc::new(Outcome::default());
    let mut running = JoinSet::new();
    let begun = Instant::now();
    job(&client, 200, &outcome, &mut running);
    sleep_until(begun + Duration::from_millis(59_999)).await;
    let (done, refused) = outcome.get();
    assert_eq!(refused, 0);
    assert!(done > 1_100, "{done} of 1,140");
}

#[tokio::test(start_paused = true)]
async fn a_client_tells_what_is_left_and_how_long_the_next_request_waits() {
    let hubspot = hubspot();
    let client = client(&hubspot, RateLimit::default(), Duration::ZERO);
    let status = client.rate_limit_status();
    assert_eq!((status.remaining, status.wait), (Some(100), Duration::ZERO), "the lowest tier's");
    for _ in 0..190 {
        ask(&client).await.unwrap();
    }
    let status = client.rate_limit_status();
    assert_eq!(status.remaining, Some(0));
    assert!((9..=11).contains(&status.wait.as_secs()), "{:?}", status.wait);
    sleep(Duration::from_secs(11)).await;
    let status = client.rate_limit_status();
    assert_eq!((status.remaining, status.wait), (Some(190), Duration::ZERO));

    let unlimited = self::client(&hubspot, RateLimit::unlimited(), Duration::ZERO);
    ask(&unlimited).await.unwrap();
    let status = unlimited.rate_limit_status();
    assert_eq!((status.remaining, status.wait), (None, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn half_a_limit_leaves_the_other_half() {
    let hubspot = hubspot();
    let client = client(&hubspot, RateLimit::professional().share(0.5), Duration::from_millis(20));
    let outcome = Arc::new(Outcome::default());
    let mut running = JoinSet::new();
    let begun = Instant::now();
    job(&client, 200, &outcome, &mut running);
    sleep_until(begun + Duration::from_millis(59_999)).await;
    let (done, refused) = outcome.get();
    assert_eq!(refused, 0);
    assert!((550..=6 * 95).contains(&done), "{done} of {}", 6 * 95);
}

/// A program without a limiter. It sends as soon as its last answer is there, and again a second after a 429.
fn greedy(hubspot: &Arc<Simulator>, latency: u64, running: &mut JoinSet<()>) -> Arc<Outcome> {
    let client = client(hubspot, RateLimit::unlimited(), Duration::from_millis(latency));
    let outcome = Arc::new(Outcome::default());
    let counted = Arc::clone(&outcome);
    running.spawn(async move {
        loop {
            if counted.count(ask(&client).await) {
                sleep(Duration::from_secs(1)).await;
            }
        }
    });
    outcome
}

#[tokio::test(start_paused = true)]
async fn beside_a_greedy_program_it_slows_down_and_meets_hardly_a_429() {
    for latency in [10, 100] {
        for head_start in [0, 33] {
            let hubspot = hubspot();
            let mut running = JoinSet::new();
            let theirs = greedy(&hubspot, latency, &mut running);
            sleep(Duration::from_secs(head_start)).await;
            let client =
                client(&hubspot, RateLimit::professional(), Duration::from_millis(latency));
            let ours = Arc::new(Outcome::default());
            job(&client, 200, &ours, &mut running);
            sleep(Duration::from_secs(120)).await;

            let (done, refused) = ours.get();
            let seen = format!(
                "{latency} ms, {head_start} s later: ours {:?}, theirs {:?}",
                ours.get(),
                theirs.get()
            );
            assert!(refused * 100 < done + refused, "under 1 % 429: {seen}");
            assert!(done > 100, "not starved: {seen}");
        }
    }
}
