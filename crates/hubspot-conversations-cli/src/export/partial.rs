//! A partial export: its files and its journal.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;

use foldhash::{HashSet, HashSetExt};
use hubspot_conversations::types::{ActorId, InboxId};

use super::files::{self, RecordKind, create, partial_path};
use super::findings::Finding;
use super::journal::{self, ActorsLine, Header, JOURNAL, JournalState, Line, ThreadLine};
use super::manifest::Manifest;
use super::options::Options;
use super::spill_buffer::SpillBuffer;
use super::unpublished::Unpublished;

/// The size of a file buffer. Most histories are longer, and written without a copy.
const BUFFER_SIZE: usize = 16 * 1024;

/// A partial export. It stays in its folder, to be resumed, until it is finished.
pub(super) struct Partial {
    folder: Rc<Path>,
    header: Header,
    /// The journal is locked while it is open.
    journal: File,
    /// Everything that was added.
    progress: JournalState,
    /// The number of threads and messages in the journal.
    saved: Saved,
    /// Lines to append to the journal once the files contain their records.
    pending: Vec<u8>,
    lists: [List; 3],
    threads: BufWriter<File>,
    messages: BufWriter<File>,
    actors: File,
    /// Buffers of added histories, for reuse.
    spare: Vec<Vec<u8>>,
}

/// What an export can be resumed from.
pub(super) struct ResumePoint {
    pub(super) header: Header,
    pub(super) state: JournalState,
    /// The length of the valid part of the journal.
    pub(super) journal_end: u64,
}

/// How much of an export is saved when it ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Saved {
    pub(super) threads: u64,
    pub(super) messages: u64,
}

/// A short list, which is read again in each run.
struct List {
    records: RecordKind,
    file: BufWriter<File>,
    count: u64,
}

/// The history of a thread, before it is added to the file of messages.
pub(super) struct History {
    pub(super) lines: SpillBuffer,
    pub(super) messages: u64,
    pub(super) completed: u64,
    pub(super) actors: HashSet<String>,
    pub(super) findings: Vec<Finding>,
}

impl Partial {
    /// Starts a new export, and discards the journal.
    pub(super) fn begin(folder: &Path, header: Header, mut journal: File) -> io::Result<Self> {
        journal.set_len(0)?;
        journal.seek(SeekFrom::Start(0))?;
        let create_file =
            |records: RecordKind, _| create(&partial_path(folder, records.file_name()));
        let mut new = Self::new(folder, header, journal, JournalState::default(), create_file)?;
        new.journal_line(Line::Begun(new.header.clone()))?;
        new.flush()?;
        Ok(new)
    }

    /// Resumes an export. Truncates the files to the length in the journal.
    pub(super) fn resume(folder: &Path, mut journal: File, from: ResumePoint) -> io::Result<Self> {
        journal.set_len(from.journal_end)?;
        journal.seek(SeekFrom::Start(from.journal_end))?;
        let cut = |records: RecordKind, end| {
            let path = partial_path(folder, records.file_name());
            if end == 0 {
                return create(&path);
            }
            let mut file = files::private().write(true).open(path)?;
            file.set_len(end)?;
            file.seek(SeekFrom::Start(end))?;
            Ok(file)
        };
        Self::new(folder, from.header, journal, from.state, cut)
    }

    /// `open` opens a file at its length in the journal.
    fn new(
        folder: &Path,
        header: Header,
        journal: File,
        progress: JournalState,
        open: impl Fn(RecordKind, u64) -> io::Result<File>,
    ) -> io::Result<Self> {
        let buffered = |file| BufWriter::with_capacity(BUFFER_SIZE, file);
        Ok(Self {
            saved: Saved { threads: progress.threads, messages: progress.messages },
            pending: Vec::new(),
            lists: lists(folder)?,
            threads: buffered(open(RecordKind::Threads, progress.threads_end)?),
            messages: buffered(open(RecordKind::Messages, progress.messages_end)?),
            actors: open(RecordKind::Actors, progress.actors_end)?,
            spare: Vec::new(),
            folder: folder.into(),
            header,
            journal,
            progress,
        })
    }

    /// Everything that was added.
    pub(super) fn progress(&self) -> &JournalState {
        &self.progress
    }

    /// Its source and options.
    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// Its options.
    pub(super) fn options(&self) -> &Options {
        &self.header.options
    }

