//! When an access token is refreshed: before its expiry, by one task at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{AbortHandle, Aborted, abortable};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tracing::{debug, warn};

use super::token_endpoint::{Access, LONGEST_LIFETIME, TokenEndpoint};
use super::{AccessToken, BoxFuture, RefreshToken};
use crate::backoff::Backoff;
use crate::{Error, ErrorKind};

/// How long before its expiry a token is refreshed at most. It is a sixth of the lifetime: five minutes
/// of HubSpot's half hour.
const LONGEST_MARGIN: Duration = Duration::from_secs(5 * 60);

/// The pauses after refreshes ahead of time that failed. Many of them fall into the margin.
const PAUSES: Backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(60) };

/// How often one refresh asks for a token.
const ATTEMPTS: u32 = 3;

/// The waits between these attempts, at their longest. Callers may be waiting all the while.
const WAITS: Backoff = Backoff { first: Duration::from_millis(500), longest: LONGEST_WAIT };

/// The longest wait that the server can ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Stores a rotated refresh token.
pub(super) type OnRotation = Arc<dyn Fn(RefreshToken) -> BoxFuture<'static, ()> + Send + Sync>;

/// Keeps one access token valid for all calls.
pub(super) struct Refresher {
    endpoint: Box<dyn TokenEndpoint>,
    on_rotation: Option<OnRotation>,
    /// How long one attempt may take.
    attempt_timeout: Duration,
    /// How long storing a rotated refresh token may take.
    rotation_timeout: Duration,
    state: Mutex<State>,
}

struct State {
    refresh_token: RefreshToken,
    /// Whether the refresh token was rotated and is not stored yet.
    is_unsaved: bool,
    /// The access token that came with the refresh token that is not stored yet. It is used once that
    /// is.
    pending: Option<Held>,
    /// The storing that took too long. It is cancelled; but one that blocks its thread continues, and no
    /// other may begin beside it.
    storing: Option<Storing>,
    /// How often the refresh token was replaced by the user. The outcome of a refresh that began before
    /// does not count.
    replaced: u64,
    held: Option<Held>,
    /// The last refresh that began. It is over when its sender is dropped: its task ended, panicked, or
    /// its runtime shut down.
    under_way: Option<UnderWay>,
    /// Refreshes since the last that succeeded.
    failures: u32,
    /// When the next refresh ahead of time may begin.
    not_before: Option<Instant>,
    /// Why no refresh will succeed until the refresh token is replaced.
    refused: Option<Error>,
    /// How many tokens in a row expired early, and from when on the next may be dropped.
    expired_early: u32,
    may_drop_from: Option<Instant>,
}

type Outcome = Result<AccessToken, Error>;
type UnderWay = watch::Receiver<Option<Outcome>>;

#[derive(Clone)]
struct Held {
    token: AccessToken,
    refresh_from: Instant,
    expires: Instant,
}

impl Held {
    fn new(token: AccessToken, from: Instant, lifetime: Duration) -> Self {
        // An instant overflows.
        let lifetime = lifetime.min(LONGEST_LIFETIME);
        let expires = from + lifetime;
        Self { token, refresh_from: expires - LONGEST_MARGIN.min(lifetime / 6), expires }
    }
}

impl Refresher {
    pub(super) fn new(
        endpoint: Box<dyn TokenEndpoint>,
        refresh_token: RefreshToken,
        access: Option<Access>,
        on_rotation: Option<OnRotation>,
        attempt_timeout: Duration,
        rotation_timeout: Duration,
    ) -> Self {
        let held = access.map(|access| Held::new(access.token, Instant::now(), access.lifetime));
        let state = Mutex::new(State { held, ..State::new(refresh_token) });
        Self { endpoint, on_rotation, attempt_timeout, rotation_timeout, state }
    }

