//! The burst limit: how many requests in any ten seconds.
//!
//! HubSpot's window is rolling, and HubSpot counts a request at an unknown moment between sending and
//! response. So a request holds a slot from sending until one interval after its response. Every
//! request that HubSpot counts in one window holds its slot when the last of them is sent. Therefore
//! they are never more than the slots, whatever the network does.

use std::collections::VecDeque;
use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;
use tracing::warn;

use super::external_usage::ExternalUsage;
use super::headers::Headers;
use super::{BurstLimit, INTERVAL, LOWEST_TIER, RateLimit};
use crate::backoff::Backoff;

/// Added to the interval, because servers may count in whole milliseconds.
const SLACK: Duration = Duration::from_millis(1);
/// How long a response is taken as news of the window: much longer, and others may have filled it.
const FRESH: Duration = Duration::from_secs(1);
/// How many requests are sent at once without fresh news: enough for what one click of a person needs.
const PROBES: usize = 3;

/// The external usage that is not noticed, and left free beyond what was seen: responses overtake each
/// other, and then a few own requests look like those of others.
const NOISE_FLOOR: u32 = 4;
/// How long others are expected back: programs that send in bursts mostly do so every minute.
const MEMORY: Duration = Duration::from_secs(60);
/// How many requests may collide with a sudden burst of others.
const MAX_CONTENDED_IN_FLIGHT: usize = 2;
/// After this, a request without a response delays no other: responses mostly take less.
const RESPONSE_GRACE: Duration = Duration::from_secs(1);

/// The longest pause that repeated 429s alone cause: a minute is six windows.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The longest pause that a server can ask for: no limit lasts longer than a day.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug)]
pub(super) struct Burst {
    share: f64,
    limit: BurstLimit,
    interval: Duration,
    /// When the own requests ended that still hold their slots. Oldest first.
    ended: VecDeque<Instant>,
    in_flight: usize,
    /// How many were sent. The number of a request is how many were sent up to it.
    sent: u64,
    last_sent: Option<Instant>,
    /// How many slots were released so far.
    released: u64,
    report: Option<Report>,
    external: ExternalUsage,
    /// Until when others are expected to take free slots.
    contended_until: Option<Instant>,
    backoff: ThrottleBackoff,
}

/// The values that the newest response reported.
#[derive(Debug)]
struct Report {
    number: u64,
    at: Instant,
    /// [`Burst::released`] at that time.
    released: u64,
    remaining: Option<u32>,
}

#[derive(Debug, Default)]
struct ThrottleBackoff {
    /// How many 429s without a success in between.
    count: u32,
    /// Until when nothing is sent.
    until: Option<Instant>,
    /// [`Burst::sent`] at the last 429.
    sent: u64,
}

/// Why no request may be sent now.
#[derive(Debug, PartialEq)]
pub(super) enum Wait {
    /// Until then, whatever responses arrive.
    Until(Instant),
    /// Until a response arrives, or until then.
    ResponseOr(Option<Instant>),
}

/// A warning, logged after the lock is released.
#[derive(Debug, PartialEq)]
#[must_use]
pub(super) enum Warning {
    /// HubSpot counts in an interval far from its ten seconds.
    LongInterval(Duration),
    /// HubSpot asks to send nothing for that long.
    LongPause(Duration),
}

impl Warning {
    pub(super) fn log(self) {
        match self {
            Self::LongInterval(interval) => {
                warn!(?interval, "HubSpot counts requests in a very long interval");
            }
            Self::LongPause(pause) => {
                warn!(?pause, "HubSpot asks to send nothing for long: calls fail meanwhile");
            }
        }
    }
}

/// The effect of a response on waiting requests.
#[derive(Debug, Default)]
pub(super) struct Delay {
    /// They wait longer than before.
    pub(super) is_longer: bool,
    pub(super) warning: Option<Warning>,
}

impl Burst {
    pub(super) fn new(limit: &RateLimit, now: Instant) -> Self {
        Self {
            share: limit.share,
            limit: limit.burst,
            interval: INTERVAL,
            ended: VecDeque::new(),
            in_flight: 0,
            sent: 0,
            last_sent: None,
            released: 0,
            report: None,
            external: ExternalUsage::new(now),
            contended_until: None,
            backoff: ThrottleBackoff::default(),
        }
    }

    /// Takes a slot for a request, if one may be sent now, and returns the request's number.
    pub(super) fn try_acquire(&mut self, now: Instant) -> Result<u64, Wait> {
        self.check(now)?;
        self.sent += 1;
        self.in_flight += 1;
        self.last_sent = Some(now);
        Ok(self.sent)
    }

