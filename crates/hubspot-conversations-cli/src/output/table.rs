//! Aligned columns.
//!
//! A list can be longer than memory, so the first page decides how wide the columns are.

use std::io::{Result, Write};

use hubspot_conversations::Item;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::failure;

use super::plain::{cut, one_line};

const GAP: usize = 2;

/// What the last column has at least, on however narrow a terminal.
const LEAST_TEXT: usize = 20;

/// What stands where there is no value.
const NONE: &str = "-";

/// A column of a table, and how its value is taken from a record.
pub(crate) struct Column<T> {
    title: &'static str,
    value: fn(&T) -> Option<String>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// Never cut, such as an id.
    Whole,
    /// Cut to so many columns of the terminal.
    Short(usize),
    /// Cut to what is left of the line. The last column.
    Text,
    /// Shown with a single record only.
    Detail,
}

impl<T> Column<T> {
    /// A value that is never cut, such as an id.
    pub(crate) const fn whole(title: &'static str, value: fn(&T) -> Option<String>) -> Self {
        Self { title, value, kind: Kind::Whole }
    }

    /// A value that is cut to so many columns of the terminal.
    pub(crate) const fn short(
        title: &'static str,
        most: usize,
        value: fn(&T) -> Option<String>,
    ) -> Self {
        Self { title, value, kind: Kind::Short(most) }
    }

    /// A value that is cut to what is left of the line. For the last column of a list.
    pub(crate) const fn text(title: &'static str, value: fn(&T) -> Option<String>) -> Self {
        Self { title, value, kind: Kind::Text }
    }

    /// A value that is shown with a single record only.
    pub(crate) const fn detail(title: &'static str, value: fn(&T) -> Option<String>) -> Self {
        Self { title, value, kind: Kind::Detail }
    }

    fn is_listed(&self) -> bool {
        !matches!(self.kind, Kind::Detail)
    }

    fn cell(&self, record: &T) -> String {
        let value = (self.value)(record).map(|value| one_line(&value)).unwrap_or_default();
        match self.kind {
            _ if value.is_empty() => NONE.to_owned(),
            Kind::Short(most) => cut(&value, most),
            _ => value,
        }
    }
}

/// A table that is printed page by page.
pub(super) struct Table<'a, T> {
    columns: &'a [Column<T>],
    width: usize,
    /// How wide each column is, once that is decided.
    layout: Option<Vec<usize>>,
    lost: u64,
}

impl<'a, T> Table<'a, T> {
    pub(super) fn new(columns: &'a [Column<T>], width: usize) -> Self {
        Self { columns, width, layout: None, lost: 0 }
    }

    fn listed(&self) -> impl Iterator<Item = &'a Column<T>> {
        self.columns.iter().filter(|column| column.is_listed())
    }

    /// Prints the last of it, and says how many records could not be read.
    pub(super) fn finish(mut self, out: &mut impl Write) -> Result<u64> {
        self.begin(out, &[])?;
        Ok(self.lost)
    }

    /// Decides the layout by the first rows, and prints the titles.
    fn begin(&mut self, out: &mut impl Write, rows: &[Vec<String>]) -> Result<()> {
        if self.layout.is_some() {
            return Ok(());
        }
        let titles: Vec<String> = self.listed().map(|column| column.title.to_owned()).collect();
        let mut layout = Vec::with_capacity(titles.len());
        let mut used = 0;
        for (index, column) in self.listed().enumerate() {
            let cells = rows.iter().chain([&titles]).filter_map(|row| row.get(index));
            let width = match column.kind {
                Kind::Text => self.width.saturating_sub(used).max(LEAST_TEXT),
                _ => cells.map(|cell| cell.width()).max().unwrap_or_default(),
            };
            used += width + GAP;
            layout.push(width);
        }
        self.layout = Some(layout);
        self.row(out, &titles)
    }

    fn row(&self, out: &mut impl Write, row: &[String]) -> Result<()> {
        let mut line = String::new();
        let mut missing = 0;
        let layout = self.layout.as_deref().unwrap_or_default();
        for ((cell, width), column) in row.iter().zip(layout).zip(self.listed()) {
            line.extend(std::iter::repeat_n(' ', missing));
            match column.kind {
                Kind::Text => line.push_str(&cut(cell, *width)),
                _ => line.push_str(cell),
            }
            missing = width.saturating_sub(cell.width()) + GAP;
        }
        writeln!(out, "{line}")
    }
}

impl<T: DeserializeOwned> Table<'_, T> {
    pub(super) fn rows(&mut self, out: &mut impl Write, items: &[Item<T>]) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = items.iter().map(|item| self.cells(item)).collect();
        self.begin(out, &rows)?;
        rows.iter().try_for_each(|row| self.row(out, row))
    }

    /// The cells of an item. Of one that cannot be read, its id if it has one.
    fn cells(&mut self, item: &Item<T>) -> Vec<String> {
        match item.decode() {
            Ok(record) => self.listed().map(|column| column.cell(&record)).collect(),
            Err(error) => {
                self.lost += 1;
                let id = id(item.json().get()).unwrap_or_else(|| NONE.to_owned());
                failure::note(&format!("note: the record {id} cannot be read: {error}"));
                let others = self.listed().skip(1).map(|_| "?".to_owned());
                std::iter::once(id).chain(others).collect()
            }
        }
    }
}

/// The id of a record of any kind.
fn id(json: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified {
        id: Value,
    }

    let Identified { id } = serde_json::from_str(json).ok()?;
    match id {
        Value::String(id) => Some(one_line(&id)),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// Prints all values of one record, a line each; a text of several lines keeps them.
pub(super) fn record<T>(out: &mut impl Write, record: &T, columns: &[Column<T>]) -> Result<()> {
    let width = columns.iter().map(|column| column.title.width()).max().unwrap_or_default() + GAP;
    for column in columns {
        let value = (column.value)(record).unwrap_or_default();
        let value = if value.trim().is_empty() { NONE } else { value.trim_end() };
        let mut title = column.title;
        for line in value.lines() {
            let line = format!("{title:width$}{}", one_line(line));
            writeln!(out, "{}", line.trim_end())?;
            title = "";
        }
    }
    Ok(())
}
