//! Publication: the files of an export get their final names, all or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::files::{RecordKind, partial_path, remove, sync_folder};
use super::manifest::MANIFEST;

/// The path of a file of the previous export until all files are published. It does not collide with a
/// user's file.
fn previous(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.convo-previous"))
}

fn names() -> impl DoubleEndedIterator<Item = &'static str> {
    RecordKind::ALL.into_iter().map(RecordKind::file_name)
}

/// A folder with the name of an exported file, which prevents publication.
pub(super) fn obstacle(folder: &Path) -> Option<PathBuf> {
    let paths = names().chain([MANIFEST]).map(|name| folder.join(name));
    paths.into_iter().find(|path| fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()))
}

/// Publishes the partial files, in place of those of the previous export.
///
/// The previous `export.json` is moved first and the new one is published last, so that it exists only
/// with the files it describes. If a rename fails, the others are undone. If the process is killed,
/// publishing again continues.
pub(super) fn publish(folder: &Path) -> io::Result<()> {
    let published = set_aside(folder, MANIFEST)
        .and_then(|()| names().try_for_each(|name| replace(folder, name)))
        .and_then(|()| sync_folder(folder))
        .and_then(|()| rename(&partial_path(folder, MANIFEST), &folder.join(MANIFEST)));
    if let Err(error) = published {
        return Err(match undo(folder) {
            Ok(()) => error,
            Err(undoing) => {
                let reason = format!("{error}; restoring the previous files failed: {undoing}");
                io::Error::new(error.kind(), reason)
            }
        });
    }
    sync_folder(folder)?;
    remove_previous(folder)
}

/// Removes the files of the previous export that were set aside, if another was published since.
pub(super) fn remove_previous(folder: &Path) -> io::Result<()> {
    if !fs::exists(folder.join(MANIFEST))? {
        return Ok(());
    }
    names().chain([MANIFEST]).try_for_each(|name| remove(&previous(folder, name)))
}

/// Publishes a file, unless it is already published.
fn replace(folder: &Path, name: &str) -> io::Result<()> {
    let partial = partial_path(folder, name);
    if !fs::exists(&partial)? {
        return Ok(());
    }
    set_aside(folder, name)?;
    rename(&partial, &folder.join(name))
}

/// Sets a file of the previous export aside, if it exists.
fn set_aside(folder: &Path, name: &str) -> io::Result<()> {
    match fs::symlink_metadata(folder.join(name)) {
        Ok(found) if found.is_dir() => {
            let reason = format!("{} is a folder", folder.join(name).display());
            Err(io::Error::new(io::ErrorKind::IsADirectory, reason))
        }
        Ok(_) => rename(&folder.join(name), &previous(folder, name)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Undoes a publication, and restores the files of the previous export. Only for a finished export: each
/// of its files exists, under one name or the other.
pub(super) fn undo(folder: &Path) -> io::Result<()> {
    let take_back = |name: &str| -> io::Result<()> {
        let (partial, public) = (partial_path(folder, name), folder.join(name));
        if !fs::exists(&partial)? && fs::exists(&public)? {
            rename(&public, &partial)?;
        }
        let previous = previous(folder, name);
        if previous.is_file() { rename(&previous, &public) } else { Ok(()) }
    };
    // As many as possible, even if some fail.
    let results: Vec<_> = names().rev().chain([MANIFEST]).map(take_back).collect();
    results.into_iter().collect()
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to).map_err(|error| {
        let reason = format!("cannot rename {} to {}: {error}", from.display(), to.display());
        io::Error::new(error.kind(), reason)
    })
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;
    use std::path::Path;

    use super::{names, obstacle, partial_path, previous, publish, remove_previous, undo};
    use crate::export::manifest::MANIFEST;

    pub(in crate::export) fn write_all(
        folder: &Path,
        path: impl Fn(&str) -> std::path::PathBuf,
        text: &str,
    ) {
        for name in names().chain([MANIFEST]) {
            fs::write(folder.join(path(name)), text).unwrap();
        }
    }

    pub(in crate::export) fn texts(folder: &Path) -> Vec<String> {
        let text = |name| fs::read_to_string(folder.join(name)).unwrap_or_default();
        names().chain([MANIFEST]).map(text).collect()
    }

    fn count(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn all_files_replace_those_before() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        write_all(folder, |name| name.into(), "old");
        write_all(folder, |name| partial_path(folder, name), "new");
        publish(folder).unwrap();
        assert_eq!(texts(folder), ["new"; 7]);
        assert_eq!(count(folder), 7);
    }

    #[test]
    fn a_rename_that_fails_undoes_the_others() {
        for blocked in names().chain([MANIFEST]) {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            write_all(folder, |name| name.into(), "old");
            write_all(folder, |name| partial_path(folder, name), "new");
            // Nothing can be renamed to a folder that is not empty.
            fs::create_dir_all(previous(folder, blocked).join("full")).unwrap();
            publish(folder).unwrap_err();
            assert_eq!(texts(folder), ["old"; 7], "{blocked}");
            for name in names().chain([MANIFEST]) {
                assert_eq!(fs::read_to_string(partial_path(folder, name)).unwrap(), "new");
            }

            fs::remove_dir_all(previous(folder, blocked)).unwrap();
            publish(folder).unwrap();
            assert_eq!(texts(folder), ["new"; 7], "{blocked}");
            assert_eq!(count(folder), 7);
        }
    }

    /// Does this number of the renames of a publication.
    pub(in crate::export) fn publish_in_part(folder: &Path, done: usize) {
        let mut renames = vec![(folder.join(MANIFEST), previous(folder, MANIFEST))];
        for name in names() {
            renames.push((folder.join(name), previous(folder, name)));
            renames.push((partial_path(folder, name), folder.join(name)));
        }
        for (from, to) in renames.into_iter().take(done) {
            fs::rename(from, to).unwrap();
        }
    }

    /// The files after this number of renames.
    fn killed_while_publishing(folder: &Path, done: usize) {
        write_all(folder, |name| name.into(), "old");
        write_all(folder, |name| partial_path(folder, name), "new");
        publish_in_part(folder, done);
    }

    #[test]
    fn a_publication_that_was_killed_goes_on_where_it_was() {
        for done in 0..15 {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            killed_while_publishing(folder, done);
            assert_eq!(folder.join(MANIFEST).exists(), done == 0, "mixed files are not finished");
            publish(folder).unwrap();
            assert_eq!(texts(folder), ["new"; 7], "{done}");
            assert_eq!(count(folder), 7, "{done}");
        }
    }

    #[test]
    fn a_publication_that_was_killed_can_be_undone() {
        for done in 0..15 {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            killed_while_publishing(folder, done);
            remove_previous(folder).unwrap();
            undo(folder).unwrap();
            assert_eq!(texts(folder), ["old"; 7], "{done}");
            assert_eq!(count(folder), 14, "{done}");
        }
    }

    #[test]
    fn a_file_of_the_users_own_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        write_all(folder, |name| name.into(), "old");
        write_all(folder, |name| partial_path(folder, name), "new");
        let mine = folder.join("messages.jsonl.previous");
        fs::write(&mine, "mine").unwrap();
        publish(folder).unwrap();
        assert_eq!(fs::read_to_string(mine).unwrap(), "mine");
    }

    #[test]
    fn a_folder_under_a_name_of_a_file_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(obstacle(folder.path()), None);
        fs::create_dir(folder.path().join("threads.jsonl")).unwrap();
        assert_eq!(obstacle(folder.path()), Some(folder.path().join("threads.jsonl")));
    }
}