    /// The number of the last request.
    pub(super) fn last_number(&self) -> u64 {
        self.sent
    }

    fn check(&mut self, now: Instant) -> Result<(), Wait> {
        if let Some(until) = self.backoff.until.filter(|&until| now < until) {
            return Err(Wait::Until(until));
        }
        let Some(capacity) = self.capacity(now) else { return Ok(()) };
        let in_window = self.in_window();
        if in_window >= capacity {
            let released =
                self.ended.get(in_window - capacity).map(|&ended| self.released_at(ended));
            let forgotten = self.external.forgets_at(self.interval);
            let turn = released.into_iter().chain(forgotten).min();
            return Err(turn.map_or(Wait::ResponseOr(None), Wait::Until));
        }
        let wait = if self.under_contention(now) {
            self.wait_contended(now, capacity)
        } else {
            self.wait_alone(now, capacity)
        };
        wait.map_or(Ok(()), |until| Err(Wait::ResponseOr(Some(until))))
    }

    /// No other program is seen: every request with a slot is sent, if the newest report is fresh.
    /// Otherwise a few probe, and the rest follow after their responses, or at an even pace.
    fn wait_alone(&self, now: Instant, capacity: usize) -> Option<Instant> {
        let probes = if self.report.is_some() { PROBES } else { 1 };
        let has_room = self.fresh_report(now).is_some_and(|report| {
            report.remaining.is_none_or(|remaining| {
                let released = self.released - report.released;
                u64::from(remaining) + released > self.sent - report.number
            })
        });
        if has_room || self.in_flight < probes {
            return None;
        }
        self.last_sent.map(|last| last + self.pace(capacity)).filter(|&until| now < until)
    }

    /// Others take free slots, and may do so at any moment. While a fresh report shows enough room,
    /// requests are spaced out, so that a burst of others meets few of them. Otherwise they go one
    /// after another: an own slot that was just released is probably still free.
    fn wait_contended(&self, now: Instant, capacity: usize) -> Option<Instant> {
        let has_room = self.fresh_report(now).is_some_and(|report| {
            report.remaining.is_none_or(|remaining| {
                u64::from(remaining) > self.sent - report.number + u64::from(NOISE_FLOOR)
            })
        });
        if self.in_flight == 0 || has_room && self.in_flight < MAX_CONTENDED_IN_FLIGHT {
            return None;
        }
        let pace = if has_room { self.pace(capacity) } else { RESPONSE_GRACE };
        self.last_sent.map(|last| last + pace).filter(|&until| now < until)
    }

    /// How far apart requests are when they use the capacity evenly.
    fn pace(&self, capacity: usize) -> Duration {
        self.interval / u32::try_from(capacity).unwrap_or(u32::MAX)
    }

    fn fresh_report(&self, now: Instant) -> Option<&Report> {
        self.report.as_ref().filter(|report| now < report.at + FRESH)
    }

    /// How long a request would wait with that many ahead of it, if nothing changes: a little less
    /// than it will, as responses take time.
    pub(super) fn wait(&mut self, ahead: usize, now: Instant) -> Duration {
        let paused =
            self.backoff.until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let Some(capacity) = self.capacity(now) else { return paused };
        let Some(slot) = (ahead + self.in_window()).checked_sub(capacity) else { return paused };
        let round = self.in_window().max(capacity);
        let rounds = u32::try_from(slot / round).unwrap_or(u32::MAX);
        let released = match self.ended.get(slot % round) {
            Some(&ended) => self.released_at(ended),
            None => now + self.interval,
        };
        paused
            .max(released.saturating_duration_since(now))
            .saturating_add(self.interval.saturating_mul(rounds))
    }

    /// How many more requests fit into the window: free slots, or fewer if the newest response says
    /// so. `None` if nothing is limited.
    pub(super) fn remaining(&mut self, now: Instant) -> Option<u32> {
        let free = self.capacity(now)?.saturating_sub(self.in_window());
        let free = u32::try_from(free).unwrap_or(u32::MAX);
        let reported = self.fresh_report(now).and_then(|report| {
            let sent_since = u32::try_from(self.sent - report.number).unwrap_or(u32::MAX);
            Some(report.remaining?.saturating_sub(sent_since))
        });
        Some(reported.map_or(free, |reported| free.min(reported)))
    }

