//! Printing results: tables for people, JSON for programs.

mod json;
mod plain;
mod table;

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use clap::ValueEnum;
use hubspot_conversations::Item;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
pub(crate) use plain::one_line;
pub(crate) use table::Column;
use table::Table;

/// The width of a table that is not shown on a terminal.
const WIDTH: usize = 160;

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people; long texts are cut in lists, and control characters replaced
    #[default]
    Table,
    /// JSON, a list as one array; an array that is not closed was not read to its end
    Json,
    /// JSON, each record on a line of its own
    Jsonl,
}

/// Standard output, in a format.
pub(crate) struct Output {
    format: Format,
    out: BufWriter<Stdout>,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        Self { format, out: BufWriter::with_capacity(64 * 1024, io::stdout()) }
    }

    /// Prints one record.
    pub(crate) fn record<T: Serialize>(
        &mut self,
        record: &T,
        columns: &[Column<T>],
    ) -> Result<(), Failure> {
        match self.format {
            Format::Table => table::record(&mut self.out, record, columns)?,
            Format::Json | Format::Jsonl => {
                serde_json::to_writer(&mut self.out, record).map_err(io::Error::from)?;
                self.out.write_all(b"\n")?;
            }
        }
        Ok(self.out.flush()?)
    }

    /// Prints the result of a command that changed something, named in `done`.
    ///
    /// # Errors
    ///
    /// One that says what was done, so that nobody does it again.
    pub(crate) fn changed<T: Serialize>(
        &mut self,
        done: String,
        record: &T,
        columns: &[Column<T>],
    ) -> Result<(), Failure> {
        self.record(record, columns).map_err(|failure| match failure {
            Failure::Output(error) => Failure::NotPrinted { done, error },
            other => other,
        })
    }

    /// Prints that there is no such record. A table has nothing to say.
    pub(crate) fn no_record(&mut self) -> Result<(), Failure> {
        if let Format::Json | Format::Jsonl = self.format {
            self.out.write_all(b"null\n")?;
        }
        Ok(self.out.flush()?)
    }

    /// Begins a list.
    pub(crate) fn list<'a, T>(&'a mut self, columns: &'a [Column<T>]) -> List<'a, T> {
        let layout = match self.format {
            Format::Table => Layout::Table(Table::new(columns, width())),
            Format::Json => Layout::Array { is_empty: true },
            Format::Jsonl => Layout::Lines,
        };
        List { out: &mut self.out, layout }
    }
}

/// A list that is printed as it arrives.
pub(crate) struct List<'a, T> {
    out: &'a mut BufWriter<Stdout>,
    layout: Layout<'a, T>,
}

enum Layout<'a, T> {
    Table(Table<'a, T>),
    Array { is_empty: bool },
    Lines,
}

impl<T: DeserializeOwned> List<'_, T> {
    /// Prints some more items.
    pub(crate) fn items(&mut self, items: &[Item<T>]) -> Result<(), Failure> {
        match &mut self.layout {
            Layout::Table(table) => table.rows(self.out, items)?,
            Layout::Array { is_empty } => {
                for item in items {
                    json::element(self.out, item.json().get(), *is_empty)?;
                    *is_empty = false;
                }
            }
            Layout::Lines => {
                for item in items {
                    json::line(self.out, item.json().get())?;
                }
            }
        }
        Ok(self.out.flush()?)
    }

    /// Ends the list.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let mut lost = 0;
        match self.layout {
            Layout::Table(table) => lost = table.finish(self.out)?,
            Layout::Array { is_empty } => json::end(self.out, is_empty)?,
            Layout::Lines => {}
        }
        self.out.flush()?;
        match lost {
            0 => Ok(()),
            1 => Err(Failure::Local(
                "a record could not be read and is not shown whole: \
                 --output json prints it as it came"
                    .to_owned(),
            )),
            lost => Err(Failure::Local(format!(
                "{lost} records could not be read and are not shown whole: \
                 --output json prints them as they came"
            ))),
        }
    }
}

fn width() -> usize {
    if !io::stdout().is_terminal() {
        return WIDTH;
    }
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0.into())
}
