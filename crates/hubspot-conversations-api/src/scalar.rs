//! Lenient readers of scalars: texts, numbers, booleans, times.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};

use crate::read::{NUMBER, Read, STRING, Unfit};

/// The range of numbers that are read as milliseconds since 1970: 11 to 13 digits, from April 1970
/// to the year 2286. Fewer digits are seconds, a date such as 20260302 or a placeholder, and more
/// are microseconds or a date with its time: read as milliseconds, each would silently be a wrong
/// time.
const MILLISECONDS: std::ops::Range<u128> = 10_000_000_000..10_000_000_000_000;

/// The largest whole number that a float can distinguish from its neighbours.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The float as a whole number, if no digit was lost.
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
        // A larger number has lost digits.
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

            #[allow(clippy::cast_precision_loss, reason = "JSON numbers are floats in most readers")]
            fn from_integer(value: i128) -> Result<Self, Unfit> {
                Ok(value as Self)
            }

            #[allow(clippy::cast_possible_truncation, reason = "JSON numbers are floats in most readers")]
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

/// A time in a form outside RFC 3339: without a zone (then UTC), with a zone without colon, without
/// seconds, or a date alone.
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