    /// Ends a request, with a response or without.
    pub(super) fn end(&mut self, now: Instant) {
        self.in_flight -= 1;
        if self.limit != BurstLimit::Unlimited {
            self.ended.push_back(now);
        }
    }

    /// Takes what a response reports. Its request has ended.
    pub(super) fn on_response(
        &mut self,
        number: u64,
        status: StatusCode,
        headers: &Headers,
        now: Instant,
    ) -> Delay {
        // A 429 is evaluated when its body is read. A gateway's error says nothing about the
        // limits, not even by lacking them.
        let is_telling = status != StatusCode::TOO_MANY_REQUESTS && !status.is_server_error();
        if is_telling && number > self.backoff.sent {
            self.backoff.count = 0;
        }
        let mut delay = Delay::default();
        if let Some(interval) = headers.interval {
            delay.is_longer = interval > self.interval;
            if interval > LONGEST_PAUSE && interval != self.interval {
                delay.warning = Some(Warning::LongInterval(interval));
            }
            self.interval = interval;
        }
        match headers.max {
            Some(max) => self.limit = BurstLimit::Known(max),
            None if is_telling && self.limit == BurstLimit::Unknown => {
                self.limit = BurstLimit::Unlimited;
            }
            None => {}
        }
        let Some(max) = self.limit.max() else { return delay };
        self.release_slots(now);
        if let Some(remaining) = headers.remaining {
            self.observe_external(max.saturating_sub(remaining), now);
        }
        let is_newest = self.report.as_ref().is_none_or(|report| report.number < number);
        if is_newest && (headers.remaining.is_some() || is_telling) {
            let remaining = headers.remaining;
            self.report = Some(Report { number, at: now, released: self.released, remaining });
        }
        delay
    }

    /// Attributes the requests in the window that are not own ones to others.
    ///
    /// An own request may have left HubSpot's window, or not have reached it. Then others have more
    /// than it seems; a later response will show it.
    fn observe_external(&mut self, used: u32, now: Instant) {
        let own = u32::try_from(self.in_window()).unwrap_or(u32::MAX);
        let external = used.saturating_sub(own);
        self.external.observe(external, now, self.interval);
        if external > NOISE_FLOOR {
            self.contended_until = Some(now + MEMORY);
        }
    }

    /// Begins a pause after a 429, because the window is full. The pause grows until a response is
    /// not a 429. Returns how long it is.
    pub(super) fn on_throttled(
        &mut self,
        wait: Option<Duration>,
        now: Instant,
    ) -> (Duration, Option<Warning>) {
        // A server that returns 429 has a limit, even if it does not report it.
        self.limit = BurstLimit::Known(self.limit.max().unwrap_or(LOWEST_TIER));
        self.contended_until = Some(now + MEMORY);
        let wait = wait.unwrap_or(self.interval).min(A_DAY);
        let is_paused = self.backoff.until.is_some_and(|until| now < until);
        if !is_paused {
            self.backoff.count += 1;
        }
        let growth = Backoff { first: wait, longest: LONGEST_PAUSE.max(wait) };
        let until = now + growth.after(self.backoff.count);
        let until = self.backoff.until.map_or(until, |before| before.max(until));
        let is_long = until > now + LONGEST_PAUSE && self.backoff.until < Some(until);
        let warning = is_long.then(|| Warning::LongPause(until - now));
        self.backoff.until = Some(until);
        self.backoff.sent = self.sent;
        (until - now, warning)
    }

    /// How many own requests the window may hold. `None` if nothing is limited.
    fn capacity(&mut self, now: Instant) -> Option<usize> {
        let max = self.limit.max()?;
        self.release_slots(now);
        let external = self.external.highest(now, self.interval);
        let reserved = if external > NOISE_FLOOR { external + NOISE_FLOOR } else { 0 };
        let share = (f64::from(max) * self.share) as u32;
        Some(share.min(max.saturating_sub(reserved)).max(1) as usize)
    }

    fn under_contention(&self, now: Instant) -> bool {
        self.backoff.count > 0 || self.contended_until.is_some_and(|until| now < until)
    }

    fn in_window(&self) -> usize {
        self.ended.len() + self.in_flight
    }

    fn released_at(&self, ended: Instant) -> Instant {
        ended + self.interval + SLACK
    }

    fn release_slots(&mut self, now: Instant) {
        while let Some(&ended) = self.ended.front()
            && self.released_at(ended) <= now
        {
            self.ended.pop_front();
            self.released += 1;
        }
    }
}
