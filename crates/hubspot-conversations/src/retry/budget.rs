//! How many retries a client has altogether.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// The cost of one retry.
const RETRY: u32 = 10;

/// The amount that a success returns to the budget: a fifth of a retry.
const SUCCESS: u32 = 2;

/// The retries that a client and its clones have left.
///
/// Each retry takes one, and five successes return one. While a server is down, there are soon none
/// left, and each call makes one attempt.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    left: AtomicU32,
    full: u32,
    /// Wakes waiting calls after a success.
    returned: Notify,
}

impl RetryBudget {
    pub(crate) fn new(retries: u32) -> Self {
        let full = retries.saturating_mul(RETRY);
        Self { left: AtomicU32::new(full), full, returned: Notify::new() }
    }

    /// Takes a retry. Whether there was one.
    pub(crate) fn take(&self) -> bool {
        let take = |left: u32| left.checked_sub(RETRY);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    /// Waits for a retry and takes it, at most for this long: if every call waited and none succeeded, no
    /// retry would ever return. Whether one was taken.
    pub(crate) async fn wait(&self, at_most: Duration) -> bool {
        let taken = async {
            loop {
                let returned = self.returned.notified();
                if self.take() {
                    return;
                }
                returned.await;
            }
        };
        timeout(at_most, taken).await.is_ok()
    }

    pub(crate) fn succeeded(&self) {
        let give = |left: u32| (left < self.full).then(|| (left + SUCCESS).min(self.full));
        // A budget that is full stays so.
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give).is_ok() {
            self.returned.notify_waiters();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::Instant;

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

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_it_gets_what_a_success_gives_back_or_goes_on_when_time_is_up() {
        let budget = Arc::new(RetryBudget::new(1));
        assert!(budget.take());
        let began = Instant::now();
        assert!(!budget.wait(Duration::from_secs(60)).await);
        assert_eq!(began.elapsed(), Duration::from_secs(60));

        let waiting = tokio::spawn({
            let budget = Arc::clone(&budget);
            async move { budget.wait(Duration::from_secs(60)).await }
        });
        tokio::time::sleep(Duration::from_secs(7)).await;
        for _ in 0..5 {
            budget.succeeded();
        }
        assert!(waiting.await.unwrap());
        assert_eq!(began.elapsed(), Duration::from_secs(67));
        assert!(!budget.take(), "it was taken");
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
