//! Readings of single values: texts, numbers, booleans, times.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};

use crate::read::{NUMBER, Read, STRING, Unfit};

/// Of which milliseconds since 1970 a time is read: those with 11 to 13 digits, from April 1970 to the
/// year 2286. Fewer are seconds, a day such as 20260302 or a placeholder, and more are microseconds or
/// a day with its time: as milliseconds each would be a wrong time, and nobody would notice.
const MILLISECONDS: std::ops::Range<u128> = 10_000_000_000..10_000_000_000_000;

/// The largest whole number that a float tells from its neighbours.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The whole number that a float is, if it is surely what was written.
fn whole(value: f64) -> Option<i128> {
    #[allow(clippy::cast_possible_truncation, reason = "it is whole, and small enough to be exact")]
    let whole = || value as i128;
    (value.fract() == 0.0 && value.abs() < EXACT).then(whole)
}

impl Read for String {
    const EXPECTED: &'static str = STRING;

    fn from_bool(value: bool) -> Result<Self, Unfit> {
        Ok(value.to_string())
    }

    fn from_integer(value: i128) -> Result<Self, Unfit> {
        Ok(value.to_string())
    }

    fn from_float(value: f64) -> Result<Self, Unfit> {
        // Of a larger one, the digits that were written are lost.
        if value.abs() < EXACT { Ok(value.to_string()) } else { Err(Unfit(NUMBER)) }
    }

    fn from_text(value: &str) -> Result<Self, Unfit> {
        Ok(value.to_owned())
    }
}

/// An id's text, from a string or a whole number.
pub(crate) struct IdText(pub(crate) String);

impl Read for IdText {
    const EXPECTED: &'static str = "an id, as a string or a whole number";

    fn from_integer(value: i128) -> Result<Self, Unfit> {
        Ok(Self(value.to_string()))
    }

    fn from_float(value: f64) -> Result<Self, Unfit> {
        whole(value).ok_or(Unfit(NUMBER)).and_then(Self::from_integer)
    }

    fn from_text(value: &str) -> Result<Self, Unfit> {
        Ok(Self(value.to_owned()))
    }
}

impl Read for bool {
    const EXPECTED: &'static str = "a boolean";

    fn from_bool(value: bool) -> Result<Self, Unfit> {
        Ok(value)
    }

    fn from_text(value: &str) -> Result<Self, Unfit> {
        match value.trim() {
            text if text.eq_ignore_ascii_case("true") => Ok(true),
            text if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(Unfit(STRING)),
        }
    }
}

macro_rules! reads_whole_numbers {
    ($($name:ident)+) => {$(
        impl Read for $name {
            const EXPECTED: &'static str = "a whole number";

            fn from_integer(value: i128) -> Result<Self, Unfit> {
                value.try_into().map_err(|_| Unfit("a number out of range"))
            }

            fn from_float(value: f64) -> Result<Self, Unfit> {
                whole(value).ok_or(Unfit(NUMBER)).and_then(Self::from_integer)
            }

            fn from_text(value: &str) -> Result<Self, Unfit> {
                let value = value.trim();
                if let Ok(value) = value.parse() {
                    return Ok(value);
                }
                let whole = value.parse().ok().and_then(whole).ok_or(Unfit(STRING))?;
                Self::from_integer(whole).map_err(|_| Unfit(STRING))
            }
        }
    )+};
}

reads_whole_numbers! { i8 i16 i32 i64 u8 u16 u32 u64 }

macro_rules! reads_numbers {
    ($($name:ident)+) => {$(
        impl Read for $name {
            const EXPECTED: &'static str = NUMBER;

            #[allow(clippy::cast_precision_loss, reason = "as JSON's numbers are read everywhere")]
            fn from_integer(value: i128) -> Result<Self, Unfit> {
                Ok(value as Self)
            }

            #[allow(clippy::cast_possible_truncation, reason = "as JSON's numbers are read everywhere")]
            fn from_float(value: f64) -> Result<Self, Unfit> {
                Some(value as Self).filter(|value| value.is_finite()).ok_or(Unfit(NUMBER))
            }

            fn from_text(value: &str) -> Result<Self, Unfit> {
                let number: Option<Self> = value.trim().parse().ok();
                number.filter(|number| number.is_finite()).ok_or(Unfit(STRING))
            }
        }
    )+};
}

reads_numbers! { f32 f64 }

impl Read for DateTime<Utc> {
    const EXPECTED: &'static str = "a date and time";

    /// Milliseconds since 1970.
    fn from_integer(value: i128) -> Result<Self, Unfit> {
        let is_likely = MILLISECONDS.contains(&value.unsigned_abs());
        let milliseconds = i64::try_from(value).ok().filter(|_| is_likely);
        milliseconds.and_then(|value| Utc.timestamp_millis_opt(value).single()).ok_or(Unfit(NUMBER))
    }

    fn from_float(value: f64) -> Result<Self, Unfit> {
        whole(value.trunc()).ok_or(Unfit(NUMBER)).and_then(Self::from_integer)
    }

    fn from_text(value: &str) -> Result<Self, Unfit> {
        if let Ok(time) = DateTime::parse_from_rfc3339(value) {
            return Ok(time.to_utc());
        }
        let value = value.trim();
        if value.is_empty() {
            return Err(Unfit("an empty string"));
        }
        if let Ok(milliseconds) = value.parse::<i128>() {
            return Self::from_integer(milliseconds).map_err(|_| Unfit(STRING));
        }
        written_otherwise(value).ok_or(Unfit(STRING))
    }
}

/// A time in a form that RFC 3339 does not have: without a zone, which is then UTC, with one that lacks
/// its colon, without seconds, or a day alone.
fn written_otherwise(text: &str) -> Option<DateTime<Utc>> {
    const ZONED: [&str; 4] = [
        "%Y-%m-%dT%H:%M:%S%.f%#z",
        "%Y-%m-%d %H:%M:%S%.f%#z",
        "%Y-%m-%dT%H:%M%#z",
        "%Y-%m-%d %H:%M%#z",
    ];
    const LOCAL: [&str; 4] =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];

    let without_z = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let local = LOCAL.iter().find_map(|form| NaiveDateTime::parse_from_str(without_z, form).ok());
    let day = || without_z.parse::<chrono::NaiveDate>().ok()?.and_hms_opt(0, 0, 0);
    let zoned = || {
        let time = ZONED.iter().find_map(|form| DateTime::parse_from_str(text, form).ok());
        time.map(|time| time.to_utc())
    };
    local.or_else(day).map(|time| time.and_utc()).or_else(zoned)
}
