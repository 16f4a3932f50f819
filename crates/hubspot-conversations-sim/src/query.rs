//! Query parameters, read strictly: a known one with a value of another type is refused, an
//! unknown one is ignored.

use chrono::{DateTime, Utc};

use crate::choices;
use crate::errors::Refusal;

#[derive(Debug)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    pub(crate) fn parse(raw: &str) -> Self {
        Self { pairs: url::form_urlencoded::parse(raw.as_bytes()).into_owned().collect() }
    }

    /// Every parameter, as name and value.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every value of a parameter that can be repeated.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs().filter(move |(other, _)| *other == name).map(|(_, value)| value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.text(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::invalid(name, "expected true or false")),
        }
    }

    /// A positive number.
    pub(crate) fn count(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let parsed = self.text(name).map(|text| match text.parse() {
            Ok(0) | Err(_) => Err(Refusal::invalid(name, "expected a positive whole number")),
            Ok(count) => Ok(count),
        });
        parsed.transpose()
    }

    pub(crate) fn id(&self, name: &str) -> Result<Option<u64>, Refusal> {
        self.text(name).map(|text| id(name, text)).transpose()
    }

    pub(crate) fn ids(&self, name: &str) -> Result<Vec<u64>, Refusal> {
        self.all(name).map(|text| id(name, text)).collect()
    }

    pub(crate) fn instant(&self, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
        let parsed = self.text(name).map(|text| {
            DateTime::parse_from_rfc3339(text)
                .map(|instant| instant.to_utc())
                .map_err(|_| Refusal::invalid(name, "expected a date and time, as in RFC 3339"))
        });
        parsed.transpose()
    }
}

/// An id that is a number written in digits.
pub(crate) fn id(name: &str, text: &str) -> Result<u64, Refusal> {
    text.parse().map_err(|_| choices::malformed_id(name))
}
