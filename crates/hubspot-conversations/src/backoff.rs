//! The growth of waits.

use std::time::Duration;

/// Waits that double with each failure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
}

impl Backoff {
    /// The wait after the n-th failure.
    pub(crate) fn after(self, failures: u32) -> Duration {
        let doublings = 2_u32.saturating_pow(failures.saturating_sub(1));
        self.first.saturating_mul(doublings).min(self.longest)
    }
}
