//! A column of a table, and how its value is taken from a record.

use chrono::{DateTime, SecondsFormat, Utc};

use super::names::Names;
use crate::terminal_text::cell;

/// The maximum width of an id in a list. HubSpot's are shorter.
pub(super) const MAX_ID_WIDTH: usize = 64;

/// The cell of a missing value.
pub(super) const NO_VALUE: &str = "-";

/// A column of a table, and how its value is taken from a record.
pub(crate) struct Column<T> {
    pub(super) title: &'static str,
    value: Value<T>,
    pub(super) kind: Kind,
    /// The order in which columns are dropped from a list that is too wide: highest first, 0 never.
    pub(super) expendable: u8,
}

enum Value<T> {
    Plain(fn(&T) -> Option<String>),
    /// With the names of inboxes and channels.
    Named(fn(&T, &Names) -> Option<String>),
    Time(fn(&T) -> Option<DateTime<Utc>>),
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Never truncated, such as an id.
    Whole,
    /// Truncated to this width, or less if space is short.
    Short(usize),
    /// An id with a name, truncated likewise, but later.
    Named(usize),
    /// Truncated to the rest of the line. The last column.
    Text,
    /// Shown with a single record only.
    Detail,
}

impl<T> Column<T> {
    const fn new(title: &'static str, value: Value<T>, kind: Kind) -> Self {
        Self { title, value, kind, expendable: 0 }
    }

    /// A value that is never truncated, such as an id.
    pub(crate) const fn whole(title: &'static str, value: fn(&T) -> Option<String>) -> Self {
        Self::new(title, Value::Plain(value), Kind::Whole)
    }

    /// A value that is truncated to a width.
    pub(crate) const fn short(
        title: &'static str,
        max: usize,
        value: fn(&T) -> Option<String>,
    ) -> Self {
        Self::new(title, Value::Plain(value), Kind::Short(max))
    }

    /// A time: to the minute in a list, to the second with a single record.
    pub(crate) const fn time(title: &'static str, value: fn(&T) -> Option<DateTime<Utc>>) -> Self {
        Self::new(title, Value::Time(value), Kind::Whole)
    }

    /// A time that is shown with a single record only.
    pub(crate) const fn time_detail(
        title: &'static str,
        value: fn(&T) -> Option<DateTime<Utc>>,
    ) -> Self {
        Self::new(title, Value::Time(value), Kind::Detail)
    }

    /// An id with its name, truncated to a width.
    pub(crate) const fn named(
        title: &'static str,
        max: usize,
        value: fn(&T, &Names) -> Option<String>,
    ) -> Self {
        Self::new(title, Value::Named(value), Kind::Named(max))
    }

    /// A value that is truncated to the rest of the line. For the last column of a list.
    pub(crate) const fn text(title: &'static str, value: fn(&T) -> Option<String>) -> Self {
        Self::new(title, Value::Plain(value), Kind::Text)
    }

    /// A text in which inboxes and channels are named. For the last column of a list.
    pub(crate) const fn named_text(
        title: &'static str,
        value: fn(&T, &Names) -> Option<String>,
    ) -> Self {
        Self::new(title, Value::Named(value), Kind::Text)
    }

    /// A value that is shown with a single record only.
    pub(crate) const fn detail(title: &'static str, value: fn(&T) -> Option<String>) -> Self {
        Self::new(title, Value::Plain(value), Kind::Detail)
    }

    /// An id with its name, or a text in which inboxes and channels are named, that is shown only with a
    /// single record.
    pub(crate) const fn named_detail(
        title: &'static str,
        value: fn(&T, &Names) -> Option<String>,
    ) -> Self {
        Self::new(title, Value::Named(value), Kind::Detail)
    }

    /// A column that is dropped from a list that is too wide: the highest rank first.
    pub(crate) const fn expendable(rank: u8, mut column: Self) -> Self {
        column.expendable = rank;
        column
    }

    pub(super) fn is_listed(&self) -> bool {
        !matches!(self.kind, Kind::Detail)
    }

    /// The value in full.
    pub(super) fn value(&self, record: &T, names: &Names) -> Option<String> {
        match self.value {
            Value::Plain(value) => value(record),
            Value::Named(value) => value(record, names),
            Value::Time(value) => {
                value(record).map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
            }
        }
    }

    /// The value on one line, no wider than a table of this width needs.
    pub(super) fn cell(&self, record: &T, names: &Names, width: usize) -> String {
        let max = match self.kind {
            Kind::Whole => MAX_ID_WIDTH.min(width),
            Kind::Short(max) | Kind::Named(max) => max.min(width),
            Kind::Text | Kind::Detail => width,
        };
        let value = match self.value {
            Value::Time(value) => value(record).map(|time| time.format("%F %RZ").to_string()),
            _ => self.value(record, names).map(|value| cell(&value, max)),
        };
        value.filter(|value| !value.is_empty()).unwrap_or_else(|| NO_VALUE.to_owned())
    }
}
