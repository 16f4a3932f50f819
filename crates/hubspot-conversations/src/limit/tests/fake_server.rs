//! A small HubSpot for tests: its rolling window, its day, a network with latency, and other programs
//! on the same budget.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tokio::time::{Instant, sleep};

use crate::limit::{Limiter, Patience, ServerThrottle};

/// For who would wait for ever.
pub(super) const UNHURRIED: Patience = Patience::AtMost(Duration::MAX);

pub(super) struct HubSpot {
    pub(super) max: Cell<usize>,
    latency: Duration,
    window: RefCell<VecDeque<Instant>>,
    rng: RefCell<fastrand::Rng>,
}

/// The results of a program's requests.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) accepted: Cell<usize>,
    pub(super) refused: Cell<usize>,
}

impl Tally {
    pub(super) fn count(&self, status: StatusCode) {
        let counter = if status == StatusCode::OK { &self.accepted } else { &self.refused };
        counter.set(counter.get() + 1);
    }

    pub(super) fn refused_share(&self) -> f64 {
        self.refused.get() as f64 / (self.refused.get() + self.accepted.get()).max(1) as f64
    }
}

impl HubSpot {
    pub(super) fn new(max: usize, latency: Duration) -> Self {
        Self {
            max: Cell::new(max),
            latency,
            window: RefCell::default(),
            rng: RefCell::new(fastrand::Rng::with_seed(7)),
        }
    }

    /// Transports a request there, and its response back. Each way takes a quarter to three
    /// quarters of the latency.
    pub(super) async fn call(&self) -> (StatusCode, HeaderMap) {
        self.travel().await;
        let answer = self.handle();
        self.travel().await;
        answer
    }

    async fn travel(&self) {
        if !self.latency.is_zero() {
            let factor = 0.25 + 0.5 * self.rng.borrow_mut().f64();
            sleep(self.latency.mul_f64(factor)).await;
        }
    }

    /// Counts a request, and returns its response.
    pub(super) fn handle(&self) -> (StatusCode, HeaderMap) {
        let now = Instant::now();
        let mut window = self.window.borrow_mut();
        while window.front().is_some_and(|&first| now >= first + Duration::from_secs(10)) {
            window.pop_front();
        }
        let max = self.max.get();
        let accepted = window.len() < max;
        if accepted {
            window.push_back(now);
        }
        let status = if accepted { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
        let mut headers = HeaderMap::new();
        headers.insert("x-hubspot-ratelimit-max", max.into());
        headers.insert("x-hubspot-ratelimit-remaining", max.saturating_sub(window.len()).into());
        headers.insert("x-hubspot-ratelimit-interval-milliseconds", 10_000.into());
        (status, headers)
    }

    /// A request of a program that keeps to the limiter.
    pub(super) async fn polite(&self, limiter: &Limiter, tally: &Tally) {
        let permit = limiter.acquire(UNHURRIED).await.expect("the daily limit is not reached");
        let (status, headers) = self.call().await;
        permit.on_response(status, &headers);
        if status == StatusCode::TOO_MANY_REQUESTS {
            limiter.on_throttled(ServerThrottle { daily: false, wait: None });
        }
        tally.count(status);
    }

    /// Another program's request, which is sent again after a second until it is accepted.
    pub(super) async fn stubborn(&self, tally: &Tally) {
        loop {
            let (status, _) = self.call().await;
            tally.count(status);
            if status == StatusCode::OK {
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    }
}
