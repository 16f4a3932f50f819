//! Query parameters. A known parameter with a value of another type is rejected; an unknown one is
//! ignored.

use chrono::{DateTime, Utc};

use crate::http::errors::ApiError;

/// The query parameter with the developer key.
pub(crate) const DEVELOPER_KEY: &str = "hapikey";

#[derive(Debug)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    pub(crate) fn parse(raw: &str) -> Self {
        Self { pairs: url::form_urlencoded::parse(raw.as_bytes()).into_owned().collect() }
    }

    /// All parameters, as names and values.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The values of a parameter that can be repeated.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs().filter(move |(other, _)| *other == name).map(|(_, value)| value)
    }

    /// The value of a parameter that cannot be repeated.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            // ASSUMPTION: a parameter with one value that is sent twice is rejected with 400, because
            // HubSpot does not document which of the values counts.
            (_, Some(_)) => Err(ApiError::invalid(name, "expected one value, found several")),
            (value, None) => Ok(value),
        }
    }

    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.text(name)? {
            None => Ok(None),
            // HubSpot's Python SDK sends `True`.
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(ApiError::invalid(name, "expected true or false")),
        }
    }

    /// A positive number of 32 bits.
    pub(crate) fn count(&self, name: &str) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match whole_number(text, Width::Int32) {
            Ok(0) | Err(NotInRange::Malformed) => {
                Err(ApiError::invalid(name, "expected a positive whole number"))
            }
            Ok(count) => Ok(usize::try_from(count).ok()),
            Err(NotInRange::TooLarge) => Err(too_large(name, Width::Int32)),
        }
    }

    pub(crate) fn id(&self, name: &str, width: Width) -> Result<Option<u64>, ApiError> {
        self.text(name)?.map(|text| id(name, text, width)).transpose()
    }

    pub(crate) fn ids(&self, name: &str, width: Width) -> Result<Vec<u64>, ApiError> {
        self.all(name).map(|text| id(name, text, width)).collect()
    }

    pub(crate) fn instant(&self, name: &str) -> Result<Option<DateTime<Utc>>, ApiError> {
        let parsed = self.text(name)?.map(|text| {
            DateTime::parse_from_rfc3339(text)
                .map(|instant| instant.to_utc())
                .map_err(|_| ApiError::invalid(name, "expected a date and time, as in RFC 3339"))
        });
        parsed.transpose()
    }
}

/// The width of a number in a path or a query. HubSpot's documents have both.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Width {
    Int32,
    Int64,
}

impl Width {
    fn largest(self) -> u64 {
        match self {
            Self::Int32 => i32::MAX.unsigned_abs().into(),
            Self::Int64 => i64::MAX.unsigned_abs(),
        }
    }
}

/// A numeric id.
pub(crate) fn id(name: &str, text: &str, width: Width) -> Result<u64, ApiError> {
    whole_number(text, width).map_err(|reason| match reason {
        // ASSUMPTION: an id in a path or a query that is not a number is rejected with 400, and not
        // with 404.
        NotInRange::Malformed => ApiError::invalid(name, "expected a whole number"),
        NotInRange::TooLarge => too_large(name, width),
    })
}

enum NotInRange {
    Malformed,
    TooLarge,
}

fn whole_number(text: &str, width: Width) -> Result<u64, NotInRange> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotInRange::Malformed);
    }
    let number = text.parse().ok().filter(|number| *number <= width.largest());
    number.ok_or(NotInRange::TooLarge)
}

fn too_large(name: &str, width: Width) -> ApiError {
    ApiError::invalid(name, format!("expected at most {}", width.largest()))
}
