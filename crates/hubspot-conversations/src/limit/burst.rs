//! The burst limit: how many requests in any ten seconds.
//!
//! HubSpot's window is rolling, and when it counts a request is known only to lie between sending and
//! answer. So a request holds a slot from sending until an interval after its answer. Of all
//! requests HubSpot counts in one window, every one holds its slot when the last of them is
//! sent; therefore they are never more than there are slots, whatever the network does.

use std::collections::VecDeque;
use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;
use tracing::warn;

use super::external_usage::ExternalUsage;
use super::headers::Headers;
use super::{INTERVAL, LOWEST_TIER, RateLimit, Start};

/// Added to the interval, for servers that count in whole milliseconds.
const SLACK: Duration = Duration::from_millis(1);
/// For how long a response tells what is left of the window.
const FRESH: Duration = Duration::from_secs(1);
/// How many requests go ahead when nothing fresh is known: enough for a person's click.
const AHEAD: usize = 3;

/// What others are left beyond what they were seen to use. Fewer of them are not noticed: answers
/// overtake each other, and then a few requests seem to be nobody's.
const NOISE_FLOOR: u32 = 4;
/// For how long others are expected back.
const MEMORY: Duration = Duration::from_secs(60);
/// How many requests may collide with a sudden burst of others.
const MAX_CONTENDED_IN_FLIGHT: usize = 2;
/// After this, a request without an answer holds up nobody who waits for it.
const RESPONSE_GRACE: Duration = Duration::from_secs(1);

/// The longest pause that comes of refusals only.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The longest pause at all.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug)]
pub(super) struct Burst {
    share: f64,
    max: Max,
    interval: Duration,
    /// When own requests ended that still hold their slots. Oldest first.
    ended: VecDeque<Instant>,
    in_flight: usize,
    /// How many were sent. The number of a request is how many were sent up to it.
    sent: u64,
    last_sent: Option<Instant>,
    /// How many slots became free so far.
    released: u64,
    report: Option<Report>,
    others: ExternalUsage,
    /// Until when others are expected to take what is free.
    contested_until: Option<Instant>,
    backoff: ThrottleBackoff,
}

/// The most requests in an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Max {
    Known(u32),
    /// Nobody said so far.
    Unknown,
    /// Responses came, and named none.
    Unlimited,
}

/// What the newest response said.
#[derive(Debug)]
struct Report {
    number: u64,
    at: Instant,
    /// How many slots had become free.
    released: u64,
    /// How many requests were left. `None` if it did not say.
    remaining: Option<u32>,
}

#[derive(Debug, Default)]
struct ThrottleBackoff {
    /// How many times, without a success in between.
    count: u32,
    /// Nobody sends before.
    until: Option<Instant>,
    /// How many requests were sent when the last one came.
    sent: u64,
}

/// Why no request may be sent now.
#[derive(Debug, PartialEq)]
pub(super) enum Wait {
    /// None may be before then, whatever is answered.
    Until(Instant),
    /// None may be before an answer comes, or before then.
    AnswerOr(Option<Instant>),
}

/// What is to be logged, by who holds no lock.
#[derive(Debug, PartialEq)]
#[must_use]
pub(super) enum Warning {
    /// HubSpot counts in an interval that is far from its ten seconds.
    LongInterval(Duration),
    /// HubSpot asks to send nothing for so long.
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

/// What an answer does to those who wait.
#[derive(Debug, Default)]
pub(super) struct Delay {
    /// Turns are further off than before.
    pub(super) is_longer: bool,
    pub(super) warning: Option<Warning>,
}

impl Burst {
    pub(super) fn new(limit: &RateLimit, now: Instant) -> Self {
        let max = match limit.burst {
            Start::Known(max) => Max::Known(max),
            Start::FromHeaders => Max::Unknown,
            Start::Unlimited => Max::Unlimited,
        };
        Self {
            share: limit.share,
            max,
            interval: INTERVAL,
            ended: VecDeque::new(),
            in_flight: 0,
            sent: 0,
            last_sent: None,
            released: 0,
            report: None,
            others: ExternalUsage::new(now),
            contested_until: None,
            backoff: ThrottleBackoff::default(),
        }
    }

    /// Sends a request, if it may be sent now. Gives its number.
    pub(super) fn send(&mut self, now: Instant) -> Result<u64, Wait> {
        self.try_acquire(now)?;
        self.sent += 1;
        self.in_flight += 1;
        self.last_sent = Some(now);
        Ok(self.sent)
    }

