//! The daily limit.

use std::time::{Duration, SystemTime};

use chrono::FixedOffset;
use http::StatusCode;
use tokio::time::Instant;

use super::RateLimit;
use super::headers::Headers;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How often a request goes through on a day that is used up, to see whether a new one began: if
/// nobody said when, and if it is known.
const PROBE: Duration = Duration::from_secs(10 * 60);
const RARE_PROBE: Duration = Duration::from_secs(60 * 60);

#[derive(Debug)]
pub(super) struct Daily {
    share: f64,
    utc_offset: Option<FixedOffset>,
    /// The most requests of all programs in a day, if there is a limit.
    limit: Option<u64>,
    remaining: Option<u64>,
    /// What was sent here, since then.
    own: u64,
    began: Instant,
    used_up: Option<UsedUp>,
}

/// The day's budget is used up.
#[derive(Debug)]
struct UsedUp {
    /// How many requests were sent when this became known.
    sent: u64,
    reset: Option<Instant>,
    next_probe: Instant,
}

/// The day's budget is used up, or the share of it.
#[derive(Debug)]
pub(super) struct DayIsOver {
    pub(super) reset: Option<Duration>,
    /// Only this client's share is used up.
    pub(super) of_share: bool,
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
    pub(super) fn check(&mut self, now: Instant) -> Result<(), DayIsOver> {
        if now.saturating_duration_since(self.began) >= DAY {
            self.begin(now);
        }
        if let Some(used_up) = &self.used_up {
            if used_up.reset.is_some_and(|reset| reset <= now) {
                self.begin(now);
            } else if now < used_up.next_probe {
                let reset = used_up.reset.map(|reset| reset - now);
                return Err(DayIsOver { reset, of_share: false });
            }
        }
        if self.is_share_used_up() {
            return Err(DayIsOver { reset: self.until_midnight(), of_share: true });
        }
        Ok(())
    }

    /// A request is sent.
    pub(super) fn sent(&mut self, now: Instant) {
        self.own += 1;
        if let Some(used_up) = &mut self.used_up {
            used_up.next_probe = now + used_up.patience();
        }
    }

    /// What the answer to a request says of the day.
    pub(super) fn answered(
        &mut self,
        number: u64,
        sent: u64,
        status: StatusCode,
        headers: &Headers,
        now: Instant,
    ) {
        if let Some(limit) = headers.daily {
            self.limit = Some(limit);
        }
        if let Some(remaining) = headers.daily_remaining {
            // Answers overtake each other, so a small step up is no new day.
            let step = self.limit.unwrap_or(0) / 100;
            if self.remaining.is_some_and(|before| remaining > before.saturating_add(step)) {
                self.begin(now);
            }
            self.remaining = Some(remaining);
        }
        let goes_on = match headers.daily_remaining {
            Some(remaining) => remaining > 0,
            None => status.is_success(),
        };
        if goes_on && self.used_up.as_ref().is_some_and(|used_up| number > used_up.sent) {
            self.used_up = None;
        }
        if headers.daily_remaining == Some(0) {
            self.use_up(sent, None, now);
        }
    }

    /// HubSpot refused a request, as the day's budget is used up.
    pub(super) fn on_throttled(&mut self, sent: u64, wait: Option<Duration>, now: Instant) {
        self.use_up(sent, wait.map(|wait| wait.min(DAY)), now);
    }

    fn use_up(&mut self, sent: u64, wait: Option<Duration>, now: Instant) {
        let reset = wait.or_else(|| self.until_midnight()).map(|wait| now + wait);
        let mut used_up = UsedUp { sent, reset, next_probe: now };
        used_up.next_probe += used_up.patience();
        self.used_up = Some(used_up);
    }

    fn begin(&mut self, now: Instant) {
        self.own = 0;
        self.began = now;
        self.remaining = None;
        self.used_up = None;
    }

    /// A whole budget is left to HubSpot to count.
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
    /// A reset that is known may still be wrong: by summer time, or a clock.
    fn patience(&self) -> Duration {
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
