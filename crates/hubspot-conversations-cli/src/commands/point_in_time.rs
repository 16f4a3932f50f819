//! Points in time on the command line.

use std::time::SystemTime;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// The accepted forms, for errors.
const FORMS: &str =
    "2026-03-02T09:00:00Z, 2026-03-02, now, today, yesterday, or an age: 30m, 3h, 2d, 2w; in UTC";

/// A point in time: a date, a date with a time, a word such as `yesterday`, or an age. Without a time
/// zone it is in UTC; a date means its first moment.
pub(crate) fn point_in_time(text: &str) -> Result<DateTime<Utc>, String> {
    at(text, SystemTime::now().into())
}

/// The same, relative to another time than now.
pub(crate) fn at(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let text = text.trim().to_ascii_lowercase();
    let time = match text.as_str() {
        "now" => Some(now),
        "today" => Some(beginning(now.date_naive())),
        "yesterday" => now.date_naive().checked_sub_days(Days::new(1)).map(beginning),
        // Nothing is older, and not every earlier time can be formatted.
        _ => ago(&text, now)
            .or_else(|| on_calendar(&text))
            .filter(|time| *time >= DateTime::UNIX_EPOCH),
    };
    time.ok_or_else(|| match text.strip_prefix('-') {
        Some(since) if ago(since, now).is_some() => {
            format!("use {since} without the sign: an age counts back from now")
        }
        _ => format!("use one of {FORMS}"),
    })
}

/// An age, such as `2d`.
fn ago(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let unit = text.chars().last()?;
    let number = text.strip_suffix(unit)?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = number.parse().ok()?;
    let ago = match unit {
        'm' => TimeDelta::try_minutes(number),
        'h' => TimeDelta::try_hours(number),
        'd' => TimeDelta::try_days(number),
        'w' => TimeDelta::try_weeks(number),
        _ => None,
    };
    now.checked_sub_signed(ago?)
}

fn on_calendar(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(beginning(date));
    }
    // The form of tables, without a zone or with one of four digits.
    let text = text.replacen('t', " ", 1);
    let without_zone = text.strip_suffix('z').unwrap_or(&text);
    ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S%.f"].iter().find_map(|form| {
        let time = NaiveDateTime::parse_from_str(without_zone, form).map(|time| time.and_utc());
        let zoned = || DateTime::parse_from_str(&text, &format!("{form}%z"));
        time.or_else(|_| zoned().map(|time| time.to_utc())).ok()
    })
}

/// The first moment of a day.
fn beginning(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::at;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let now = "2026-03-02T10:30:15Z".parse().unwrap();
        for (text, expected) in [
            ("2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"),
            ("2026-03-01t09:00:00z", "2026-03-01T09:00:00Z"),
            ("2026-03-01T09:00:00.250+02:00", "2026-03-01T07:00:00.250Z"),
            ("2026-03-01", "2026-03-01T00:00:00Z"),
            (" 2026-03-01 ", "2026-03-01T00:00:00Z"),
            ("2026-03-01T09:00", "2026-03-01T09:00:00Z"),
            ("2026-03-01 09:00Z", "2026-03-01T09:00:00Z"),
            ("2026-03-01 09:00:30", "2026-03-01T09:00:30Z"),
            ("2026-03-01T09:00+01:00", "2026-03-01T08:00:00Z"),
            ("2026-03-01T09:00+0100", "2026-03-01T08:00:00Z"),
            ("2026-03-01 09:00-01:30", "2026-03-01T10:30:00Z"),
            ("2026-03-01T09:00:00+0100", "2026-03-01T08:00:00Z"),
            ("1970-01-01", "1970-01-01T00:00:00Z"),
            ("now", "2026-03-02T10:30:15Z"),
            ("Today", "2026-03-02T00:00:00Z"),
            ("yesterday", "2026-03-01T00:00:00Z"),
            ("30m", "2026-03-02T10:00:15Z"),
            ("3h", "2026-03-02T07:30:15Z"),
            ("2d", "2026-02-28T10:30:15Z"),
            ("2w", "2026-02-16T10:30:15Z"),
            ("0d", "2026-03-02T10:30:15Z"),
        ] {
            assert_eq!(at(text, now), Ok(expected.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_the_forms_it_can_have() {
        let now = "2026-03-02T10:30:15Z".parse().unwrap();
        for text in [
            "",
            "d",
            "+2d",
            "-2y",
            "0000-01-01",
            "0001-01-01T00:00:00Z",
            "1969-12-31",
            "2026-03-01T09:00+0160",
            "2",
            "2y",
            "2.5d",
            "2 d",
            "99999d",
            "9223372036854775807w",
            "2026-02-30",
            "2026-3",
            "02.03.2026",
            "2026-03-01T25:00",
            "tomorrow",
            "2ü",
            "日",
        ] {
            let error = at(text, now).unwrap_err();
            assert!(error.contains("yesterday") && error.contains("2026-03-02"), "{text}: {error}");
        }
    }

    #[test]
    fn a_sign_before_how_long_ago_it_was_is_told_of() {
        let now = "2026-03-02T10:30:15Z".parse().unwrap();
        assert_eq!(
            at("-2d", now).unwrap_err(),
            "use 2d without the sign: an age counts back from now"
        );
    }
}