    /// An empty history, to be filled and then [added](Self::add_thread). A long history is buffered on
    /// the disk.
    pub(super) fn history(&mut self) -> History {
        let memory = self.spare.pop().unwrap_or_default();
        History {
            lines: SpillBuffer::new(memory, Rc::clone(&self.folder)),
            messages: 0,
            completed: 0,
            actors: HashSet::new(),
            findings: Vec::new(),
        }
    }

    /// Adds a record of a short list.
    pub(super) fn add(&mut self, records: RecordKind, json: &str) -> io::Result<()> {
        for list in self.lists.iter_mut().filter(|list| list.records == records) {
            files::write_line(&mut list.file, json)?;
            list.count += 1;
        }
        Ok(())
    }

    /// Remembers which account it is, by its inboxes.
    pub(super) fn record_inboxes(&mut self, inboxes: Vec<InboxId>) -> io::Result<()> {
        self.journal_line(Line::Inboxes(inboxes))?;
        self.flush()
    }

    /// Adds a thread with its history. It is saved by the next [flush](Self::flush).
    pub(super) fn add_thread(
        &mut self,
        key: String,
        json: &str,
        history: History,
    ) -> io::Result<()> {
        let mut line = Vec::with_capacity(json.len() + 1);
        files::write_line(&mut line, json)?;
        self.threads.write_all(&line)?;
        let (length, memory) = history.lines.append_to(&mut self.messages)?;
        self.spare.push(memory);
        let actors = history.actors.into_iter().map(ActorId::from);
        let actors = actors.filter(|actor| !self.progress.actors.contains(actor)).collect();
        self.journal_line(Line::Thread(ThreadLine {
            key,
            threads_end: self.progress.threads_end + line.len() as u64,
            messages_end: self.progress.messages_end + length,
            messages: history.messages,
            completed: history.completed,
            actors,
            findings: history.findings,
        }))
    }

    /// Adds the found actors of those requested.
    pub(super) fn add_actors<'a>(
        &mut self,
        asked: Vec<ActorId>,
        found: impl Iterator<Item = &'a str>,
    ) -> io::Result<()> {
        let (mut lines, mut count) = (Vec::new(), 0);
        for json in found {
            files::write_line(&mut lines, json)?;
            count += 1;
        }
        self.actors.write_all(&lines)?;
        let end = self.progress.actors_end + lines.len() as u64;
        self.journal_line(Line::Actors(ActorsLine { asked, found: count, end }))?;
        self.flush()
    }

    /// Adds a line to the journal, which the next flush writes.
    fn journal_line(&mut self, line: Line) -> io::Result<()> {
        journal::append(&mut self.pending, &line)?;
        self.progress.add(line);
        Ok(())
    }

    /// Writes everything that was added, first to the files and then to the journal.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.threads.flush()?;
        self.messages.flush()?;
        // Taken first, so that no failure writes a line twice.
        let pending = std::mem::take(&mut self.pending);
        self.journal.write_all(&pending)?;
        self.saved = Saved { threads: self.progress.threads, messages: self.progress.messages };
        Ok(())
    }

    /// Saves what can be saved before the export ends early, and returns how much.
    pub(super) fn save_early(&mut self) -> Saved {
        // A write error was already reported, or matters less than what is saved.
        let _ = self.flush();
        if self.saved.threads == 0 {
            self.discard();
        }
        self.saved
    }

    /// Writes all files to the disk, and then the manifest.
    pub(super) fn finish(&mut self) -> io::Result<Manifest> {
        for list in &mut self.lists {
            list.file.flush()?;
            list.file.get_ref().sync_all()?;
        }
        self.flush()?;
        for file in [self.threads.get_ref(), self.messages.get_ref(), &self.actors] {
            file.sync_all()?;
        }
        let JournalState { threads, messages, completed, found, ref findings, .. } = self.progress;
        let lists = self.lists.iter().map(|list| (list.records, list.count));
        let others = [
            (RecordKind::Threads, threads),
            (RecordKind::Messages, messages),
            (RecordKind::Actors, found),
        ];
        let counts = lists.chain(others);
        let inboxes = self.progress.inboxes.clone();
        let manifest =
            Manifest::new(self.header.clone(), counts, completed, findings.clone(), inboxes);
        manifest.write(&self.folder)?;
        Ok(manifest)
    }

    /// The finished export.
    pub(super) fn into_unpublished(self, manifest: Manifest) -> Unpublished {
        Unpublished::new(&self.folder, manifest, self.journal)
    }

    /// Adds a finding of the export as a whole.
    pub(super) fn add_finding(&mut self, finding: &Finding) {
        self.progress.findings.add(finding, None);
    }

    /// Removes its files. Files that cannot be removed are replaced by a later export.
    fn discard(&self) {
        for records in RecordKind::ALL {
            let _ = files::remove(&partial_path(&self.folder, records.file_name()));
        }
        let _ = files::remove(&self.folder.join(JOURNAL));
    }
}

