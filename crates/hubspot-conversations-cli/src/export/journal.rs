//! The journal of a partial export: what it is of, and which threads and actors are in its files.
//!
//! A line is written when its record is whole in its file. So whenever the process is killed, the
//! files hold what the journal says, and perhaps a rest that it does not know, which is cut off.

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

/// The version of the journal. Another one is not resumed.
const FORMAT: u32 = 1;

/// What an export is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header {
    format: u32,
    /// When it was begun. Messages that are later may be missing.
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

    /// When it was begun, in words.
    pub(super) fn begun(&self) -> String {
        format!("started on {}", self.started.format("%Y-%m-%d at %H:%M UTC"))
    }

    /// Whether both are of the same records, whenever they were begun.
    pub(super) fn is_of_the_same(&self, other: &Self) -> bool {
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
    /// How long the file of threads is with it.
    pub(super) threads_end: u64,
    /// How long the file of messages is with its own.
    pub(super) messages_end: u64,
    pub(super) messages: u64,
    /// How many of them were truncated and completed.
    pub(super) completed: u64,
    /// The actors it names that no thread before it did.
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
    /// How long the file of actors is with them.
    pub(super) end: u64,
}

/// What the journal says altogether.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The inboxes of the account when the export was begun.
    pub(super) inboxes: Option<HashSet<InboxId>>,
    /// The keys of threads in the files.
    pub(super) done: HashSet<String>,
    pub(super) threads: u64,
    pub(super) messages: u64,
    pub(super) completed: u64,
    /// The actors that the threads name.
    pub(super) actors: HashSet<ActorId>,
    /// Those that HubSpot was asked for.
    pub(super) asked: HashSet<ActorId>,
    pub(super) found: u64,
    pub(super) findings: Findings,
    pub(super) threads_end: u64,
    pub(super) messages_end: u64,
    pub(super) actors_end: u64,
}

impl Progress {
    /// Takes a line in.
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
                self.asked.extend(actors.asked);
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

/// How a journal of this version begins.
const BEGIN: &[u8] = b"{\"begun\":{";

/// What a journal begins with.
#[derive(Debug)]
pub(super) enum Beginning {
    /// Nothing, or the first line of this version as far as it was written.
    Nothing,
    Begun(Header),
    /// Something that this version cannot read.
    Unreadable,
}

/// Reads how a journal begins, and changes nothing.
pub(super) fn beginning(journal: &mut File) -> io::Result<Beginning> {
    journal.seek(SeekFrom::Start(0))?;
    let mut text = Vec::new();
    BufReader::new(&*journal).read_until(b'\n', &mut text)?;
    Ok(match text.strip_suffix(b"\n") {
        Some(line) => match serde_json::from_slice(line) {
            Ok(Line::Begun(header)) if header.is_readable() => Beginning::Begun(header),
            _ => Beginning::Unreadable,
        },
        None if BEGIN.starts_with(&text) || text.starts_with(BEGIN) => Beginning::Nothing,
        None => Beginning::Unreadable,
    })
}

/// Reads the lines that are whole and that `accept` takes, and returns how long the journal is with them.
///
/// The first line that is neither ends it: nothing after that can be relied on.
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