    /// The number of the last request.
    pub(super) fn last_number(&self) -> u64 {
        self.sent
    }

    fn try_acquire(&mut self, now: Instant) -> Result<(), Wait> {
        if let Some(until) = self.backoff.until.filter(|&until| now < until) {
            return Err(Wait::Until(until));
        }
        let Some(max) = self.max() else { return Ok(()) };
        self.free_slots(now);
        let others = self.others.highest(now, self.interval);
        let capacity = self.capacity(max, others);
        let held = self.in_window();
        if held >= capacity {
            let freed = self.ended.get(held - capacity).map(|&ended| self.frees_at(ended));
            let forgotten = (others > 0).then(|| self.others.forgets_at(self.interval));
            let turn = freed.into_iter().chain(forgotten).min();
            return Err(turn.map_or(Wait::AnswerOr(None), Wait::Until));
        }
        let wait = if self.is_contested(now) {
            self.wait_contested(now, capacity)
        } else {
            self.wait_alone(now, capacity)
        };
        wait.map_or(Ok(()), |until| Err(Wait::AnswerOr(Some(until))))
    }

    /// Nobody else is seen: whoever has a slot sends, unless nothing fresh is known of the window. Then
    /// a few go ahead, and the rest follow when these return, or at the pace that can be kept up.
    fn wait_alone(&self, now: Instant, capacity: usize) -> Option<Instant> {
        let ahead = if self.report.is_some() { AHEAD } else { 1 };
        let may = match self.fresh_report(now) {
            Some(report) => report.remaining.is_none_or(|remaining| {
                let freed = self.released - report.released;
                u64::from(remaining) + freed > self.sent - report.number
            }),
            None => false,
        };
        if may || self.in_flight < ahead {
            return None;
        }
        self.last_sent.map(|last| last + self.pace(capacity)).filter(|&until| now < until)
    }

    /// Others take what is free, and may do so at any moment. While a fresh response says that enough
    /// is left, requests are spaced out, so that a burst of others meets few of them. Otherwise
    /// they go one after another: a slot of our own that became free is likely still there.
    fn wait_contested(&self, now: Instant, capacity: usize) -> Option<Instant> {
        let left = self.fresh_report(now).is_some_and(|report| {
            report.remaining.is_none_or(|remaining| {
                u64::from(remaining) > self.sent - report.number + u64::from(NOISE_FLOOR)
            })
        });
        if self.in_flight == 0 || left && self.in_flight < MAX_CONTENDED_IN_FLIGHT {
            return None;
        }
        let pace = if left { self.pace(capacity) } else { RESPONSE_GRACE };
        self.last_sent.map(|last| last + pace).filter(|&until| now < until)
    }

    /// How far apart requests are when they use the capacity evenly.
    fn pace(&self, capacity: usize) -> Duration {
        self.interval / u32::try_from(capacity).unwrap_or(u32::MAX)
    }

    fn fresh_report(&self, now: Instant) -> Option<&Report> {
        self.report.as_ref().filter(|report| now < report.at + FRESH)
    }

    /// How long a request would wait with so many ahead of it, if nothing changes: a little less than
    /// it will be, as answers take time.
    pub(super) fn wait(&mut self, ahead: usize, now: Instant) -> Duration {
        let paused =
            self.backoff.until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let Some(max) = self.max() else { return paused };
        self.free_slots(now);
        let others = self.others.highest(now, self.interval);
        let capacity = self.capacity(max, others);
        let Some(slot) = (ahead + self.in_window()).checked_sub(capacity) else { return paused };
        let round = self.in_window().max(capacity);
        let rounds = u32::try_from(slot / round).unwrap_or(u32::MAX);
        let freed = match self.ended.get(slot % round) {
            Some(&ended) => self.frees_at(ended),
            None => now + self.interval,
        };
        paused
            .max(freed.saturating_duration_since(now))
            .saturating_add(self.interval.saturating_mul(rounds))
    }

    /// How many more requests fit into the window: free slots, or fewer if the newest answer says
    /// so. `None` if nothing is limited.
    pub(super) fn remaining(&mut self, now: Instant) -> Option<u32> {
        let max = self.max()?;
        self.free_slots(now);
        let others = self.others.highest(now, self.interval);
        let free = self.capacity(max, others).saturating_sub(self.in_window());
        let free = u32::try_from(free).unwrap_or(u32::MAX);
        let reported = self.fresh_report(now).and_then(|report| {
            let sent_since = u32::try_from(self.sent - report.number).unwrap_or(u32::MAX);
            Some(report.remaining?.saturating_sub(sent_since))
        });
        Some(reported.map_or(free, |reported| free.min(reported)))
    }

