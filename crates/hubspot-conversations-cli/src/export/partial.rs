//! An export under way: its files, and the journal of what is in them.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;

use foldhash::{HashSet, HashSetExt};
use hubspot_conversations::types::{ActorId, InboxId};

use super::files::{self, Records, create, partial};
use super::findings::Finding;
use super::journal::{self, ActorsLine, Header, JOURNAL, Line, Progress, ThreadLine};
use super::lines::Lines;
use super::manifest::Manifest;
use super::open::Resumable;
use super::options::Options;
use super::unpublished::Unpublished;

/// How much of a file is written at once. Most histories are longer, and written without a copy.
const AT_ONCE: usize = 16 * 1024;

/// An export under way. It stays in its folder, to be resumed, until it is finished.
pub(super) struct Partial {
    folder: Rc<Path>,
    header: Header,
    /// It is locked for as long as it is open.
    journal: File,
    /// What is added.
    progress: Progress,
    /// How many threads and messages the files hold for certain.
    kept: Kept,
    /// What the journal is to say as soon as the files hold it.
    noted: Vec<u8>,
    lists: [List; 3],
    threads: BufWriter<File>,
    messages: BufWriter<File>,
    actors: File,
    /// The memory of histories that were added, for the next ones.
    spare: Vec<Vec<u8>>,
}

/// How much of an export is kept when it ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) threads: u64,
    pub(super) messages: u64,
}

/// A short list, which is read anew at each run.
struct List {
    records: Records,
    file: BufWriter<File>,
    count: u64,
}

/// The history of a thread on its way into the file of messages.
pub(super) struct History {
    pub(super) lines: Lines,
    pub(super) messages: u64,
    pub(super) completed: u64,
    pub(super) actors: HashSet<String>,
    pub(super) findings: Vec<Finding>,
}

impl Partial {
    /// Begins a new one. What the journal says is discarded.
    pub(super) fn begin(folder: &Path, header: Header, mut journal: File) -> io::Result<Self> {
        journal.set_len(0)?;
        journal.seek(SeekFrom::Start(0))?;
        let new = |records: Records, _| create(&partial(folder, records.file_name()));
        let mut begun = Self::new(folder, header, journal, Progress::default(), new)?;
        begun.note(Line::Begun(begun.header.clone()))?;
        begun.write_down()?;
        Ok(begun)
    }

    /// Goes on with one. What is in the files and not in the journal is cut off.
    pub(super) fn resume(folder: &Path, mut journal: File, from: Resumable) -> io::Result<Self> {
        journal.set_len(from.journal_end)?;
        journal.seek(SeekFrom::Start(from.journal_end))?;
        let cut = |records: Records, end| {
            let path = partial(folder, records.file_name());
            if end == 0 {
                return create(&path);
            }
            let mut file = files::private().write(true).open(path)?;
            file.set_len(end)?;
            file.seek(SeekFrom::Start(end))?;
            Ok(file)
        };
        Self::new(folder, from.header, journal, from.progress, cut)
    }

    /// `open` opens a file at the end of what is known of it.
    fn new(
        folder: &Path,
        header: Header,
        journal: File,
        progress: Progress,
        open: impl Fn(Records, u64) -> io::Result<File>,
    ) -> io::Result<Self> {
        let buffered = |file| BufWriter::with_capacity(AT_ONCE, file);
        Ok(Self {
            kept: Kept { threads: progress.threads, messages: progress.messages },
            noted: Vec::new(),
            lists: lists(folder)?,
            threads: buffered(open(Records::Threads, progress.threads_end)?),
            messages: buffered(open(Records::Messages, progress.messages_end)?),
            actors: open(Records::Actors, progress.actors_end)?,
            spare: Vec::new(),
            folder: folder.into(),
            header,
            journal,
            progress,
        })
    }

    /// What is added.
    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What it is of.
    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The options that it was begun with.
    pub(super) fn options(&self) -> &Options {
        &self.header.options
    }

    /// A thread's history, to be filled and then [added](Self::add_thread). A long one is kept on
    /// the disk meanwhile.
    pub(super) fn history(&mut self) -> History {
        let memory = self.spare.pop().unwrap_or_default();
        History {
            lines: Lines::new(memory, Rc::clone(&self.folder)),
            messages: 0,
            completed: 0,
            actors: HashSet::new(),
            findings: Vec::new(),
        }
    }

    /// Adds a record of a short list.
    pub(super) fn add(&mut self, records: Records, json: &str) -> io::Result<()> {
        for list in self.lists.iter_mut().filter(|list| list.records == records) {
            files::write_line(&mut list.file, json)?;
            list.count += 1;
        }
        Ok(())
    }

