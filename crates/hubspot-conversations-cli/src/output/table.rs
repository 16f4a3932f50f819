//! Aligned columns.
//!
//! A list can be longer than memory, so the first page decides which columns are shown and how
//! wide they are.

use std::io::{Result, Write};

use hubspot_conversations::{DecodeError, Item};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::stderr;

use super::column::{Column, Kind, MAX_ID_WIDTH, NO_VALUE};
use super::layout::{ColumnNeeds, GAP, layout};
use super::left_out_notes::LeftOutNotes;
use super::names::Names;
use crate::terminal_text::{cell, one_line, prefix, truncate};

/// The maximum size of a value of a single record, in bytes.
const MAX_VALUE_BYTES: usize = 256 * 1024;

/// A table that is printed page by page.
pub(super) struct Table<'a, T> {
    columns: &'a [Column<T>],
    width: usize,
    /// The width of each listed column, once it is known. `None` for dropped columns.
    layout: Option<Vec<Option<usize>>>,
    unreadable: u64,
}

impl<'a, T> Table<'a, T> {
    pub(super) fn new(columns: &'a [Column<T>], width: usize) -> Self {
        Self { columns, width, layout: None, unreadable: 0 }
    }

    fn listed(&self) -> impl Iterator<Item = &'a Column<T>> {
        self.columns.iter().filter(|column| column.is_listed())
    }

    /// Ends the table, and returns the number of unreadable records.
    pub(super) fn finish(mut self, out: &mut impl Write) -> Result<u64> {
        self.begin(out, &[])?;
        Ok(self.unreadable)
    }

    /// Decides the layout by the first rows, and prints the titles.
    fn begin(&mut self, out: &mut impl Write, rows: &[Vec<String>]) -> Result<()> {
        if self.layout.is_some() {
            return Ok(());
        }
        let needs = self.listed().enumerate().map(|(index, column)| {
            let cells = || rows.iter().filter_map(|row| row.get(index));
            let widest = cells().map(|cell| cell.width()).max().unwrap_or_default();
            ColumnNeeds {
                kind: column.kind,
                expendable: column.expendable,
                is_empty: cells().all(|cell| cell == NO_VALUE),
                width: widest.max(column.title.width()),
            }
        });
        self.layout = Some(layout(&needs.collect::<Vec<_>>(), self.width));
        let titles: Vec<String> = self.listed().map(|column| column.title.to_owned()).collect();
        self.row(out, &titles)
    }

    fn row(&self, out: &mut impl Write, row: &[String]) -> Result<()> {
        let mut line = String::new();
        let mut used = 0;
        let mut padding = 0;
        let layout = self.layout.as_deref().unwrap_or_default();
        for ((cell, width), column) in row.iter().zip(layout).zip(self.listed()) {
            let Some(width) = *width else { continue };
            // A later page can have wider ids than the first, which set the layout.
            let left = self.width.saturating_sub(used + padding);
            if left == 0 {
                break;
            }
            line.extend(std::iter::repeat_n(' ', padding));
            used += padding;
            let shown = match column.kind {
                Kind::Short(_) | Kind::Named(_) => truncate(cell, width.min(left)),
                _ => truncate(cell, left),
            };
            line.push_str(&shown);
            used += shown.width();
            padding = width.saturating_sub(shown.width()) + GAP;
        }
        writeln!(out, "{}", line.trim_end())
    }
}

impl<T: DeserializeOwned> Table<'_, T> {
    pub(super) async fn rows(
        &mut self,
        out: &mut impl Write,
        items: &[Item<T>],
        names: &mut Names,
        notes: &mut LeftOutNotes,
    ) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        let records: Vec<_> = items.iter().map(|item| Record::of(item, notes)).collect();
        self.unreadable +=
            records.iter().filter(|record| matches!(record, Record::Unreadable(_))).count() as u64;
        let mut rows = self.cells(&records, names);
        if names.load_requested().await {
            rows = self.cells(&records, names);
        }
        self.begin(out, &rows)?;
        rows.iter().try_for_each(|row| self.row(out, row))
    }

    fn cells(&self, records: &[Record<T>], names: &Names) -> Vec<Vec<String>> {
        let cells = |record: &Record<T>| match record {
            Record::Readable(record) => {
                self.listed().map(|column| column.cell(record, names, self.width)).collect()
            }
            Record::Unreadable(id) => {
                let others = self.listed().skip(1).map(|_| "?".to_owned());
                std::iter::once(id.clone()).chain(others).collect()
            }
        };
        records.iter().map(cells).collect()
    }
}

/// A record of a page.
enum Record<T> {
    Readable(T),
    /// An unreadable record: its id, if it has one.
    Unreadable(String),
}

impl<T: DeserializeOwned> Record<T> {
    fn of(item: &Item<T>, notes: &mut LeftOutNotes) -> Self {
        match item.decode_with_left_out() {
            Ok((record, left_out)) => {
                notes.add(&left_out);
                Self::Readable(record)
            }
            Err(error) => Self::unreadable(item.json().get(), &error),
        }
    }

    fn unreadable(json: &str, error: &DecodeError) -> Self {
        let id = id(json).unwrap_or_else(|| NO_VALUE.to_owned());
        stderr::print_line(&format!("note: record {id} cannot be read: {error}"));
        Record::Unreadable(id)
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
        Value::String(id) => Some(cell(&id, MAX_ID_WIDTH)),
        Value::Number(id) => Some(cell(&id.to_string(), MAX_ID_WIDTH)),
        _ => None,
    }
}

/// Prints all values of one record, one per line; a text keeps its line breaks.
pub(super) async fn record<T>(
    out: &mut impl Write,
    record: &T,
    columns: &[Column<T>],
    names: &mut Names,
) -> Result<()> {
    let width = columns.iter().map(|column| column.title.width()).max().unwrap_or_default() + GAP;
    let values = |names: &Names| -> Vec<_> {
        columns.iter().map(|column| column.value(record, names).unwrap_or_default()).collect()
    };
    let mut shown = values(names);
    if names.load_requested().await {
        shown = values(names);
    }
    for (column, value) in columns.iter().zip(&shown) {
        let is_cut = value.len() > MAX_VALUE_BYTES;
        let value = prefix(value, MAX_VALUE_BYTES);
        let value = if value.trim().is_empty() { NO_VALUE } else { value.trim_end() };
        let mut title = column.title;
        for line in value.lines() {
            let line = format!("{title:width$}{}", one_line(line));
            writeln!(out, "{}", line.trim_end())?;
            title = "";
        }
        if is_cut {
            writeln!(out, "{:width$}… (use --output json to print all of it)", "")?;
        }
    }
    Ok(())
}
