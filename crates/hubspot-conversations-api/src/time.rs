//! Reads a date and time that is not part of a record.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use crate::decode::{DecodeError, from_str};
use crate::read;

/// Reads a date and time from JSON in any of the forms that HubSpot sends, like a field of a
/// record.
///
/// # Errors
///
/// If it is not a date and time. The error names the type found, and does not quote the value.
/// `null` is an error too.
pub fn time_from_str(json: &str) -> Result<DateTime<Utc>, DecodeError> {
    struct Time(DateTime<Utc>);

    impl<'de> Deserialize<'de> for Time {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            read::whole(deserializer).map(Self)
        }
    }

    from_str::<Time>(json).map(|time| time.0)
}

#[cfg(test)]
mod tests {
    use super::time_from_str;

    #[test]
    fn a_time_is_read_in_any_form_that_is_sent() {
        let expected = time_from_str("\"2026-01-03T00:00:00Z\"").ok();
        assert!(expected.is_some());
        for json in [
            "\"2026-01-03T00:00+0000\"",
            "\"2026-01-03T00:00:00+00\"",
            "\" 2026-01-03T00:00:00Z \"",
            "\"2026-01-03\"",
            "1767398400000",
            "1767398400000.0",
            "\"1767398400000\"",
        ] {
            assert_eq!(time_from_str(json).ok(), expected, "{json}");
        }
        for json in ["null", "{}", "[]", "true", "\"\"", "\"secret\"", "1e300", "soon"] {
            let error = time_from_str(json).err().map(|error| error.to_string());
            assert!(error.is_some_and(|error| !error.contains("secret")), "{json}");
        }
    }
}
