//! What other programs spend of the same budget.

use std::time::Duration;

use tokio::time::Instant;

/// The most others were seen to have in the window, in the last one to two intervals.
///
/// Others come in bursts as often as steadily; the highest is what to leave room for.
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

    /// They had at least so many in the window.
    pub(super) fn observe(&mut self, requests: u32, now: Instant, interval: Duration) {
        self.pass(now, interval);
        self.current = self.current.max(requests);
    }

    pub(super) fn highest(&mut self, now: Instant, interval: Duration) -> u32 {
        self.pass(now, interval);
        self.current.max(self.previous)
    }

    /// When the highest can next become less.
    pub(super) fn forgets_at(&self, interval: Duration) -> Instant {
        self.began + interval
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
