//! Requests of other programs within the same limit.

use std::time::Duration;

use tokio::time::Instant;

/// The most requests of other programs seen in the window during the last one to two intervals.
///
/// Programs send in bursts as often as steadily, so the highest is what to leave room for.
#[derive(Debug)]
pub(super) struct ExternalUsage {
    began: Instant,
    current: u32,
    previous: u32,
}

impl ExternalUsage {
    pub(super) fn new(now: Instant) -> Self {
        Self { began: now, current: 0, previous: 0 }
    }

    /// Notes that they have at least that many in the window.
    pub(super) fn observe(&mut self, requests: u32, now: Instant, interval: Duration) {
        self.pass(now, interval);
        self.current = self.current.max(requests);
    }

    pub(super) fn highest(&mut self, now: Instant, interval: Duration) -> u32 {
        self.pass(now, interval);
        self.current.max(self.previous)
    }

    /// When the highest can next become less, if it is not zero.
    pub(super) fn forgets_at(&self, interval: Duration) -> Option<Instant> {
        (self.current.max(self.previous) > 0).then(|| self.began + interval)
    }

    fn pass(&mut self, now: Instant, interval: Duration) {
        let passed = now.saturating_duration_since(self.began);
        if passed < interval {
            return;
        }
        self.previous = if passed < 2 * interval { self.current } else { 0 };
        self.current = 0;
        self.began = if passed < 2 * interval { self.began + interval } else { now };
    }
}