    /// A valid token: at once if there is one, else that of the current refresh.
    pub(super) async fn token(self: &Arc<Self>) -> Outcome {
        let mut under_way = match self.current()? {
            Found::Valid(token) => return Ok(token),
            Found::UnderWay(under_way) => under_way,
        };
        let outcome = async {
            let ended = under_way.wait_for(Option::is_some).await.ok();
            ended.and_then(|outcome| outcome.clone())
        };
        let reason = match timeout(self.longest_refresh(), outcome).await {
            Ok(Some(outcome)) => return outcome,
            // Its task panicked, or its runtime shut down. The next call begins another.
            Ok(None) => "the refresh was broken off",
            Err(_) => {
                self.give_up(&under_way);
                "the refresh did not end in time"
            }
        };
        Err(Error::new(ErrorKind::Interrupted, reason))
    }

    /// The longest that a refresh takes unless its runtime stalls: all attempts, storing before and after
    /// them, and the waits.
    fn longest_refresh(&self) -> Duration {
        let attempt =
            self.attempt_timeout.saturating_add(self.rotation_timeout).saturating_add(LONGEST_WAIT);
        attempt.saturating_mul(ATTEMPTS + 1)
    }

    /// Abandons a refresh whose runtime has stalled. The next call begins another.
    fn give_up(&self, under_way: &UnderWay) {
        let mut state = self.lock();
        state.under_way.take_if(|current| current.same_channel(under_way));
    }

    /// Uses another refresh token, and forgets everything that belonged to the previous one.
    pub(super) fn replace(&self, refresh_token: RefreshToken) {
        let mut state = self.lock();
        *state = State { replaced: state.replaced + 1, ..State::new(refresh_token) };
    }

    /// Drops a token that expired early. The next call waits for a refresh. A token that was refreshed
    /// meanwhile is kept; so is one whose predecessor was dropped a moment ago, or every call would
    /// refresh if the server rejects every token.
    pub(super) fn invalidate(&self, expired: &AccessToken) {
        let is_dropped = self.lock().drop_expired(expired, Instant::now());
        if is_dropped {
            warn!("the access token expired before its time");
        }
    }

    fn current(self: &Arc<Self>) -> Result<Found, Error> {
        let now = Instant::now();
        let mut state = self.lock();
        if let Some(held) = state.held.as_ref().filter(|held| now < held.expires) {
            let token = held.token.clone();
            if now >= held.refresh_from && state.may_refresh_ahead(now) {
                self.begin(&mut state);
            }
            return Ok(Found::Valid(token));
        }
        if let Some(refused) = &state.refused {
            return Err(refused.clone());
        }
        let under_way = match state.under_way() {
            Some(under_way) => under_way.clone(),
            None => self.begin(&mut state),
        };
        Ok(Found::UnderWay(under_way))
    }

