//! The daily limit.

use std::time::{Duration, SystemTime};

use chrono::FixedOffset;
use http::StatusCode;
use tokio::time::Instant;

use super::headers::Headers;
use super::{AcquireError, RateLimit};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How often a request is let through while the limit is used up and the reset is unknown, to notice
/// the new day soon.
const PROBE: Duration = Duration::from_secs(10 * 60);
/// The same while the reset is known. It may still be wrong: by summer time, or a clock.
const RARE_PROBE: Duration = Duration::from_secs(60 * 60);

#[derive(Debug)]
pub(super) struct Daily {
    share: f64,
    utc_offset: Option<FixedOffset>,
    /// The most requests of all programs in a day, if there is a limit.
    limit: Option<u64>,
    remaining: Option<u64>,
    /// How many requests this client sent since `began`.
    own: u64,
    began: Instant,
    used_up: Option<UsedUp>,
}

/// That the limit is used up.
#[derive(Debug)]
struct UsedUp {
    /// The number of the last request that was sent before this became known.
    last_number: u64,
    reset: Option<Instant>,
    next_probe: Instant,
}

impl Daily {
    pub(super) fn new(limit: &RateLimit, now: Instant) -> Self {
        Self {
            share: limit.share,
            utc_offset: limit.utc_offset,
            limit: limit.daily,
            remaining: None,
            own: 0,
            began: now,
            used_up: None,
        }
    }

    /// Whether a request may be sent.
    pub(super) fn check(&mut self, now: Instant) -> Result<(), AcquireError> {
        if now.saturating_duration_since(self.began) >= DAY {
            self.begin_day(now);
        }
        if let Some(used_up) = &self.used_up {
            if used_up.reset.is_some_and(|reset| reset <= now) {
                self.begin_day(now);
            } else if now < used_up.next_probe {
                let reset = used_up.reset.map(|reset| reset - now);
                return Err(AcquireError::Daily { reset, of_share: false });
            }
        }
        if self.is_share_used_up() {
            return Err(AcquireError::Daily { reset: self.until_midnight(), of_share: true });
        }
        Ok(())
    }

    /// Counts a request that is sent.
    pub(super) fn on_sent(&mut self, now: Instant) {
        self.own += 1;
        if let Some(used_up) = &mut self.used_up {
            used_up.next_probe = now + used_up.probe_interval();
        }
    }

    /// Takes what a response reports of the day.
    pub(super) fn on_response(
        &mut self,
        number: u64,
        last_number: u64,
        status: StatusCode,
        headers: &Headers,
        now: Instant,
    ) {
        if let Some(limit) = headers.daily {
            self.limit = Some(limit);
        }
        if let Some(remaining) = headers.daily_remaining {
            // Responses overtake each other, so a small step up is not a new day.
            let step = self.limit.unwrap_or(0) / 100;
            if self.remaining.is_some_and(|before| remaining > before.saturating_add(step)) {
                self.begin_day(now);
            }
            self.remaining = Some(remaining);
        }
        let is_left = match headers.daily_remaining {
            Some(remaining) => remaining > 0,
            None => status.is_success(),
        };
        if is_left && self.used_up.as_ref().is_some_and(|used_up| number > used_up.last_number) {
            self.used_up = None;
        }
        if headers.daily_remaining == Some(0) {
            self.use_up(last_number, None, now);
        }
    }

    /// Takes a 429 of the daily limit.
    pub(super) fn on_throttled(&mut self, last_number: u64, wait: Option<Duration>, now: Instant) {
        self.use_up(last_number, wait.map(|wait| wait.min(DAY)), now);
    }

    fn use_up(&mut self, last_number: u64, wait: Option<Duration>, now: Instant) {
        let reset = wait.or_else(|| self.until_midnight()).map(|wait| now + wait);
        let mut used_up = UsedUp { last_number, reset, next_probe: now };
        used_up.next_probe += used_up.probe_interval();
        self.used_up = Some(used_up);
    }

    fn begin_day(&mut self, now: Instant) {
        self.own = 0;
        self.began = now;
        self.remaining = None;
        self.used_up = None;
    }

    /// HubSpot counts the whole limit, this client its share.
    fn is_share_used_up(&self) -> bool {
        self.share < 1.0
            && self.limit.is_some_and(|limit| self.own >= (limit as f64 * self.share) as u64)
    }

    fn until_midnight(&self) -> Option<Duration> {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
        self.utc_offset.map(|offset| until_midnight(since_1970, offset))
    }
}

impl UsedUp {
    fn probe_interval(&self) -> Duration {
        if self.reset.is_some() { RARE_PROBE } else { PROBE }
    }
}

fn until_midnight(since_1970: Duration, offset: FixedOffset) -> Duration {
    let local = since_1970.as_secs() as i64 + i64::from(offset.local_minus_utc());
    let into_the_day = local.rem_euclid(DAY.as_secs() as i64) as u64;
    DAY - Duration::from_secs(into_the_day)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_of_the_account() {
        let hour = |hours: u64| Duration::from_secs(hours * 60 * 60);
        let east = |hours: i32| FixedOffset::east_opt(hours * 60 * 60).unwrap();
        assert_eq!(until_midnight(hour(24 * 365 + 22), east(0)), hour(2));
        assert_eq!(until_midnight(hour(24 * 365 + 22), east(1)), hour(1));
        assert_eq!(until_midnight(hour(24 * 365 + 22), east(3)), hour(23));
        assert_eq!(until_midnight(hour(24 * 365), east(-5)), hour(5));
        assert_eq!(until_midnight(hour(0), east(0)), hour(24));
    }
}
