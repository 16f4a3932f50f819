//! Printing results: tables for people, JSON for programs.

mod column;
mod json;
mod layout;
mod left_out_notes;
mod names;
mod table;

use std::env;
use std::io::{self, BufWriter, Stdout, Write};

use clap::ValueEnum;
use hubspot_conversations::{Client, Item, LeftOut, Received};
use serde::de::DeserializeOwned;

use crate::command_error::CommandError;
use crate::signals::{self, Interruptible};
use crate::stderr;
pub(crate) use column::Column;
use left_out_notes::LeftOutNotes;
pub(crate) use left_out_notes::hides_next_page;
pub(crate) use names::Names;
use table::Table;

/// The width of a table if neither `COLUMNS` nor a terminal sets it.
const DEFAULT_WIDTH: usize = 80;

/// The supported widths of a table.
const WIDTH_RANGE: std::ops::RangeInclusive<usize> = 20..=1_000;

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people; lists truncate long texts, control characters are replaced
    #[default]
    Table,
    /// JSON as received; a list is one array, left open if the list could not be read to its end
    Json,
    /// JSON as received, one record per line
    Jsonl,
}

/// Standard output, in a format.
pub(crate) struct Output {
    format: Format,
    out: BufWriter<Interruptible<Stdout>>,
    names: Names,
}

impl Output {
    /// For records of the client's account.
    pub(crate) fn new(format: Format, client: &Client) -> Self {
        let out = BufWriter::with_capacity(64 * 1024, Interruptible(io::stdout()));
        Self { format, out, names: Names::new(client.clone()) }
    }

    /// Prints one record.
    pub(crate) async fn record<T>(
        &mut self,
        record: &Received<T>,
        columns: &[Column<T>],
    ) -> Result<(), CommandError> {
        match self.format {
            Format::Table => {
                table::record(&mut self.out, &**record, columns, &mut self.names).await?;
            }
            Format::Json => json::record(&mut self.out, record.json().get())?,
            Format::Jsonl => json::line(&mut self.out, record.json().get())?,
        }
        self.out.flush()?;
        if let Format::Table = self.format {
            LeftOutNotes::default().add(record.left_out());
        }
        Ok(())
    }

    /// Prints one record of a list. An unreadable record is printed only as JSON.
    pub(crate) async fn item<T: DeserializeOwned>(
        &mut self,
        item: Item<T>,
        columns: &[Column<T>],
    ) -> Result<(), CommandError> {
        match self.format {
            Format::Json => json::record(&mut self.out, item.json().get())?,
            Format::Jsonl => json::line(&mut self.out, item.json().get())?,
            Format::Table => match item.received() {
                Ok(record) => return self.record(&record, columns).await,
                Err(error) => stderr::print_line(&format!(
                    "note: the record exists but cannot be read: {error}; use --output json to \
                     print it as received"
                )),
            },
        }
        Ok(self.out.flush()?)
    }

    /// Prints the result of a change, which `done` describes.
    ///
    /// # Errors
    ///
    /// The error says what was done, so that it is not repeated.
    pub(crate) async fn changed<T>(
        &mut self,
        done: String,
        record: &Received<T>,
        columns: &[Column<T>],
    ) -> Result<(), CommandError> {
        let printed = signals::while_printing(&done, self.record(record, columns)).await;
        printed.map_err(|error| match error {
            CommandError::Output(error) => CommandError::NotPrinted { done, error },
            other => other,
        })
    }

    /// Prints that no record was found: `null` in JSON, nothing in a table.
    pub(crate) fn no_record(&mut self) -> Result<(), CommandError> {
        if let Format::Json | Format::Jsonl = self.format {
            self.out.write_all(b"null\n")?;
        }
        Ok(self.out.flush()?)
    }

    /// Starts a list. The noun names its records, such as "threads".
    pub(crate) fn list<'a, T>(
        &'a mut self,
        noun: &'a str,
        columns: &'a [Column<T>],
    ) -> List<'a, T> {
        let layout = match self.format {
            Format::Table => Layout::Table(Table::new(columns, width())),
            Format::Json => Layout::Array,
            Format::Jsonl => Layout::Lines,
        };
        List {
            noun,
            out: &mut self.out,
            names: &mut self.names,
            layout,
            is_empty: true,
            notes: LeftOutNotes::default(),
        }
    }
}

/// A list that is printed as it arrives.
pub(crate) struct List<'a, T> {
    noun: &'a str,
    out: &'a mut BufWriter<Interruptible<Stdout>>,
    names: &'a mut Names,
    layout: Layout<'a, T>,
    is_empty: bool,
    notes: LeftOutNotes,
}

enum Layout<'a, T> {
    Table(Table<'a, T>),
    Array,
    Lines,
}

impl<T: DeserializeOwned> List<'_, T> {
    /// Prints more items.
    pub(crate) async fn items(&mut self, items: &[Item<T>]) -> Result<(), CommandError> {
        match &mut self.layout {
            Layout::Table(table) => {
                table.rows(self.out, items, self.names, &mut self.notes).await?;
            }
            Layout::Array => {
                for (index, item) in items.iter().enumerate() {
                    let is_first = self.is_empty && index == 0;
                    json::element(self.out, item.json().get(), is_first)?;
                }
            }
            Layout::Lines => {
                for item in items {
                    json::line(self.out, item.json().get())?;
                }
            }
        }
        self.is_empty &= items.is_empty();
        Ok(self.out.flush()?)
    }

    /// Notes the left-out places of a page, outside of its items.
    pub(crate) fn left_out(&mut self, left_out: &[LeftOut]) {
        self.notes.add(left_out);
    }

    /// Ends the list.
    pub(crate) fn finish(self) -> Result<(), CommandError> {
        let mut unreadable = 0;
        match self.layout {
            Layout::Table(table) => unreadable = table.finish(self.out)?,
            Layout::Array => json::end_array(self.out, self.is_empty)?,
            Layout::Lines => {}
        }
        self.out.flush()?;
        if self.is_empty {
            stderr::print_line(&format!("note: no {} found", self.noun));
        }
        match unreadable {
            0 => Ok(()),
            1 => Err(CommandError::Failed(
                "1 record could not be read and is not shown in full; use --output json to print \
                 it as received"
                    .to_owned(),
            )),
            unreadable => Err(CommandError::Failed(format!(
                "{unreadable} records could not be read and are not shown in full; use --output json to \
                 print them as received"
            ))),
        }
    }
}

/// The width of a table: `COLUMNS`, or the width of the terminal.
fn width() -> usize {
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    let terminal =
        || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into());
    let width = columns.filter(|columns| *columns > 0).or_else(terminal).unwrap_or(DEFAULT_WIDTH);
    width.clamp(*WIDTH_RANGE.start(), *WIDTH_RANGE.end())
}
