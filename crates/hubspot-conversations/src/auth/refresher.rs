//! When an access token is refreshed: ahead of its expiry, and by one task at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{AbortHandle, Aborted, abortable};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tracing::{debug, warn};

use super::failed::{ATTEMPTS, Failed, LONGEST_WAIT};
use super::token_endpoint::{Access, LONGEST_LIFETIME, TokenEndpoint};
use super::{AccessToken, BoxFuture, RefreshToken};
use crate::ErrorKind;

/// How long before its expiry a token is refreshed at most. It takes a sixth of the lifetime, which
/// is this for HubSpot's half hour.
const LONGEST_MARGIN: Duration = Duration::from_secs(5 * 60);

/// The first pause after a refresh ahead of time that failed. It doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause, so that many tries fall into the margin.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What stores a refresh token that took the place of another.
pub(super) type OnRotation = Arc<dyn Fn(RefreshToken) -> BoxFuture<'static, ()> + Send + Sync>;

/// Keeps one access token fresh for all that ask.
pub(super) struct Refresher {
    endpoint: Box<dyn TokenEndpoint>,
    on_rotation: Option<OnRotation>,
    /// How long one attempt may take.
    timeout: Duration,
    /// How long storing a rotated refresh token may take.
    rotation_timeout: Duration,
    state: Mutex<State>,
}

struct State {
    refresh_token: RefreshToken,
    /// Whether the refresh token came by rotation and was not handed to the callback to its end.
    is_unsaved: bool,
    /// The access token that came with the refresh token that is not stored yet. It is handed out
    /// once that is.
    pending: Option<Held>,
    /// The storing that was not done in time. It is told to stop, which one that blocks its thread does
    /// not hear: no other begins beside it.
    storing: Option<Storing>,
    /// How often the refresh token was replaced from outside. A refresh that began before knows by
    /// it that its outcome counts no more.
    replaced: u64,
    held: Option<Held>,
    /// The last refresh that was begun. It is over once its sender is gone, be it that its task
    /// ended, panicked, or went down with its runtime.
    under_way: Option<UnderWay>,
    /// Refreshes since the last that succeeded.
    failures: u32,
    /// When the next refresh ahead of time may begin.
    not_before: Option<Instant>,
    /// Why no refresh will succeed until the refresh token is replaced.
    refused: Option<Failed>,
    /// How many tokens in a row expired before their time, and from when on the next may be dropped.
    expired_early: u32,
    may_drop_from: Option<Instant>,
}

type Outcome = Result<AccessToken, Failed>;
type UnderWay = watch::Receiver<Option<Outcome>>;

#[derive(Clone)]
struct Held {
    token: AccessToken,
    refresh_from: Instant,
    expires: Instant,
}

impl Held {
    fn new(token: AccessToken, from: Instant, lifetime: Duration) -> Self {
        // An instant has an end.
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
        timeout: Duration,
        rotation_timeout: Duration,
    ) -> Self {
        let held = access.map(|access| Held::new(access.token, Instant::now(), access.lifetime));
        let state = Mutex::new(State { held, ..State::new(refresh_token) });
        Self { endpoint, on_rotation, timeout, rotation_timeout, state }
    }

    /// A token that is valid now: at once if there is one, else that of the refresh under way.
    pub(super) async fn token(self: &Arc<Self>) -> Outcome {
        let mut under_way = match self.look()? {
            Found::Valid(token) => return Ok(token),
            Found::UnderWay(under_way) => under_way,
        };
        let outcome = async {
            let ended = under_way.wait_for(Option::is_some).await.ok();
            ended.and_then(|outcome| outcome.clone())
        };
        let reason = match timeout(self.longest_refresh(), outcome).await {
            Ok(Some(outcome)) => return outcome,
            // Its task panicked, or its runtime was shut down. The next call begins another.
            Ok(None) => "the refresh was broken off",
            Err(_) => {
                self.give_up(&under_way);
                "the refresh did not end in time"
            }
        };
        Err(Failed::new(ErrorKind::Interrupted, reason))
    }

    /// The longest that a refresh takes whose runtime runs: each attempt, what is stored before and after
    /// it, and the waits between.
    fn longest_refresh(&self) -> Duration {
        let attempt =
            self.timeout.saturating_add(self.rotation_timeout).saturating_add(LONGEST_WAIT);
        attempt.saturating_mul(ATTEMPTS + 1)
    }

    /// Waits no more for a refresh that does not go on, as its runtime stands still. The next call
    /// begins another.
    fn give_up(&self, under_way: &UnderWay) {
        let mut state = self.lock();
        state.under_way.take_if(|current| current.same_channel(under_way));
    }

    /// Goes on with another refresh token. What was held belonged to the one before.
    pub(super) fn replace(&self, refresh_token: RefreshToken) {
        let mut state = self.lock();
        *state = State { replaced: state.replaced + 1, ..State::new(refresh_token) };
    }

    /// Drops a token that expired before its time. The next call begins a refresh, or waits for the
    /// one under way. A token that was refreshed meanwhile is kept; so is one that took the place of
    /// another that was dropped a moment ago, or every call would refresh where none is taken.
    pub(super) fn invalidate(&self, expired: &AccessToken) {
        let is_dropped = self.lock().drop_expired(expired, Instant::now());
        if is_dropped {
            warn!("the access token expired before its time");
        }
    }

