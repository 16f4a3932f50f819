//! What there is in the folder of an export, and what becomes of it.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::boundaries::Boundaries;
use super::files::{self, Records, create_folder, partial};
use super::journal::{self, Beginning, Header, JOURNAL, Line, Progress};
use super::lock::open_locked;
use super::manifest::{MANIFEST, Manifest, Pending};
use super::partial::Partial;
use super::publication;
use super::refusal::Refusal;
use super::unpublished::Unpublished;

/// What there is in a folder.
pub(super) enum Opened {
    /// An export to read records for.
    Partial(Box<Partial>),
    /// All records are there, and the files only lack their names.
    Unpublished(Box<Unpublished>),
}

/// Opens the export in a folder: a partial one where it was, or else a new one.
///
/// With `restart`, what was read and not published is discarded. The export before it stays.
pub(super) fn open(folder: &Path, header: Header, restart: bool) -> Result<Opened, Refusal> {
    create_folder(folder)?;
    if let Some(obstacle) = publication::obstacle(folder) {
        let reason = format!(
            "{} is a folder, and the export would replace it with a file",
            obstacle.display()
        );
        return Err(io::Error::new(io::ErrorKind::IsADirectory, reason).into());
    }
    let Some(mut journal) = open_locked(&folder.join(JOURNAL))? else { return Err(Refusal::Busy) };
    remove_former(folder)?;

    match Manifest::unpublished(folder)? {
        Pending::Nothing => {}
        // Publishing it may have been begun.
        Pending::Export(_) | Pending::Unreadable if restart => publication::undo(folder)?,
        Pending::Export(manifest) => {
            check(&manifest.header, &header)?;
            let unpublished = Unpublished::new(folder, *manifest, journal);
            return Ok(Opened::Unpublished(Box::new(unpublished)));
        }
        Pending::Unreadable => return Err(Refusal::Unreadable),
    }
    let resumed = if restart { None } else { resumable(folder, &mut journal, &header)? };
    files::remove(&partial(folder, MANIFEST))?;
    publication::remove_previous(folder)?;
    let opened = match resumed {
        Some(resumed) => Partial::resume(folder, journal, resumed)?,
        None => Partial::begin(folder, header, journal)?,
    };
    Ok(Opened::Partial(Box::new(opened)))
}

/// Refuses to go on with an export of something else.
fn check(theirs: &Header, ours: &Header) -> Result<(), Refusal> {
    if theirs.is_of_the_same(ours) {
        Ok(())
    } else {
        Err(Refusal::Other(Box::new((theirs.clone(), ours.clone()))))
    }
}

/// What an export can be resumed from.
pub(super) struct Resumable {
    pub(super) header: Header,
    pub(super) progress: Progress,
    /// How much of the journal says so.
    pub(super) journal_end: u64,
}

/// What the journal says, which is not changed. `None` if there is nothing to resume.
fn resumable(
    folder: &Path,
    journal: &mut File,
    ours: &Header,
) -> Result<Option<Resumable>, Refusal> {
    let header = match journal::beginning(journal)? {
        Beginning::Nothing => return Ok(None),
        Beginning::Begun(header) => header,
        Beginning::Unreadable => return Err(Refusal::Unreadable),
    };
    let boundaries = |records: Records| Boundaries::open(&partial(folder, records.file_name()));
    let threads = boundaries(Records::Threads)?;
    let messages = boundaries(Records::Messages)?;
    let actors = boundaries(Records::Actors)?;
    let is_there = |line: &Line| match line {
        Line::Begun(_) | Line::Inboxes(_) => Ok(true),
        Line::Thread(line) => {
            Ok(threads.has(line.threads_end)? && messages.has(line.messages_end)?)
        }
        Line::Actors(line) => actors.has(line.end),
    };
    let mut progress = Progress::default();
    let journal_end = journal::read(journal, is_there, |line| progress.add(line))?;
    if progress.threads == 0 {
        return Ok(None);
    }
    check(&header, ours)?;
    Ok(Some(Resumable { header, progress, journal_end }))
}

/// Removes what a version of this program that resumed nothing left behind when it was killed.
fn remove_former(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_former = name.to_str().is_some_and(|name| {
            name.ends_with(".partial")
                && Records::ALL.iter().any(|records| {
                    let rest = name.strip_prefix('.');
                    let rest = rest.and_then(|rest| rest.strip_prefix(records.file_name()));
                    rest.is_some_and(|rest| rest.starts_with('.'))
                })
        });
        if is_former {
            files::remove(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Header, Opened, Refusal, open};
    use crate::export::options::Options;
    use crate::export::publication::tests::{publish_in_part, texts, write_all};

    fn opened(folder: &Path, restart: bool) -> Result<Opened, Refusal> {
        let header = Header::new("server".to_owned(), "v3".to_owned(), Options::default());
        open(folder, header, restart)
    }

    /// Reads all of an export of one thread, or resumes it.
    fn finished(folder: &Path) {
        let Opened::Partial(mut partial) = opened(folder, false).unwrap() else { panic!() };
        let history = partial.history();
        partial.add_thread("7".to_owned(), "{}", history).unwrap();
        partial.finish().unwrap();
    }

    #[test]
    fn a_restart_keeps_the_export_before_wherever_its_publication_was_killed() {
        // After all the renames but the last, which publishes the export.
        for done in 0..15 {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            write_all(folder, |name| name.into(), "old");
            finished(folder);
            publish_in_part(folder, done);
            let Opened::Partial(partial) = opened(folder, true).unwrap() else { panic!() };
            assert_eq!(texts(folder), ["old"; 7], "{done}");
            assert_eq!(partial.progress().threads, 0);
            drop(partial);
            // It begins anew, whatever ends it.
            finished(folder);
            publish_in_part(folder, 15);
        }
    }

    #[test]
    fn without_a_restart_it_is_published() {
        for done in 0..15 {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            write_all(folder, |name| name.into(), "old");
            finished(folder);
            publish_in_part(folder, done);
            let Opened::Unpublished(unpublished) = opened(folder, false).unwrap() else { panic!() };
            unpublished.publish().unwrap();
            assert_eq!(texts(folder)[3], "{}\n", "{done}");
            assert_eq!(std::fs::read_dir(folder).unwrap().count(), 7, "{done}");
        }
    }
}
