//! HubSpot's rate limits: a number of requests in ten seconds, and a number a day.

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

use crate::assumptions;

/// The window of the burst limit.
const INTERVAL: Duration = Duration::from_secs(10);

const MAX: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-max");
const REMAINING: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-remaining");
const INTERVAL_MILLISECONDS: HeaderName =
    HeaderName::from_static("x-hubspot-ratelimit-interval-milliseconds");
const DAILY: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-daily");
const DAILY_REMAINING: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-daily-remaining");

/// How many requests a simulator admits.
///
/// The burst limit is a rolling window: a request is rejected with 429 if the limit was reached in
/// the ten seconds before it. Time is tokio's, so a paused clock controls it. The response to every
/// authorized request reports the remaining requests in `X-HubSpot-RateLimit-` headers. No response
/// has `Retry-After`, because HubSpot documents none.
///
/// The presets have the numbers that HubSpot documents for each kind of app and account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    burst: u32,
    daily: Option<u32>,
    names_policy: bool,
}

impl RateLimit {
    /// A number of requests in ten seconds, without a daily limit.
    pub const fn new(burst: u32) -> Self {
        Self { burst, daily: None, names_policy: true }
    }

    /// A private app in an account of the tiers Free and Starter: 100 requests in ten seconds,
    /// 250,000 a day.
    pub const fn private_app_free() -> Self {
        Self::new(100).daily(250_000)
    }

    /// A private app in a Professional account: 190 requests in ten seconds, 625,000 a day.
    pub const fn professional() -> Self {
        Self::new(190).daily(625_000)
    }

    /// A private app in an Enterprise account: 190 requests in ten seconds, 1,000,000 a day.
    pub const fn enterprise() -> Self {
        Self::new(190).daily(1_000_000)
    }

    /// A public app, which is authorized with OAuth: 110 requests in ten seconds for each account
    /// that installed it. It has no daily limit and receives no headers of one.
    pub const fn oauth_app() -> Self {
        Self::new(110)
    }

    /// How many requests are admitted a day. A day is 24 hours and begins with its first request.
    /// That is an assumption: HubSpot's day ends at midnight in the account's time zone.
    #[must_use]
    pub const fn daily(self, requests: u32) -> Self {
        Self { daily: Some(requests), ..self }
    }

    /// Rejects requests with the other body that HubSpot is known to send: it has the category
    /// `RATE_LIMITS`, and names neither an error type nor a policy.
    #[must_use]
    pub const fn with_category(self) -> Self {
        Self { names_policy: false, ..self }
    }
}

/// A limit that a request exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    TenSecondlyRolling,
    Daily,
}

/// Counts the admitted requests.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: RateLimit,
    /// When the requests of the last ten seconds were admitted, the oldest first.
    recent: VecDeque<Instant>,
    today: Option<Day>,
}

#[derive(Debug)]
struct Day {
    end: Instant,
    requests: u32,
}

/// The decision on one request, with the remaining requests.
pub(crate) struct Admission {
    limit: RateLimit,
    remaining: u32,
    daily_remaining: Option<u32>,
    /// The limit that the request exceeds. `None` if it is admitted.
    pub(crate) exceeded: Option<Policy>,
}

impl Limiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self { limit, recent: VecDeque::new(), today: None }
    }

    /// Admits a request, or finds the limit that it exceeds.
    pub(crate) fn admit(&mut self, now: Instant) -> Admission {
        while self.recent.front().is_some_and(|&then| now.duration_since(then) >= INTERVAL) {
            self.recent.pop_front();
        }
        self.today.take_if(|day| now >= day.end);

        // ASSUMPTION: a request that exceeds both limits is rejected with the daily one.
        let exceeded = match (self.remaining(), self.daily_remaining()) {
            (_, Some(0)) => Some(Policy::Daily),
            (0, _) => Some(Policy::TenSecondlyRolling),
            _ => None,
        };
        // ASSUMPTION: requests that are rejected with 429 do not count towards the limits.
        if exceeded.is_none() {
            self.recent.push_back(now);
            let end = now + assumptions::DAY;
            self.today.get_or_insert(Day { end, requests: 0 }).requests += 1;
        }
        Admission {
            limit: self.limit,
            remaining: self.remaining(),
            daily_remaining: self.daily_remaining(),
            exceeded,
        }
    }

    fn remaining(&self) -> u32 {
        let used = u32::try_from(self.recent.len()).unwrap_or(u32::MAX);
        self.limit.burst.saturating_sub(used)
    }

    fn daily_remaining(&self) -> Option<u32> {
        let used = self.today.as_ref().map_or(0, |day| day.requests);
        self.limit.daily.map(|daily| daily.saturating_sub(used))
    }
}

impl Admission {
    /// Whether the body of a rejection names the limit.
    pub(crate) fn names_policy(&self) -> bool {
        self.limit.names_policy
    }

    /// Adds the limits and the remaining requests to a response's headers.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let interval = u32::try_from(INTERVAL.as_millis()).unwrap_or(u32::MAX);
        headers.insert(MAX, HeaderValue::from(self.limit.burst));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(INTERVAL_MILLISECONDS, HeaderValue::from(interval));
        if let (Some(daily), Some(remaining)) = (self.limit.daily, self.daily_remaining) {
            headers.insert(DAILY, HeaderValue::from(daily));
            headers.insert(DAILY_REMAINING, HeaderValue::from(remaining));
        }
    }
}
