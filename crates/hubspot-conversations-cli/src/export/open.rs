//! Opening the folder of an export: new, partial or unpublished.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::boundaries::Boundaries;
use super::files::{self, RecordKind, create_folder, partial_path};
use super::journal::{self, FirstLine, Header, JOURNAL, JournalState, Line};
use super::lock::open_locked;
use super::manifest::{MANIFEST, Manifest, Pending};
use super::open_error::OpenError;
use super::partial::{Partial, ResumePoint};
use super::publication;
use super::unpublished::Unpublished;

/// The export in a folder.
pub(super) enum Opened {
    /// An export whose records are to be read.
    Partial(Box<Partial>),
    /// An export whose files are complete and only need their names.
    Unpublished(Box<Unpublished>),
}

/// Opens the partial export in a folder, or creates a new one.
///
/// With `restart`, a partial export is discarded. The previous export stays.
pub(super) fn open(folder: &Path, header: Header, restart: bool) -> Result<Opened, OpenError> {
    create_folder(folder)?;
    if let Some(obstacle) = publication::obstacle(folder) {
        let reason = format!(
            "{} is a folder, and the export would replace it with a file",
            obstacle.display()
        );
        return Err(io::Error::new(io::ErrorKind::IsADirectory, reason).into());
    }
    let Some(mut journal) = open_locked(&folder.join(JOURNAL))? else {
        return Err(OpenError::Busy);
    };
    remove_former(folder)?;

    match Manifest::unpublished(folder)? {
        Pending::Nothing => {}
        // Its publication may have started.
        Pending::Export(_) | Pending::Unreadable if restart => publication::undo(folder)?,
        Pending::Export(manifest) => {
            check(&manifest.header, &header)?;
            let unpublished = Unpublished::new(folder, *manifest, journal);
            return Ok(Opened::Unpublished(Box::new(unpublished)));
        }
        Pending::Unreadable => return Err(OpenError::Unreadable),
    }
    let resumed = if restart { None } else { resume_point(folder, &mut journal, &header)? };
    files::remove(&partial_path(folder, MANIFEST))?;
    publication::remove_previous(folder)?;
    let opened = match resumed {
        Some(resumed) => Partial::resume(folder, journal, resumed)?,
        None => Partial::begin(folder, header, journal)?,
    };
    Ok(Opened::Partial(Box::new(opened)))
}

/// Rejects an export with another source or other options.
fn check(theirs: &Header, ours: &Header) -> Result<(), OpenError> {
    if theirs.matches(ours) {
        Ok(())
    } else {
        Err(OpenError::Other(Box::new((theirs.clone(), ours.clone()))))
    }
}

/// Reads the journal without changing it. `None` if there is nothing to resume.
fn resume_point(
    folder: &Path,
    journal: &mut File,
    ours: &Header,
) -> Result<Option<ResumePoint>, OpenError> {
    let header = match journal::first_line(journal)? {
        FirstLine::Nothing => return Ok(None),
        FirstLine::Begun(header) => header,
        FirstLine::Unreadable => return Err(OpenError::Unreadable),
    };
    let boundaries =
        |records: RecordKind| Boundaries::open(&partial_path(folder, records.file_name()));
    let threads = boundaries(RecordKind::Threads)?;
    let messages = boundaries(RecordKind::Messages)?;
    let actors = boundaries(RecordKind::Actors)?;
    let is_there = |line: &Line| match line {
        Line::Begun(_) | Line::Inboxes(_) => Ok(true),
        Line::Thread(line) => {
            Ok(threads.has(line.threads_end)? && messages.has(line.messages_end)?)
        }
        Line::Actors(line) => actors.has(line.end),
    };
    let mut state = JournalState::default();
    let journal_end = journal::read(journal, is_there, |line| state.add(line))?;
    if state.threads == 0 {
        return Ok(None);
    }
    check(&header, ours)?;
    Ok(Some(ResumePoint { header, state, journal_end }))
}

/// Removes files left by killed exports of an early version, which could not resume.
fn remove_former(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_former = name.to_str().is_some_and(|name| {
            name.ends_with(".partial")
                && RecordKind::ALL.iter().any(|records| {
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

    use super::{Header, OpenError, Opened, open};
    use crate::export::options::Options;
    use crate::export::publication::tests::{publish_in_part, texts, write_all};

    fn opened(folder: &Path, restart: bool) -> Result<Opened, OpenError> {
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
        // After every rename except the last, which publishes the export.
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
            // It starts over, however it ends.
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
