//! What the headers of a response say about the limits.

use std::time::Duration;

use http::{HeaderMap, HeaderName};

/// A larger number is treated as a mistake, and ignored.
const HIGHEST_MAX: u64 = 1_000_000;
const LONGEST_INTERVAL: u64 = 3_600_000;
const HIGHEST_DAILY: u64 = 1_000_000_000_000;

const MAX: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-max");
const REMAINING: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-remaining");
const INTERVAL: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-interval-milliseconds");
const DAILY: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-daily");
const DAILY_REMAINING: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-daily-remaining");

/// The `X-HubSpot-RateLimit-*` headers. Each may be missing.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Headers {
    /// The most requests in an interval. Not 0.
    pub(super) max: Option<u32>,
    /// How many of them are left. At most `max`, if that is there.
    pub(super) remaining: Option<u32>,
    /// Not 0.
    pub(super) interval: Option<Duration>,
    /// The most requests in a day. Not 0.
    pub(super) daily: Option<u64>,
    pub(super) daily_remaining: Option<u64>,
}

impl Headers {
    /// Reads what can be read. What makes no sense is left out.
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let number = |name, highest| number(headers, name, highest);
        let burst = |name| number(name, HIGHEST_MAX).and_then(|n| u32::try_from(n).ok());
        let max = burst(MAX).filter(|&max| max > 0);
        Self {
            max,
            remaining: burst(REMAINING).filter(|&remaining| max.is_none_or(|max| remaining <= max)),
            interval: interval(headers),
            daily: number(DAILY, HIGHEST_DAILY).filter(|&daily| daily > 0),
            daily_remaining: number(DAILY_REMAINING, HIGHEST_DAILY),
        }
    }
}

/// The interval in which HubSpot counts requests. Not 0.
pub(crate) fn interval(headers: &HeaderMap) -> Option<Duration> {
    number(headers, INTERVAL, LONGEST_INTERVAL)
        .filter(|&interval| interval > 0)
        .map(Duration::from_millis)
}

fn number(headers: &HeaderMap, name: HeaderName, highest: u64) -> Option<u64> {
    let number = headers.get(name)?.to_str().ok()?.trim().parse().ok()?;
    (number <= highest).then_some(number)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(pairs: &[(&'static str, &[u8])]) -> Headers {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_bytes(value).unwrap());
        }
        Headers::read(&headers)
    }

    #[test]
    fn all_five_are_read() {
        let all = read(&[
            ("x-hubspot-ratelimit-max", b"190"),
            ("x-hubspot-ratelimit-remaining", b" 189 "),
            ("x-hubspot-ratelimit-interval-milliseconds", b"10000"),
            ("x-hubspot-ratelimit-daily", b"625000"),
            ("x-hubspot-ratelimit-daily-remaining", b"0"),
        ]);
        let expected = Headers {
            max: Some(190),
            remaining: Some(189),
            interval: Some(Duration::from_secs(10)),
            daily: Some(625_000),
            daily_remaining: Some(0),
        };
        assert_eq!(all, expected);
    }

    #[test]
    fn what_makes_no_sense_is_as_good_as_missing() {
        let names = [
            "x-hubspot-ratelimit-max",
            "x-hubspot-ratelimit-remaining",
            "x-hubspot-ratelimit-interval-milliseconds",
            "x-hubspot-ratelimit-daily",
            "x-hubspot-ratelimit-daily-remaining",
        ];
        let nonsense: [&[u8]; 8] = [
            b"",
            b"-1",
            b"many",
            b"1.5",
            b"1e3",
            b"99999999999999999999",
            b"18446744073709551615",
            b"\xff",
        ];
        for value in nonsense {
            let read = read(&names.map(|name| (name, value)));
            assert_eq!(read, Headers::default(), "{value:?}");
        }
    }

    #[test]
    fn nobody_has_a_limit_of_nothing_or_more_left_than_there_is() {
        let zeros = read(&[
            ("x-hubspot-ratelimit-max", b"0"),
            ("x-hubspot-ratelimit-interval-milliseconds", b"0"),
            ("x-hubspot-ratelimit-daily", b"0"),
        ]);
        assert_eq!(zeros, Headers::default());
        let more =
            read(&[("x-hubspot-ratelimit-max", b"190"), ("x-hubspot-ratelimit-remaining", b"191")]);
        assert_eq!(more.remaining, None);
    }
}
