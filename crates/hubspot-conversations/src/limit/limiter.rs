//! The limiter: who may send next, and when.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use http::{HeaderMap, StatusCode};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::burst::{Burst, Wait, Warning};
use super::daily::{Daily, DayIsOver};
use super::headers::Headers;
use super::{RateLimit, RateLimitStatus, Start};

/// Keeps all requests of a client to its limit.
#[derive(Debug)]
pub(crate) struct Limiter(Arc<Shared>);

/// What the limiter shares with the requests under way.
#[derive(Debug)]
struct Shared {
    /// `None` if nothing is limited.
    state: Option<Mutex<State>>,
    /// Who has it is next. Tokio's semaphore hands it on in order of arrival.
    turn: Semaphore,
    /// Something happened that can let the next one send.
    changed: Notify,
    /// Turns are further off than they were: all who wait look whether they still would.
    delayed: Notify,
}

#[derive(Debug)]
struct State {
    burst: Burst,
    daily: Daily,
    /// How many wait.
    queued: usize,
}

/// How long a request may wait for its turn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Patience {
    /// Until its deadline.
    Until(Instant),
    /// As long as the line moves: until somebody's next turn is no further off than this.
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
    /// It would wait longer than it may: so long from now.
    TooLong { wait: Duration },
    /// The day's budget is used up, or this client's share of it, until a reset that may be known.
    Daily { reset: Option<Duration>, of_share: bool },
}

/// What a 429 said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerThrottle {
    /// The day's budget is used up, not that of ten seconds.
    pub(crate) daily: bool,
    /// How long to wait, if that is known. Otherwise it is an interval, or until midnight.
    pub(crate) wait: Option<Duration>,
}

/// A request under way. Dropping it says that it is over.
#[derive(Debug)]
pub(crate) struct Permit {
    limiter: Arc<Shared>,
    number: u64,
    waited: Duration,
    is_over: AtomicBool,
}

/// A place in the queue, given up by dropping it.
#[derive(Debug)]
struct Place<'a>(&'a Mutex<State>);

impl Limiter {
    pub(crate) fn new(limit: &RateLimit) -> Self {
        let now = Instant::now();
        let state = (limit.burst != Start::Unlimited).then(|| {
            let burst = Burst::new(limit, now);
            Mutex::new(State { burst, daily: Daily::new(limit, now), queued: 0 })
        });
        let (turn, changed, delayed) = (Semaphore::new(1), Notify::new(), Notify::new());
        Self(Arc::new(Shared { state, turn, changed, delayed }))
    }

    /// Waits until a request may be sent. Those who came first are first; dropping the future gives
    /// the place up.
    ///
    /// # Errors
    ///
    /// If the day's budget is used up, or if the wait would be longer than it may: as soon as either
    /// is known.
    pub(crate) async fn acquire(&self, patience: Patience) -> Result<Permit, AcquireError> {
        let permit = |number, waited, is_over| {
            let limiter = Arc::clone(&self.0);
            Permit { limiter, number, waited, is_over: AtomicBool::new(is_over) }
        };
        let Some(state) = &self.0.state else { return Ok(permit(0, Duration::ZERO, true)) };
        let arrived = Instant::now();
        let (_place, expected) = queue(state, arrived, patience)?;
        let sent = self.0.send_in_turn(state, patience);
        let sent = match patience.deadline() {
            None => sent.await,
            Some(deadline) => timeout_at(deadline, sent).await.unwrap_or_else(|_| {
                Err(AcquireError::TooLong { wait: expected.max(arrived.elapsed()) })
            }),
        };
        Ok(permit(sent?, arrived.elapsed(), false))
    }

    /// What is left at this moment.
    pub(crate) fn status(&self) -> RateLimitStatus {
        let Some(state) = &self.0.state else {
            return RateLimitStatus { remaining: None, wait: Duration::ZERO };
        };
        let now = Instant::now();
        let burst = &mut lock(state).burst;
        RateLimitStatus { remaining: burst.remaining(now), wait: burst.wait(0, now) }
    }

    /// HubSpot refused a request with a 429, which was read to its end. Gives for how long nothing is
    /// sent.
    pub(crate) fn on_throttled(&self, refused: ServerThrottle) -> Duration {
        let Some(state) = &self.0.state else { return Duration::ZERO };
        let (pause, warning) = lock(state).on_throttled(refused);
        self.0.delayed.notify_waiters();
        self.0.changed.notify_one();
        warn(warning);
        pause
    }
}

impl Shared {
    /// Waits in the line. Who is ahead may be ready to wait for longer than who is behind; so each looks
    /// for itself whether the next turn is too far off.
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
            let wait = match lock(state).send()? {
                Ok(number) => return Ok(number),
                Err(wait) => wait,
            };
            let now = Instant::now();
            match wait {
                Wait::Until(turn) if patience.is_exceeded(now, turn - now) => {
                    return Err(AcquireError::TooLong { wait: turn - now });
                }
                Wait::Until(turn) | Wait::AnswerOr(Some(turn)) => {
                    let _ = timeout_at(turn, self.changed.notified()).await;
                }
                Wait::AnswerOr(None) => self.changed.notified().await,
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
) -> Result<(Place<'_>, Duration), AcquireError> {
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
    Ok((Place(state), wait))
}

impl State {
    fn send(&mut self) -> Result<Result<u64, Wait>, AcquireError> {
        let now = Instant::now();
        self.daily.check(now)?;
        let sent = self.burst.send(now);
        if sent.is_ok() {
            self.daily.sent(now);
        }
        Ok(sent)
    }

    fn on_throttled(&mut self, refused: ServerThrottle) -> (Duration, Option<Warning>) {
        let now = Instant::now();
        if refused.daily {
            self.daily.on_throttled(self.burst.last_number(), refused.wait, now);
            (Duration::ZERO, None)
        } else {
            self.burst.on_throttled(refused.wait, now)
        }
    }
}

impl Permit {
    /// How long the request waited for its turn.
    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    /// The head of the answer arrived.
    pub(crate) fn answered(&self, status: StatusCode, headers: &HeaderMap) {
        let Some(state) = &self.limiter.state else { return };
        let headers = Headers::read(headers);
        let mut state = lock(state);
        let now = Instant::now();
        if !self.is_over.swap(true, Ordering::Relaxed) {
            state.burst.over(now);
        }
        let delay = state.burst.answered(self.number, status, &headers, now);
        let last = state.burst.last_number();
        state.daily.answered(self.number, last, status, &headers, now);
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
            && !*self.is_over.get_mut()
        {
            lock(state).burst.over(Instant::now());
            self.limiter.changed.notify_one();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        lock(self.0).queued -= 1;
    }
}

impl From<DayIsOver> for AcquireError {
    fn from(over: DayIsOver) -> Self {
        Self::Daily { reset: over.reset, of_share: over.of_share }
    }
}

/// Nothing that holds the lock can panic half way, so a poisoned one is as good as any.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
