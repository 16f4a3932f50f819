//! The journal of a partial export: its source and options, and the threads and actors in its files.
//!
//! A line is written once its record is complete in its file. So whenever the process is killed, the
//! files contain what the journal says, and possibly a remainder, which is cut off.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use hubspot_conversations::types::{ActorId, InboxId};
use serde::{Deserialize, Serialize};

use super::findings::{Finding, Findings};
use super::options::Options;

/// The name of the journal.
pub(super) const JOURNAL: &str = "export.partial";

/// The format version of the journal. Other versions are not resumed.
const FORMAT: u32 = 1;

/// The source and options of an export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header {
    format: u32,
    /// When the export was started. Later messages may be missing.
    pub(super) started: DateTime<Utc>,
    /// The address of the server.
    pub(super) server: String,
    pub(super) api_version: String,
    pub(super) options: Options,
}

impl Header {
    pub(super) fn new(server: String, api_version: String, options: Options) -> Self {
        Self { format: FORMAT, started: SystemTime::now().into(), server, api_version, options }
    }

    pub(super) fn is_readable(&self) -> bool {
        self.format == FORMAT
    }

    /// When the export was started, in words.
    pub(super) fn started_on(&self) -> String {
        format!("started on {}", self.started.format("%Y-%m-%d at %H:%M UTC"))
    }

    /// Whether both have the same source and options, regardless of when they were started.
    pub(super) fn matches(&self, other: &Self) -> bool {
        Self { started: other.started, ..self.clone() } == *other
    }
}

/// A line of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Line {
    Begun(Header),
    Inboxes(Vec<InboxId>),
    Thread(ThreadLine),
    Actors(ActorsLine),
}

/// A thread and its messages are in the files.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ThreadLine {
    /// Its id, or all of its JSON if it has none.
    pub(super) key: String,
    /// The length of the file of threads up to and including it.
    pub(super) threads_end: u64,
    /// The length of the file of messages up to and including its own.
    pub(super) messages_end: u64,
    pub(super) messages: u64,
    /// The number of messages with original content.
    pub(super) completed: u64,
    /// The actors that it names and no earlier thread does.
    pub(super) actors: Vec<ActorId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) findings: Vec<Finding>,
}

/// A batch of actors is in its file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActorsLine {
    pub(super) asked: Vec<ActorId>,
    pub(super) found: u64,
    /// The length of the file of actors up to and including them.
    pub(super) end: u64,
}

/// The state that all lines of a journal add up to.
#[derive(Debug, Default)]
pub(super) struct JournalState {
    /// The inboxes of the account when the export was started.
    pub(super) inboxes: Option<HashSet<InboxId>>,
    /// The keys of threads in the files.
    pub(super) done: HashSet<String>,
    pub(super) threads: u64,
    pub(super) messages: u64,
    pub(super) completed: u64,
    /// The actors that the threads name.
    pub(super) actors: HashSet<ActorId>,
    /// The actors that were requested.
    pub(super) requested: HashSet<ActorId>,
    pub(super) found: u64,
    pub(super) findings: Findings,
    pub(super) threads_end: u64,
    pub(super) messages_end: u64,
    pub(super) actors_end: u64,
}

impl JournalState {
    /// Adds a line.
    pub(super) fn add(&mut self, line: Line) {
        match line {
            Line::Begun(_) => {}
            Line::Inboxes(inboxes) => self.inboxes = Some(inboxes.into_iter().collect()),
            Line::Thread(thread) => {
                for finding in &thread.findings {
                    self.findings.add(finding, Some(&thread.key));
                }
                self.done.insert(thread.key);
                self.threads += 1;
                self.messages += thread.messages;
                self.completed += thread.completed;
                self.actors.extend(thread.actors);
                self.threads_end = thread.threads_end;
                self.messages_end = thread.messages_end;
            }
            Line::Actors(actors) => {
                self.requested.extend(actors.asked);
                self.found += actors.found;
                self.actors_end = actors.end;
            }
        }
    }
}

/// Appends a line.
pub(super) fn append(journal: &mut Vec<u8>, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *journal, line)?;
    journal.push(b'\n');
    Ok(())
}

/// The start of a journal of this version.
const BEGIN: &[u8] = b"{\"begun\":{";

/// The first line of a journal.
#[derive(Debug)]
pub(super) enum FirstLine {
    /// Nothing, or an incomplete first line of this version.
    Nothing,
    Begun(Header),
    /// A line that this version cannot read.
    Unreadable,
}

/// Reads the first line of a journal.
pub(super) fn first_line(journal: &mut File) -> io::Result<FirstLine> {
    journal.seek(SeekFrom::Start(0))?;
    let mut text = Vec::new();
    BufReader::new(&*journal).read_until(b'\n', &mut text)?;
    Ok(match text.strip_suffix(b"\n") {
        Some(line) => match serde_json::from_slice(line) {
            Ok(Line::Begun(header)) if header.is_readable() => FirstLine::Begun(header),
            _ => FirstLine::Unreadable,
        },
        None if BEGIN.starts_with(&text) || text.starts_with(BEGIN) => FirstLine::Nothing,
        None => FirstLine::Unreadable,
    })
}

/// Reads the complete lines that `accept` accepts, and returns their total length.
///
/// The first other line ends the journal: what follows is not reliable.
pub(super) fn read(
    journal: &mut File,
    mut accept: impl FnMut(&Line) -> io::Result<bool>,
    mut take: impl FnMut(Line),
) -> io::Result<u64> {
    journal.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::new(&*journal);
    let mut end = 0;
    let mut text = Vec::new();
    loop {
        text.clear();
        let length = reader.read_until(b'\n', &mut text)?;
        let line = text.strip_suffix(b"\n").and_then(|text| serde_json::from_slice(text).ok());
        match line {
            Some(line) if accept(&line)? => take(line),
            _ => return Ok(end),
        }
        end += length as u64;
    }
}