    /// Begins a refresh in a separate task, which completes it even if no call waits any more: its
    /// response may hold the only refresh token that is still valid.
    fn begin(self: &Arc<Self>, state: &mut State) -> UnderWay {
        let (sender, under_way) = watch::channel(None);
        let refresh = Refresh {
            of: Arc::clone(self),
            replaced: state.replaced,
            token: state.refresh_token.clone(),
        };
        tokio::spawn(async move {
            let outcome = refresh.run().await;
            sender.send_replace(Some(outcome));
        });
        state.under_way = Some(under_way.clone());
        // Counted as a failure until it succeeds: a task that panics does not report it.
        state.failures = state.failures.saturating_add(1);
        state.pause();
        under_way
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock leaves the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Found {
    Valid(AccessToken),
    UnderWay(UnderWay),
}

impl State {
    fn new(refresh_token: RefreshToken) -> Self {
        Self {
            refresh_token,
            is_unsaved: false,
            pending: None,
            storing: None,
            replaced: 0,
            held: None,
            under_way: None,
            failures: 0,
            not_before: None,
            refused: None,
            expired_early: 0,
            may_drop_from: None,
        }
    }

    /// Drops the current token if it is this one, and the pause is over. Whether it did.
    fn drop_expired(&mut self, expired: &AccessToken, now: Instant) -> bool {
        let is_held = self.held.as_ref().is_some_and(|held| held.token.is(expired));
        if !is_held || self.may_drop_from.is_some_and(|from| now < from) {
            return false;
        }
        // Long after the last one, this is a new case.
        if self.may_drop_from.is_some_and(|from| now >= from + PAUSES.longest) {
            self.expired_early = 0;
        }
        self.expired_early = self.expired_early.saturating_add(1);
        self.may_drop_from = Some(now + PAUSES.after(self.expired_early));
        self.held = None;
        true
    }

    fn may_refresh_ahead(&self, now: Instant) -> bool {
        self.refused.is_none()
            && self.not_before.is_none_or(|not_before| now >= not_before)
            && self.under_way().is_none()
    }

    fn under_way(&self) -> Option<&UnderWay> {
        // A refresh with an outcome is over a moment before its sender is dropped.
        let goes_on =
            |refresh: &&UnderWay| refresh.has_changed().is_ok() && refresh.borrow().is_none();
        self.under_way.as_ref().filter(goes_on)
    }

    fn succeeded(&mut self, held: Held) {
        self.held = Some(held);
        self.pending = None;
        self.failures = 0;
        self.not_before = None;
    }

    fn failed(&mut self, error: &Error) {
        if error.kind() == ErrorKind::InvalidGrant {
            self.refused = Some(error.clone());
        }
        self.pause();
    }

    fn pause(&mut self) {
        self.not_before = Some(Instant::now() + PAUSES.after(self.failures));
    }
}

/// How long to wait before the next attempt of a refresh. `None` if there is to be none.
fn wait_after(error: &Error, attempt: u32) -> Option<Duration> {
    // An unreadable response may come from a gateway, and may be transient like its other failures.
    let is_transient = error.outcome().is_transient() || error.kind() == ErrorKind::Decode;
    if attempt >= ATTEMPTS || !is_transient {
        return None;
    }
    // Half of it for certain: an outage of a moment should be over by then.
    let least = WAITS.after(attempt).mul_f64(0.5 + fastrand::f64() / 2.0);
    let wait = error.retry_after().unwrap_or_default().max(least);
    (wait <= LONGEST_WAIT).then_some(wait)
}

/// One refresh, from its first attempt to its last.
struct Refresh {
    of: Arc<Refresher>,
    /// [`State::replaced`] as it was in the beginning.
    replaced: u64,
    /// The refresh token to send.
    token: RefreshToken,
}

impl Refresh {
    async fn run(mut self) -> Outcome {
        debug!("refreshing the access token");
        let result = self.attempts().await;
        match &result {
            Ok(_) => debug!("refreshed the access token"),
            Err(error) => warn!(reason = error.to_string(), "could not refresh the access token"),
        }
        self.finish(result)
    }

    /// Makes attempts until one succeeds or fails for good.
    ///
    /// A retry is safe even if a response was lost: HubSpot documents that a refresh token does not
    /// change. A server that rotates them may have issued one that never arrived, and rejects the old
    /// one; but no later refresh could do better.
    async fn attempts(&mut self) -> Result<Held, Error> {
        // Storing what is not stored comes first: a token that came with it may still be valid.
        self.save().await?;
        if let Some(held) = self.take_pending() {
            return Ok(held);
        }
        let mut attempt = 1;
        loop {
            let error = match self.attempt().await {
                Ok(held) => return Ok(held),
                Err(error) => error,
            };
            let Some(wait) = wait_after(&error, attempt) else {
                return Err(error.after_attempts(attempt, false));
            };
            debug!(attempt, ?wait, reason = error.to_string(), "asking for an access token again");
            sleep(wait).await;
            attempt += 1;
        }
    }

    async fn attempt(&mut self) -> Result<Held, Error> {
        let asked = Instant::now();
        let asking = self.of.endpoint.refresh(&self.token);
        let grant = timeout(self.of.attempt_timeout, asking).await.map_err(|_| {
            let reason =
                format!("no answer from the token server within {:?}", self.of.attempt_timeout);
            Error::new(ErrorKind::Timeout, reason)
        })??;
        let access = grant.access.map(|access| Held::new(access.token, asked, access.lifetime));
        if let Some(rotated) = grant.refresh_token {
            self.rotate(rotated, access.as_ref().ok());
        }
        self.save().await?;
        access
    }

    /// Uses the refresh token of the response, if it is another one. Its access token is kept until it is
    /// stored.
    fn rotate(&mut self, rotated: RefreshToken, access: Option<&Held>) {
        if rotated.expose_secret() == self.token.expose_secret() {
            return;
        }
        self.token = rotated;
        let mut state = self.of.lock();
        if state.replaced == self.replaced {
            state.refresh_token = self.token.clone();
            state.is_unsaved = true;
            state.pending = access.cloned();
        }
    }

    /// The pending access token, now that its refresh token is stored.
    fn take_pending(&self) -> Option<Held> {
        let mut state = self.of.lock();
        let counts = state.replaced == self.replaced;
        let now = Instant::now();
        state.pending.take_if(|_| counts).filter(|held| now < held.refresh_from)
    }

    /// Stores a rotated refresh token. If that fails or takes too long, the next refresh retries it.
    async fn save(&self) -> Result<(), Error> {
        let begun = {
            let mut state = self.of.lock();
            if !state.is_unsaved || state.replaced != self.replaced {
                return Ok(());
            }
            state.storing.take()
        };
        match &self.of.on_rotation {
            Some(on_rotation) => {
                debug!("the refresh token was rotated");
                self.store(on_rotation, begun).await?;
            }
            None => warn!("the refresh token was rotated, and nothing is set to store it"),
        }
        let mut state = self.of.lock();
        if state.replaced == self.replaced {
            state.is_unsaved = false;
        }
        Ok(())
    }

    /// Waits for the storing that began before, if it succeeds after all, else for a new one.
    async fn store(&self, on_rotation: &OnRotation, begun: Option<Storing>) -> Result<(), Error> {
        if let Some(begun) = begun
            && self.is_stored(begun).await?
        {
            return Ok(());
        }
        if self.is_stored(Storing::begin(on_rotation, &self.token)).await? {
            return Ok(());
        }
        let reason = "storing the new refresh token was broken off";
        Err(Error::new(ErrorKind::TokenNotStored, reason))
    }

    /// Waits for a storing, up to the timeout. Whether it succeeded.
    async fn is_stored(&self, mut storing: Storing) -> Result<bool, Error> {
        let within = self.of.rotation_timeout;
        if let Ok(ended) = timeout(within, &mut storing.task).await {
            return Ok(matches!(ended, Ok(Ok(()))));
        }
        storing.stop.abort();
        let mut state = self.of.lock();
        if state.replaced == self.replaced {
            state.storing = Some(storing);
        }
        let reason = format!("the new refresh token was not stored within {within:?}");
        Err(Error::new(ErrorKind::TokenNotStored, reason))
    }

    fn finish(&self, result: Result<Held, Error>) -> Outcome {
        let mut state = self.of.lock();
        let counts = state.replaced == self.replaced;
        match result {
            Ok(held) => {
                let token = held.token.clone();
                if counts {
                    state.succeeded(held);
                }
                Ok(token)
            }
            Err(error) => {
                if counts {
                    state.failed(&error);
                }
                Err(error)
            }
        }
    }
}

/// A refresh token that is being stored, in a separate task.
struct Storing {
    task: JoinHandle<Result<(), Aborted>>,
    stop: AbortHandle,
}

impl Storing {
    fn begin(on_rotation: &OnRotation, token: &RefreshToken) -> Self {
        let (on_rotation, token) = (Arc::clone(on_rotation), token.clone());
        let (storing, stop) = abortable(async move { on_rotation(token).await });
        let runtime = Handle::current();
        let task = match runtime.runtime_flavor() {
            // It may block its thread, which could be the one that drives the runtime's clock.
            RuntimeFlavor::MultiThread => {
                tokio::task::spawn_blocking(move || runtime.block_on(storing))
            }
            // A clock that is paused stops while a blocking task runs.
            _ => tokio::spawn(storing),
        };
        Self { task, stop }
    }
}

#[cfg(test)]
mod tests;