impl fmt::Debug for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partial").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn lists(folder: &Path) -> io::Result<[List; 3]> {
    let list = |records: RecordKind| -> io::Result<List> {
        let file = BufWriter::new(create(&partial_path(folder, records.file_name()))?);
        Ok(List { records, file, count: 0 })
    };
    Ok([
        list(RecordKind::Inboxes)?,
        list(RecordKind::Channels)?,
        list(RecordKind::ChannelAccounts)?,
    ])
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    use super::{Partial, partial_path};
    use crate::export::files::RecordKind;
    use crate::export::journal::{Header, JOURNAL};
    use crate::export::open::{Opened, open};
    use crate::export::options::Options;

    const THREADS: usize = 5;

    fn reopened(folder: &Path) -> Partial {
        let header = Header::new("server".to_owned(), "v3".to_owned(), Options::default());
        match open(folder, header, false).unwrap() {
            Opened::Partial(partial) => *partial,
            Opened::Unpublished(_) => panic!("it was finished"),
        }
    }

    /// Adds the missing threads.
    fn complete(mut partial: Partial) {
        for thread in 0..THREADS {
            let key = thread.to_string();
            if partial.progress().done.contains(&key) {
                continue;
            }
            let mut history = partial.history();
            writeln!(history.lines, "the message of {key}").unwrap();
            history.messages = 1;
            partial.add_thread(key.clone(), &key, history).unwrap();
        }
        partial.save_early();
    }

    fn files(folder: &Path) -> [Vec<u8>; 3] {
        let threads = partial_path(folder, RecordKind::Threads.file_name());
        let messages = partial_path(folder, RecordKind::Messages.file_name());
        [threads, messages, folder.join(JOURNAL)].map(|path| fs::read(path).unwrap())
    }

    #[test]
    fn whatever_was_written_when_it_was_killed_the_same_files_come_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        complete(reopened(folder));
        let [threads, messages, journal] = files(folder);
        let check = |lengths: [usize; 3]| {
            let [a, b, c] = lengths;
            fs::write(partial_path(folder, "threads.jsonl"), &threads[..a]).unwrap();
            fs::write(partial_path(folder, "messages.jsonl"), &messages[..b]).unwrap();
            fs::write(folder.join(JOURNAL), &journal[..c]).unwrap();
            complete(reopened(folder));
            let [threads_again, messages_again, _] = files(folder);
            assert!(threads_again == threads && messages_again == messages, "{lengths:?}");
        };
        // A killed process: the journal is shorter than the files.
        for length in 0..=journal.len() {
            check([threads.len(), messages.len(), length]);
        }
        // A power failure: a file is shorter than its journal.
        for length in 0..=threads.len() {
            check([length, messages.len(), journal.len()]);
        }
        for length in 0..=messages.len() {
            check([threads.len(), length, journal.len()]);
        }
    }

    #[test]
    fn a_long_history_is_as_whole_as_a_short_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut partial = reopened(folder.path());
        let mut history = partial.history();
        let message = "m".repeat(1023) + "\n";
        for _ in 0..3 * 1024 {
            history.lines.write_all(message.as_bytes()).unwrap();
        }
        partial.add_thread("1".to_owned(), "{}", history).unwrap();
        partial.save_early();
        assert_eq!(partial.progress().messages_end, 3 * 1024 * 1024);
        assert!(files(folder.path())[1] == message.repeat(3 * 1024).as_bytes());
    }

    #[test]
    fn zeros_that_a_power_failure_left_are_no_records() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        complete(reopened(folder));
        let [_, messages, _] = files(folder);
        let mut zeroed = messages.clone();
        zeroed[40..].fill(0);
        fs::write(partial_path(folder, "messages.jsonl"), zeroed).unwrap();
        let resumed = reopened(folder);
        assert_eq!(resumed.progress().threads, 2);
        complete(resumed);
        assert!(files(folder)[1] == messages);
    }
}
