//! The limiter: which request is sent next, and when.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use http::{HeaderMap, StatusCode};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::burst::{Burst, Wait, Warning};
use super::daily::Daily;
use super::headers::Headers;
use super::{BurstLimit, RateLimit, RateLimitStatus};

/// Keeps all requests of a client to its limit.
#[derive(Debug)]
pub(crate) struct Limiter(Arc<Shared>);

/// The state that the limiter shares with the requests in flight.
#[derive(Debug)]
struct Shared {
    /// `None` if nothing is limited.
    state: Option<Mutex<State>>,
    /// Its holder is next. Tokio's semaphore hands it on in order of arrival.
    turn: Semaphore,
    /// Wakes the next one, which may be able to send now.
    changed: Notify,
    /// Wakes all in the queue, whose waits became longer and may be too long now.
    delayed: Notify,
}

#[derive(Debug)]
struct State {
    burst: Burst,
    daily: Daily,
    queued: usize,
}

/// How long a request may wait for its turn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Patience {
    /// Until its deadline.
    Until(Instant),
    /// As long as the queue moves: until the next turn of any request is further off than this.
    AtMost(Duration),
}

impl Patience {
    fn deadline(self) -> Option<Instant> {
        match self {
            Self::Until(deadline) => Some(deadline),
            Self::AtMost(_) => None,
        }
    }

    /// Whether a turn is too far off.
    fn is_exceeded(self, now: Instant, wait: Duration) -> bool {
        match self {
            Self::Until(deadline) => deadline.saturating_duration_since(now) < wait,
            Self::AtMost(most) => most < wait,
        }
    }
}

/// Why a request is not sent.
#[derive(Debug, PartialEq)]
pub(crate) enum AcquireError {
    /// The wait, from now, is longer than allowed.
    TooLong { wait: Duration },
    /// The daily limit is used up, or this client's share of it. The reset may be known.
    Daily { reset: Option<Duration>, of_share: bool },
}

/// The result of trying to send.
enum TryAcquire {
    /// A slot is taken for the request of this number.
    Acquired(u64),
    NotYet(Wait),
}

/// A 429, as reported to the limiter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerThrottle {
    /// Whether the daily limit is used up, and not the burst limit.
    pub(crate) daily: bool,
    /// How long to wait. If unknown, it is an interval, or until midnight.
    pub(crate) wait: Option<Duration>,
}

/// A request in flight. Dropping it ends the request.
#[derive(Debug)]
pub(crate) struct Permit {
    limiter: Arc<Shared>,
    number: u64,
    waited: Duration,
    has_ended: AtomicBool,
}

/// A place in the queue, given up when dropped.
#[derive(Debug)]
struct QueueTicket<'a>(&'a Mutex<State>);

impl Limiter {
    pub(crate) fn new(limit: &RateLimit) -> Self {
        let now = Instant::now();
        let state = (limit.burst != BurstLimit::Unlimited).then(|| {
            let burst = Burst::new(limit, now);
            Mutex::new(State { burst, daily: Daily::new(limit, now), queued: 0 })
        });
        let (turn, changed, delayed) = (Semaphore::new(1), Notify::new(), Notify::new());
        Self(Arc::new(Shared { state, turn, changed, delayed }))
    }

    /// Waits until a request may be sent, in order of arrival. Dropping the future leaves the queue.
    ///
    /// # Errors
    ///
    /// If the daily limit is used up, or the wait would be longer than allowed: as soon as either is
    /// known.
    pub(crate) async fn acquire(&self, patience: Patience) -> Result<Permit, AcquireError> {
        let permit = |number, waited, has_ended| {
            let limiter = Arc::clone(&self.0);
            Permit { limiter, number, waited, has_ended: AtomicBool::new(has_ended) }
        };
        let Some(state) = &self.0.state else { return Ok(permit(0, Duration::ZERO, true)) };
        let arrived = Instant::now();
        let (_ticket, expected) = queue(state, arrived, patience)?;
        let sent = self.0.send_in_turn(state, patience);
        let sent = match patience.deadline() {
            None => sent.await,
            Some(deadline) => timeout_at(deadline, sent).await.unwrap_or_else(|_| {
                Err(AcquireError::TooLong { wait: expected.max(arrived.elapsed()) })
            }),
        };
        Ok(permit(sent?, arrived.elapsed(), false))
    }

    /// The remaining requests at this moment.
    pub(crate) fn status(&self) -> RateLimitStatus {
        let Some(state) = &self.0.state else {
            return RateLimitStatus { remaining: None, wait: Duration::ZERO };
        };
        let now = Instant::now();
        let burst = &mut lock(state).burst;
        RateLimitStatus { remaining: burst.remaining(now), wait: burst.wait(0, now) }
    }

