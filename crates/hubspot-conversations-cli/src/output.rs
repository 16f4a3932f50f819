//! Printing results: tables for people, JSON for programs.

mod column;
mod json;
mod layout;
mod left_out_notes;
mod names;
mod plain;
mod table;

use std::env;
use std::io::{self, BufWriter, Stdout, Write};

use clap::ValueEnum;
use hubspot_conversations::{Client, Item, LeftOut, Received};
use serde::de::DeserializeOwned;

use crate::failure::{self, Failure};
use crate::stop::{self, Interruptible};
pub(crate) use column::Column;
use left_out_notes::LeftOutNotes;
pub(crate) use left_out_notes::hides_next_page;
pub(crate) use names::Names;
pub(crate) use plain::{lines, one_line};
use table::Table;

/// The width of a table where neither `COLUMNS` nor a terminal says another.
const WIDTH: usize = 80;

/// The least and the most that a table is made for.
const WIDTHS: std::ops::RangeInclusive<usize> = 20..=1_000;

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
    /// For records of the account of a client.
    pub(crate) fn new(format: Format, client: &Client) -> Self {
        let out = BufWriter::with_capacity(64 * 1024, Interruptible(io::stdout()));
        Self { format, out, names: Names::of(client.clone()) }
    }

    /// Prints one record.
    pub(crate) async fn record<T>(
        &mut self,
        record: &Received<T>,
        columns: &[Column<T>],
    ) -> Result<(), Failure> {
        match self.format {
            Format::Table => {
                table::record(&mut self.out, &**record, columns, &mut self.names).await?;
            }
            Format::Json => json::whole(&mut self.out, record.json().get())?,
            Format::Jsonl => json::line(&mut self.out, record.json().get())?,
        }
        self.out.flush()?;
        if let Format::Table = self.format {
            LeftOutNotes::default().add(record.left_out());
        }
        Ok(())
    }

    /// Prints one record of a list. One that cannot be read is there only as JSON.
    pub(crate) async fn item<T: DeserializeOwned>(
        &mut self,
        item: Item<T>,
        columns: &[Column<T>],
    ) -> Result<(), Failure> {
        match self.format {
            Format::Json => json::whole(&mut self.out, item.json().get())?,
            Format::Jsonl => json::line(&mut self.out, item.json().get())?,
            Format::Table => match item.received() {
                Ok(record) => return self.record(&record, columns).await,
                Err(error) => failure::note(&format!(
                    "note: the record exists but cannot be read: {error}; use --output json to \
                     print it as received"
                )),
            },
        }
        Ok(self.out.flush()?)
    }

    /// Prints the result of a command that changed something, named in `done`.
    ///
    /// # Errors
    ///
    /// One that says what was done, so that nobody does it again.
    pub(crate) async fn changed<T>(
        &mut self,
        done: String,
        record: &Received<T>,
        columns: &[Column<T>],
    ) -> Result<(), Failure> {
        let printed = stop::while_printing(&done, self.record(record, columns)).await;
        printed.map_err(|failure| match failure {
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

    /// Begins a list of what this word names, such as "threads".
    pub(crate) fn list<'a, T>(
        &'a mut self,
        what: &'a str,
        columns: &'a [Column<T>],
    ) -> List<'a, T> {
        let layout = match self.format {
            Format::Table => Layout::Table(Table::new(columns, width())),
            Format::Json => Layout::Array,
            Format::Jsonl => Layout::Lines,
        };
        List {
            what,
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
    what: &'a str,
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
    /// Prints some more items.
    pub(crate) async fn items(&mut self, items: &[Item<T>]) -> Result<(), Failure> {
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

    /// Notes what could not be read around the items of a page.
    pub(crate) fn left_out(&mut self, left_out: &[LeftOut]) {
        self.notes.add(left_out);
    }

    /// Ends the list.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let mut lost = 0;
        match self.layout {
            Layout::Table(table) => lost = table.finish(self.out)?,
            Layout::Array => json::end(self.out, self.is_empty)?,
            Layout::Lines => {}
        }
        self.out.flush()?;
        if self.is_empty {
            failure::note(&format!("note: no {} found", self.what));
        }
        match lost {
            0 => Ok(()),
            1 => Err(Failure::Local(
                "1 record could not be read and is not shown in full; use --output json to print \
                 it as received"
                    .to_owned(),
            )),
            lost => Err(Failure::Local(format!(
                "{lost} records could not be read and are not shown in full; use --output json to \
                 print them as received"
            ))),
        }
    }
}

/// How wide a table may be: as `COLUMNS` says, else as wide as the terminal.
fn width() -> usize {
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    let terminal =
        || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into());
    let width = columns.filter(|columns| *columns > 0).or_else(terminal).unwrap_or(WIDTH);
    width.clamp(*WIDTHS.start(), *WIDTHS.end())
}