    /// Remembers which account it is, by its inboxes.
    pub(super) fn remember_inboxes(&mut self, inboxes: Vec<InboxId>) -> io::Result<()> {
        self.note(Line::Inboxes(inboxes))?;
        self.write_down()
    }

    /// Adds a thread with its history. It is kept when it is [written down](Self::write_down).
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
        self.note(Line::Thread(ThreadLine {
            key,
            threads_end: self.progress.threads_end + line.len() as u64,
            messages_end: self.progress.messages_end + length,
            messages: history.messages,
            completed: history.completed,
            actors,
            findings: history.findings,
        }))
    }

    /// Adds the actors that were found of those asked for.
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
        self.note(Line::Actors(ActorsLine { asked, found: count, end }))?;
        self.write_down()
    }

    /// Notes what the files will hold when they are next written.
    fn note(&mut self, line: Line) -> io::Result<()> {
        journal::append(&mut self.noted, &line)?;
        self.progress.add(line);
        Ok(())
    }

    /// Writes what was added to the files, and then to the journal that they hold it.
    pub(super) fn write_down(&mut self) -> io::Result<()> {
        if self.noted.is_empty() {
            return Ok(());
        }
        self.threads.flush()?;
        self.messages.flush()?;
        // Whatever fails, nothing is written to the journal twice.
        let noted = std::mem::take(&mut self.noted);
        self.journal.write_all(&noted)?;
        self.kept = Kept { threads: self.progress.threads, messages: self.progress.messages };
        Ok(())
    }

    /// Writes what can be written before the export ends early, and says how much that is.
    pub(super) fn keep(&mut self) -> Kept {
        // Why it cannot be written was said, or is not worth more than what is kept.
        let _ = self.write_down();
        if self.kept.threads == 0 {
            self.discard();
        }
        self.kept
    }

    /// Writes all files to the disk, and then that they hold all records.
    pub(super) fn finish(&mut self) -> io::Result<Manifest> {
        for list in &mut self.lists {
            list.file.flush()?;
            list.file.get_ref().sync_all()?;
        }
        self.write_down()?;
        for file in [self.threads.get_ref(), self.messages.get_ref(), &self.actors] {
            file.sync_all()?;
        }
        let Progress { threads, messages, completed, found, ref findings, .. } = self.progress;
        let lists = self.lists.iter().map(|list| (list.records, list.count));
        let others =
            [(Records::Threads, threads), (Records::Messages, messages), (Records::Actors, found)];
        let counts = lists.chain(others);
        let inboxes = self.progress.inboxes.clone();
        let manifest =
            Manifest::new(self.header.clone(), counts, completed, findings.clone(), inboxes);
        manifest.write(&self.folder)?;
        Ok(manifest)
    }

    /// With its files finished.
    pub(super) fn into_unpublished(self, manifest: Manifest) -> Unpublished {
        Unpublished::new(&self.folder, manifest, self.journal)
    }

    /// Adds a finding of the export as a whole.
    pub(super) fn find(&mut self, finding: &Finding) {
        self.progress.findings.add(finding, None);
    }

    /// Removes it. What is left behind, a later export removes.
    fn discard(&self) {
        for records in Records::ALL {
            let _ = files::remove(&partial(&self.folder, records.file_name()));
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
    let list = |records: Records| -> io::Result<List> {
        let file = BufWriter::new(create(&partial(folder, records.file_name()))?);
        Ok(List { records, file, count: 0 })
    };
    Ok([list(Records::Inboxes)?, list(Records::Channels)?, list(Records::ChannelAccounts)?])
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    use super::{Partial, partial};
    use crate::export::files::Records;
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

    /// Adds the threads that are not there.
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
        partial.keep();
    }

    fn files(folder: &Path) -> [Vec<u8>; 3] {
        let threads = partial(folder, Records::Threads.file_name());
        let messages = partial(folder, Records::Messages.file_name());
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
            fs::write(partial(folder, "threads.jsonl"), &threads[..a]).unwrap();
            fs::write(partial(folder, "messages.jsonl"), &messages[..b]).unwrap();
            fs::write(folder.join(JOURNAL), &journal[..c]).unwrap();
            complete(reopened(folder));
            let [threads_again, messages_again, _] = files(folder);
            assert!(threads_again == threads && messages_again == messages, "{lengths:?}");
        };
        // A killed process: the journal is behind the files.
        for length in 0..=journal.len() {
            check([threads.len(), messages.len(), length]);
        }
        // A power failure: the files are behind the journal, which is behind by a line at most.
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
        partial.keep();
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
        fs::write(partial(folder, "messages.jsonl"), zeroed).unwrap();
        let resumed = reopened(folder);
        assert_eq!(resumed.progress().threads, 2);
        complete(resumed);
        assert!(files(folder)[1] == messages);
    }
}
