//! How much may be sent again altogether.

use std::sync::atomic::{AtomicU32, Ordering};

/// What one retry costs.
const RETRY: u32 = 10;

/// What a success gives back: a fifth of a retry.
const SUCCESS: u32 = 2;

/// The retries that a client and its clones have left.
///
/// Each retry takes one, and five successes give one back. While a server is down, there are soon
/// none left, and it is asked once a call instead of several times.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    left: AtomicU32,
    full: u32,
}

impl RetryBudget {
    pub(crate) fn new(retries: u32) -> Self {
        let full = retries.saturating_mul(RETRY);
        Self { left: AtomicU32::new(full), full }
    }

    /// Whether one more retry is left. It is taken.
    pub(crate) fn take(&self) -> bool {
        let take = |left: u32| left.checked_sub(RETRY);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    pub(crate) fn succeeded(&self) {
        let give = |left: u32| (left < self.full).then(|| (left + SUCCESS).min(self.full));
        // A budget that is full stays so.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

#[cfg(test)]
mod tests {
    use super::RetryBudget;

    #[test]
    fn what_is_used_up_comes_back_with_successes() {
        let budget = RetryBudget::new(2);
        assert_eq!([budget.take(), budget.take(), budget.take()], [true, true, false]);
        for _ in 0..4 {
            budget.succeeded();
            assert!(!budget.take());
        }
        budget.succeeded();
        assert_eq!([budget.take(), budget.take()], [true, false]);
    }

    #[test]
    fn it_never_holds_more_than_at_first() {
        let budget = RetryBudget::new(1);
        for _ in 0..100 {
            budget.succeeded();
        }
        assert_eq!([budget.take(), budget.take()], [true, false]);
        assert!(!RetryBudget::new(0).take());
    }
}
