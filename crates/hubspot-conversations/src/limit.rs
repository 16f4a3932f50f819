//! HubSpot's rate limits, and the limiter that keeps to them.
//!
//! ```text
//! acquire ──► daily limit used up ─────────────────────────► AcquireError::Daily
//!    │
//!    ▼
//! queue, in order of arrival ──► wait longer than allowed ──► AcquireError::TooLong
//!    │ next in line
//!    ▼
//! burst window ──► paused by a 429: until the pause ends
//!    │             full:            until a slot is released
//!    │             contended:       after the response in flight, or spaced out
//!    │             nothing fresh:   a few in flight, the others at an even pace
//!    ▼
//! Permit ──► response or drop ──► its slot is held for one more interval, then released
//!                │
//!                └► headers correct the limit, report external usage; a 429 begins a pause
//! ```

use std::time::Duration;

use chrono::FixedOffset;

mod burst;
mod daily;
mod external_usage;
mod headers;
mod limiter;
mod status;

#[cfg(test)]
mod tests;

pub(crate) use headers::interval;
pub(crate) use limiter::{AcquireError, Limiter, Patience, Permit, ServerThrottle};
pub use status::RateLimitStatus;

/// The requests in ten seconds of the lowest tier: safe for every account until a response reports
/// its limit.
const LOWEST_TIER: u32 = 100;
/// The window that HubSpot documents, used until a response reports another one.
const INTERVAL: Duration = Duration::from_secs(10);

/// How many requests may be sent. All clones of a client keep to it together.
///
/// HubSpot counts twice: the requests of an app in any ten seconds, and those of all private apps of
/// an account in a day. Which numbers hold depends on the account's subscription, so a preset is
/// only the limiter's start: the `X-HubSpot-RateLimit-*` headers of every response correct it,
/// up and down. They also show when other programs spend the same budget, and the limiter then
/// makes room for them. It cannot see programs that it shuts out by using the whole budget: if others
/// must get through, set a [`share`](Self::share).
///
/// HubSpot documents the numbers in its API usage guidelines. Its search endpoints, which this crate
/// does not call, have limits of their own.
///
/// ```
/// use hubspot_conversations::RateLimit;
///
/// // Half of what the account may do: the nightly export needs the rest.
/// let limit = RateLimit::professional().share(0.5);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a limit does nothing until a client has it"]
pub struct RateLimit {
    pub(crate) burst: BurstLimit,
    pub(crate) daily: Option<u64>,
    pub(crate) share: f64,
    pub(crate) utc_offset: Option<FixedOffset>,
}

/// The most requests in one window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum BurstLimit {
    /// Not reported yet. The lowest tier's holds meanwhile.
    Unknown,
    Known(u32),
    /// Set so, or responses report none.
    Unlimited,
}

impl BurstLimit {
    fn max(self) -> Option<u32> {
        match self {
            Self::Unknown => Some(LOWEST_TIER),
            Self::Known(max) => Some(max),
            Self::Unlimited => None,
        }
    }
}

impl RateLimit {
    fn preset(burst: BurstLimit, daily: Option<u64>) -> Self {
        Self { burst, daily, share: 1.0, utc_offset: None }
    }

    /// A private app or service key of a Free or Starter account: 100 requests in ten seconds,
    /// 250 000 a day.
    pub fn private_app_free() -> Self {
        Self::preset(BurstLimit::Known(LOWEST_TIER), Some(250_000))
    }

    /// A private app or service key of a Professional account: 190 requests in ten seconds,
    /// 625 000 a day.
    ///
    /// HubSpot's pages disagree about the day: 625 000 or 650 000. This is the lower one, which is
    /// right in both cases.
    pub fn professional() -> Self {
        Self::preset(BurstLimit::Known(190), Some(625_000))
    }

    /// A private app or service key of an Enterprise account: 190 requests in ten seconds,
    /// 1 000 000 a day.
    pub fn enterprise() -> Self {
        Self::preset(BurstLimit::Known(190), Some(1_000_000))
    }

    /// A public app with OAuth: 110 requests in ten seconds for each account that installed it, and
    /// no limit a day.
    ///
    /// A client has the token of one account, so each account's client has its own limit.
    pub fn oauth_app() -> Self {
        Self::preset(BurstLimit::Known(110), None)
    }

    /// With the API limit increase an account can buy: 250 requests in ten seconds, and 1 000 000 a
    /// day on top. A second one adds another 1 000 000 a day, and nothing to the ten seconds.
    ///
    /// It is for private apps, and changes nothing of the other limits.
    pub fn with_limit_increase(mut self) -> Self {
        if let Some(daily) = self.daily {
            self.daily = Some(daily + 1_000_000);
            self.burst = BurstLimit::Known(250);
        }
        self
    }

    /// Takes the numbers from the responses. This is the default.
    ///
    /// Until the first response, the limit is that of the lowest tier: 100 requests in ten seconds.
    /// If responses report no limit, such as those of a test server, the client applies none.
    pub fn from_headers() -> Self {
        Self::preset(BurstLimit::Unknown, None)
    }

    /// Sends as fast as it can, whatever responses say. For where something else keeps the limit.
    pub fn unlimited() -> Self {
        Self::preset(BurstLimit::Unlimited, None)
    }

    /// Uses only a share of the limit, such as 0.5, and leaves the rest to other programs.
    ///
    /// Of the ten seconds, it is rounded down, to at least one request. Of a day, it counts what
    /// this client sent since it began or the day did.
    ///
    /// # Panics
    ///
    /// If the share is not above 0 and at most 1.
    pub fn share(mut self, share: f64) -> Self {
        assert!(share > 0.0 && share <= 1.0, "a share is above 0 and at most 1, not {share}");
        self.share = share;
        self
    }

    /// The time zone of the HubSpot account, at whose midnight its day ends. With it, the error of a
    /// day that is used up names when the next one begins.
    ///
    /// An offset knows nothing of summer time. So the limiter tries now and then before the reset,
    /// too.
    pub fn utc_offset(mut self, offset: FixedOffset) -> Self {
        self.utc_offset = Some(offset);
        self
    }
}

impl Default for RateLimit {
    fn default() -> Self {
        Self::from_headers()
    }
}
