//! The limiter against a small HubSpot, in virtual time.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use chrono::FixedOffset;
use http::{HeaderMap, StatusCode};
use tokio::task::{JoinHandle, LocalSet, spawn_local, yield_now};
use tokio::time::{Instant, sleep, timeout};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

mod alone;
mod daily_limit;
mod external_usage;
mod fake_server;
mod presets;
mod response_headers;
mod waiting;

use fake_server::{HubSpot, Tally, UNHURRIED};

use super::{AcquireError, Limiter, Patience, RateLimit, ServerThrottle};

const SLOT: Duration = Duration::from_millis(10_001);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn headers(pairs: &[(&'static str, u64)]) -> HeaderMap {
    pairs.iter().map(|&(name, value)| (name.parse().unwrap(), value.into())).collect()
}

/// A limiter of 100 requests in ten seconds.
fn lowest_tier() -> Rc<Limiter> {
    Rc::new(Limiter::new(&RateLimit::private_app_free()))
}

/// Starts to wait for a turn. The task returns the error if the wait fails.
fn wait_for_turn(limiter: &Rc<Limiter>, patience: Patience) -> JoinHandle<Option<AcquireError>> {
    let limiter = limiter.clone();
    spawn_local(async move { limiter.acquire(patience).await.err() })
}

/// A request that is answered at once.
async fn request(limiter: &Limiter, pairs: &[(&'static str, u64)]) {
    limiter.acquire(UNHURRIED).await.unwrap().on_response(StatusCode::OK, &headers(pairs));
}

async fn requests(limiter: &Limiter, count: usize, pairs: &[(&'static str, u64)]) {
    for _ in 0..count {
        request(limiter, pairs).await;
    }
}

/// How many requests go through at once.
async fn burst_size(limiter: &Limiter, pairs: &[(&'static str, u64)]) -> usize {
    let mut count = 0;
    while timeout(Duration::ZERO, request(limiter, pairs)).await.is_ok() {
        count += 1;
    }
    count
}

/// Tasks that send all the time.
fn crowd(hubspot: &Rc<HubSpot>, limiter: &Rc<Limiter>, tally: &Rc<Tally>, tasks: usize) {
    for _ in 0..tasks {
        let (hubspot, limiter, tally) = (hubspot.clone(), limiter.clone(), tally.clone());
        spawn_local(async move {
            loop {
                hubspot.polite(&limiter, &tally).await;
                yield_now().await;
            }
        });
    }
}
