//! The time since which to look for a sent message, by HubSpot's clock.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};

use super::point_in_time::{at, point_in_time};

/// The tolerance between the clocks of HubSpot's servers, and between a request and its record.
const MARGIN: TimeDelta = TimeDelta::minutes(1);

/// A point in time as text. Its meaning depends on HubSpot's clock.
#[derive(Clone, Debug)]
pub(super) struct Since(String);

/// The times since which to look.
#[derive(Debug, PartialEq)]
pub(super) struct Bounds {
    /// The time as specified.
    pub(super) since: DateTime<Utc>,
    /// The specified time minus the possible difference between clocks. `None` if it is unknown.
    pub(super) earliest: Option<DateTime<Utc>>,
}

impl Since {
    /// Parses the text.
    ///
    /// # Errors
    ///
    /// The accepted forms.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        point_in_time(text).map(|_| Self(text.to_owned()))
    }

    /// The times since which to look, at this time of HubSpot's clock.
    pub(super) fn bounds(&self, server_time: Option<DateTime<Utc>>) -> Bounds {
        self.seen_from(SystemTime::now().into(), server_time)
    }

    fn seen_from(&self, here: DateTime<Utc>, server_time: Option<DateTime<Utc>>) -> Bounds {
        let seen_from = |now| at(&self.0, now).unwrap_or(DateTime::UNIX_EPOCH);
        let Some(there) = server_time else {
            return Bounds { since: seen_from(here), earliest: None };
        };
        // An absolute time may have been read from the local clock.
        let is_ago = seen_from(here) != seen_from(here + TimeDelta::days(1));
        let difference = if is_ago { TimeDelta::zero() } else { (there - here).abs() };
        let since = seen_from(there);
        Bounds { since, earliest: since.checked_sub_signed(difference + MARGIN) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use chrono::{DateTime, Utc};

    use super::{Bounds, Since};

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn how_long_ago_is_counted_by_the_clock_there_and_a_date_allows_for_both() {
        let (here, there) = (time("2026-11-25T12:00:00Z"), time("2026-11-25T11:00:00Z"));
        let bounds = |text: &str| Since::parse(text).unwrap().seen_from(here, Some(there));
        assert_eq!(
            bounds("30m"),
            Bounds {
                since: time("2026-11-25T10:30:00Z"),
                earliest: Some(time("2026-11-25T10:29:00Z")),
            }
        );
        assert_eq!(
            bounds("2026-11-25T11:45:00Z"),
            Bounds {
                since: time("2026-11-25T11:45:00Z"),
                earliest: Some(time("2026-11-25T10:44:00Z")),
            }
        );
        let unknown = Since::parse("30m").unwrap().seen_from(here, None);
        let since = time("2026-11-25T11:30:00Z");
        assert_eq!(unknown, Bounds { since, earliest: None });
    }
}