    fn look(self: &Arc<Self>) -> Result<Found, Failed> {
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

    /// Begins a refresh in a task of its own, which ends it even if nobody waits any more: its
    /// answer may hold the only refresh token that is valid from then on.
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
        // Taken for a failure until it is none: one that panics does not come back to say so.
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

    /// Drops the token that is held if it is this one, at growing distances. Whether it did.
    fn drop_expired(&mut self, expired: &AccessToken, now: Instant) -> bool {
        let is_held = self.held.as_ref().is_some_and(|held| held.token.is(expired));
        if !is_held || self.may_drop_from.is_some_and(|from| now < from) {
            return false;
        }
        // After a while it is another story.
        if self.may_drop_from.is_some_and(|from| now >= from + LONGEST_PAUSE) {
            self.expired_early = 0;
        }
        self.expired_early = self.expired_early.saturating_add(1);
        self.may_drop_from = Some(now + pause_after(self.expired_early));
        self.held = None;
        true
    }

    fn may_refresh_ahead(&self, now: Instant) -> bool {
        self.refused.is_none()
            && self.not_before.is_none_or(|not_before| now >= not_before)
            && self.under_way().is_none()
    }

    fn under_way(&self) -> Option<&UnderWay> {
        // What has its outcome is over a moment before its sender is gone.
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

    fn failed(&mut self, failed: &Failed) {
        if failed.kind == ErrorKind::InvalidGrant {
            self.refused = Some(failed.clone());
        }
        self.pause();
    }

    fn pause(&mut self) {
        self.not_before = Some(Instant::now() + pause_after(self.failures));
    }
}

/// The pause after so many failures in a row.
fn pause_after(failures: u32) -> Duration {
    let doublings = 2_u32.saturating_pow(failures.saturating_sub(1));
    FIRST_PAUSE.saturating_mul(doublings).min(LONGEST_PAUSE)
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
            Err(failed) => warn!(reason = failed.reason, "could not refresh the access token"),
        }
        self.settle(result)
    }

    /// Asks until there is an answer that will not change.
    ///
    /// Asking again is safe also where the answer before was lost. HubSpot documents that a refresh
    /// token stays the same, so nothing was lost with it. A server that rotates them may have
    /// issued one that never arrived, and then takes the one that was sent no more; but that is
    /// the only one there is, so a later refresh could not do better.
    async fn attempts(&mut self) -> Result<Held, Failed> {
        // What was not stored before comes first: a token that came with it may still be valid.
        self.save().await?;
        if let Some(held) = self.take_pending() {
            return Ok(held);
        }
        let mut attempt = 1;
        loop {
            let failed = match self.attempt().await {
                Ok(held) => return Ok(held),
                Err(failed) => failed,
            };
            let Some(wait) = failed.wait(attempt) else { return Err(failed.after(attempt)) };
            debug!(attempt, ?wait, reason = failed.reason, "asking for an access token again");
            sleep(wait).await;
            attempt += 1;
        }
    }

    async fn attempt(&mut self) -> Result<Held, Failed> {
        let asked = Instant::now();
        let asking = self.of.endpoint.refresh(&self.token);
        let grant = timeout(self.of.timeout, asking).await.map_err(|_| {
            let reason = format!("no answer from the token server within {:?}", self.of.timeout);
            Failed::new(ErrorKind::Timeout, reason)
        })??;
        let access = grant.access.map(|access| Held::new(access.token, asked, access.lifetime));
        if let Some(answered) = grant.refresh_token {
            self.rotate(answered, access.as_ref().ok());
        }
        self.save().await?;
        access
    }

    /// Goes on with the refresh token of the answer, if it is another one. The access token that came
    /// with it is kept until it is stored.
    fn rotate(&mut self, answered: RefreshToken, access: Option<&Held>) {
        if answered.expose_secret() == self.token.expose_secret() {
            return;
        }
        self.token = answered;
        let mut state = self.of.lock();
        if state.replaced == self.replaced {
            state.refresh_token = self.token.clone();
            state.is_unsaved = true;
            state.pending = access.cloned();
        }
    }

    /// The access token whose refresh token was not stored in time, now that it is.
    fn take_pending(&self) -> Option<Held> {
        let mut state = self.of.lock();
        let counts = state.replaced == self.replaced;
        let now = Instant::now();
        state.pending.take_if(|_| counts).filter(|held| now < held.refresh_from)
    }

    /// Has a rotated refresh token stored. One whose storing was broken off, or takes too long, comes
    /// again with the next refresh.
    async fn save(&self) -> Result<(), Failed> {
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

    /// Has the refresh token stored: by the storing that was begun before, if it ends well after all, else
    /// by a new one.
    async fn store(&self, on_rotation: &OnRotation, begun: Option<Storing>) -> Result<(), Failed> {
        if let Some(begun) = begun
            && self.is_stored(begun).await?
        {
            return Ok(());
        }
        if self.is_stored(Storing::begin(on_rotation, &self.token)).await? {
            return Ok(());
        }
        let reason = "storing the new refresh token was broken off";
        Err(Failed::new(ErrorKind::TokenNotStored, reason))
    }

    /// Waits for a storing, as long as it may take. Whether it ended well.
    async fn is_stored(&self, mut storing: Storing) -> Result<bool, Failed> {
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
        Err(Failed::new(ErrorKind::TokenNotStored, reason))
    }

    fn settle(&self, result: Result<Held, Failed>) -> Outcome {
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
            Err(failed) => {
                if counts {
                    state.failed(&failed);
                }
                Err(failed)
            }
        }
    }
}

/// A refresh token that is being stored, in a task of its own.
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
            // It may block its thread. A thread of the runtime may be the one that looks at the clock.
            RuntimeFlavor::MultiThread => {
                tokio::task::spawn_blocking(move || runtime.block_on(storing))
            }
            // Its clock may stand still as long as something blocks.
            _ => tokio::spawn(storing),
        };
        Self { task, stop }
    }
}

#[cfg(test)]
mod tests;
