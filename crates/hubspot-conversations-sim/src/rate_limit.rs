//! HubSpot's rate limits: so many requests in ten seconds, and so many a day.

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

use crate::choices;
use crate::errors::ApiError;

/// How long the burst limit looks back.
const INTERVAL: Duration = Duration::from_secs(10);

const MAX: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-max");
const REMAINING: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-remaining");
const INTERVAL_MILLISECONDS: HeaderName =
    HeaderName::from_static("x-hubspot-ratelimit-interval-milliseconds");
const DAILY: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-daily");
const DAILY_REMAINING: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-daily-remaining");

/// How many requests a simulator lets through.
///
/// The burst limit is a rolling window: a request is refused with 429 if as many as the limit were
/// let through in the ten seconds before it. Time is tokio's, so a paused clock drives it. Every
/// answer the API gives to an authorized request tells in `X-HubSpot-RateLimit-` headers what is
/// left, and no answer has a `Retry-After`: HubSpot documents none.
///
/// The presets have the numbers HubSpot documents for each kind of app and account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    burst: u32,
    daily: Option<u32>,
    names_policy: bool,
}

impl RateLimit {
    /// A number of requests in ten seconds, and any number of them a day.
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
    /// that installed it. It has no daily limit, and is sent no headers of one.
    pub const fn oauth_app() -> Self {
        Self::new(110)
    }

    /// How many requests are let through a day. A day is 24 hours and begins with its first
    /// request, which is a choice of the simulator: HubSpot's ends at midnight where the account is.
    #[must_use]
    pub const fn daily(self, requests: u32) -> Self {
        Self { daily: Some(requests), ..self }
    }

    /// Refuses with the other body HubSpot is known to send: it has the category `RATE_LIMITS`,
    /// and names neither an error type nor a policy.
    #[must_use]
    pub const fn with_category(self) -> Self {
        Self { names_policy: false, ..self }
    }
}

/// Which of the limits a request goes beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    TenSecondlyRolling,
    Daily,
}

/// Counts the requests that are let through.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: RateLimit,
    /// When the requests of the last ten seconds were let through, the oldest first.
    recent: VecDeque<Instant>,
    today: Option<Day>,
}

#[derive(Debug)]
struct Day {
    end: Instant,
    requests: u32,
}

/// Where a request stands among the limits.
pub(crate) struct Admission {
    limit: RateLimit,
    remaining: u32,
    daily_remaining: Option<u32>,
    exceeded: Option<Policy>,
}

impl Limiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self { limit, recent: VecDeque::new(), today: None }
    }

    /// Lets a request through, or finds that it goes beyond a limit.
    pub(crate) fn admit(&mut self, now: Instant) -> Admission {
        while self.recent.front().is_some_and(|&then| now.duration_since(then) >= INTERVAL) {
            self.recent.pop_front();
        }
        self.today.take_if(|day| now >= day.end);

        let exceeded =
            choices::policy(self.remaining() == 0, self.daily_remaining().is_some_and(|n| n == 0));
        if exceeded.is_none() || choices::REFUSED_COUNT {
            self.recent.push_back(now);
            let end = now + choices::DAY;
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
    pub(crate) fn is_beyond(&self) -> bool {
        self.exceeded.is_some()
    }

    /// Refuses a request that goes beyond a limit.
    pub(crate) fn check(&self) -> Result<(), ApiError> {
        match self.exceeded {
            Some(_) if !self.limit.names_policy => Err(ApiError::rate_limited()),
            Some(policy) => Err(ApiError::beyond(policy)),
            None => Ok(()),
        }
    }

    /// Tells the client.
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