    /// Takes a 429. Returns for how long nothing is sent.
    pub(crate) fn on_throttled(&self, throttle: ServerThrottle) -> Duration {
        let Some(state) = &self.0.state else { return Duration::ZERO };
        let (pause, warning) = lock(state).on_throttled(throttle);
        self.0.delayed.notify_waiters();
        self.0.changed.notify_one();
        warn(warning);
        pause
    }
}

impl Shared {
    /// Waits in the queue. The request ahead may be allowed to wait longer than this one, so each checks
    /// itself whether the next turn is too far off.
    async fn turn(
        &self,
        state: &Mutex<State>,
        patience: Patience,
    ) -> Result<Option<SemaphorePermit<'_>>, AcquireError> {
        let mut turn = pin!(self.turn.acquire());
        loop {
            let delayed = pin!(self.delayed.notified());
            let now = Instant::now();
            let wait = lock(state).burst.wait(0, now);
            if patience.is_exceeded(now, wait) {
                return Err(AcquireError::TooLong { wait });
            }
            match select(turn, delayed).await {
                Either::Left((acquired, _)) => return Ok(acquired.ok()),
                Either::Right(((), waiting)) => turn = waiting,
            }
        }
    }

    async fn send_in_turn(
        &self,
        state: &Mutex<State>,
        patience: Patience,
    ) -> Result<u64, AcquireError> {
        let _turn = self.turn(state, patience).await?;
        loop {
            let wait = match lock(state).try_acquire()? {
                TryAcquire::Acquired(number) => return Ok(number),
                TryAcquire::NotYet(wait) => wait,
            };
            let now = Instant::now();
            match wait {
                Wait::Until(turn) if patience.is_exceeded(now, turn - now) => {
                    return Err(AcquireError::TooLong { wait: turn - now });
                }
                Wait::Until(turn) | Wait::ResponseOr(Some(turn)) => {
                    let _ = timeout_at(turn, self.changed.notified()).await;
                }
                Wait::ResponseOr(None) => self.changed.notified().await,
            }
        }
    }
}

/// Logs it. Never under the lock: a log may ask what is left.
fn warn(warning: Option<Warning>) {
    if let Some(warning) = warning {
        warning.log();
    }
}

fn queue(
    state: &Mutex<State>,
    now: Instant,
    patience: Patience,
) -> Result<(QueueTicket<'_>, Duration), AcquireError> {
    let mut guard = lock(state);
    guard.daily.check(now)?;
    let ahead = match patience {
        Patience::Until(_) => guard.queued,
        Patience::AtMost(_) => 0,
    };
    let wait = guard.burst.wait(ahead, now);
    if patience.is_exceeded(now, wait) {
        return Err(AcquireError::TooLong { wait });
    }
    guard.queued += 1;
    Ok((QueueTicket(state), wait))
}

impl State {
    fn try_acquire(&mut self) -> Result<TryAcquire, AcquireError> {
        let now = Instant::now();
        self.daily.check(now)?;
        Ok(match self.burst.try_acquire(now) {
            Ok(number) => {
                self.daily.on_sent(now);
                TryAcquire::Acquired(number)
            }
            Err(wait) => TryAcquire::NotYet(wait),
        })
    }

    fn on_throttled(&mut self, throttle: ServerThrottle) -> (Duration, Option<Warning>) {
        let now = Instant::now();
        if throttle.daily {
            self.daily.on_throttled(self.burst.last_number(), throttle.wait, now);
            (Duration::ZERO, None)
        } else {
            self.burst.on_throttled(throttle.wait, now)
        }
    }
}

impl Permit {
    /// How long the request waited for its turn.
    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    /// Takes status and headers of the response.
    pub(crate) fn on_response(&self, status: StatusCode, headers: &HeaderMap) {
        let Some(state) = &self.limiter.state else { return };
        let headers = Headers::read(headers);
        let mut state = lock(state);
        let now = Instant::now();
        if !self.has_ended.swap(true, Ordering::Relaxed) {
            state.burst.end(now);
        }
        let delay = state.burst.on_response(self.number, status, &headers, now);
        let last = state.burst.last_number();
        state.daily.on_response(self.number, last, status, &headers, now);
        drop(state);
        if delay.is_longer {
            self.limiter.delayed.notify_waiters();
        }
        self.limiter.changed.notify_one();
        warn(delay.warning);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(state) = &self.limiter.state
            && !*self.has_ended.get_mut()
        {
            lock(state).burst.end(Instant::now());
            self.limiter.changed.notify_one();
        }
    }
}

impl Drop for QueueTicket<'_> {
    fn drop(&mut self) {
        lock(self.0).queued -= 1;
    }
}

/// No code that holds the lock can panic halfway, so the data of a poisoned lock is valid.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