    /// A request is over, answered or not.
    pub(super) fn over(&mut self, now: Instant) {
        self.in_flight -= 1;
        if self.max != Max::Unlimited {
            self.ended.push_back(now);
        }
    }

    /// What the answer says of the limit. The request is over already.
    pub(super) fn answered(
        &mut self,
        number: u64,
        status: StatusCode,
        headers: &Headers,
        now: Instant,
    ) -> Delay {
        // A refusal is looked at when its body is read. A gateway's error says nothing about the
        // limits, not even that there are none.
        let telling = status != StatusCode::TOO_MANY_REQUESTS && !status.is_server_error();
        if telling && number > self.backoff.sent {
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
            Some(max) => self.max = Max::Known(max),
            None if telling && self.max == Max::Unknown => self.max = Max::Unlimited,
            None => {}
        }
        let Some(max) = self.max() else { return delay };
        self.free_slots(now);
        if let Some(remaining) = headers.remaining {
            self.see_others(max.saturating_sub(remaining), now);
        }
        let newest = self.report.as_ref().is_none_or(|report| report.number < number);
        if newest && (headers.remaining.is_some() || telling) {
            let remaining = headers.remaining;
            self.report = Some(Report { number, at: now, released: self.released, remaining });
        }
        delay
    }

    /// So many requests are in the window. Those that are not ours are others'.
    ///
    /// A request of ours may have left HubSpot's window, or not have reached it. Then others have
    /// more than seems; a later answer will show it.
    fn see_others(&mut self, used: u32, now: Instant) {
        let others = used.saturating_sub(u32::try_from(self.in_window()).unwrap_or(u32::MAX));
        self.others.observe(others, now, self.interval);
        if others > NOISE_FLOOR {
            self.contested_until = Some(now + MEMORY);
        }
    }

    /// HubSpot refused a request: the window is full. Nobody sends for a while, which grows as long as
    /// nothing else comes. Gives how long that is.
    pub(super) fn on_throttled(
        &mut self,
        wait: Option<Duration>,
        now: Instant,
    ) -> (Duration, Option<Warning>) {
        // Who refuses has a limit, even if it does not say which.
        let max = self.max().unwrap_or(LOWEST_TIER);
        self.max = Max::Known(max);
        self.contested_until = Some(now + MEMORY);
        let wait = wait.unwrap_or(self.interval).min(A_DAY);
        let paused = self.backoff.until.is_some_and(|until| now < until);
        if !paused {
            self.backoff.count += 1;
        }
        let grown = wait.saturating_mul(2_u32.saturating_pow(self.backoff.count.saturating_sub(1)));
        let until = now + grown.min(LONGEST_PAUSE).max(wait);
        let until = self.backoff.until.map_or(until, |before| before.max(until));
        let is_long = until > now + LONGEST_PAUSE && self.backoff.until < Some(until);
        let warning = is_long.then(|| Warning::LongPause(until - now));
        self.backoff.until = Some(until);
        self.backoff.sent = self.sent;
        (until - now, warning)
    }

    fn max(&self) -> Option<u32> {
        match self.max {
            Max::Known(max) => Some(max),
            Max::Unknown => Some(LOWEST_TIER),
            Max::Unlimited => None,
        }
    }

    fn capacity(&self, max: u32, others: u32) -> usize {
        let share = (f64::from(max) * self.share) as u32;
        let left =
            if others > NOISE_FLOOR { max.saturating_sub(others + NOISE_FLOOR) } else { max };
        share.min(left).max(1) as usize
    }

    fn is_contested(&self, now: Instant) -> bool {
        self.backoff.count > 0 || self.contested_until.is_some_and(|until| now < until)
    }

    fn in_window(&self) -> usize {
        self.ended.len() + self.in_flight
    }

    fn frees_at(&self, ended: Instant) -> Instant {
        ended + self.interval + SLACK
    }

    fn free_slots(&mut self, now: Instant) {
        while let Some(&ended) = self.ended.front()
            && self.frees_at(ended) <= now
        {
            self.ended.pop_front();
            self.released += 1;
        }
    }
}
