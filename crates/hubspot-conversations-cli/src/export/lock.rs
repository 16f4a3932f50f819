//! The lock that allows one export at a time to a folder.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use fs4::{FileExt, TryLockError};

use super::files::private;

/// Opens and locks a file until it is closed. `None` if another process has locked it.
///
/// The system releases the lock when the process ends for any reason.
pub(super) fn open_locked(path: &Path) -> io::Result<Option<File>> {
    loop {
        if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
            let reason = format!("{} is not a file", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        let file = private().read(true).write(true).create(true).truncate(false).open(path)?;
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The previous owner may have removed the file between opening and locking.
        if is_at(&file, path)? {
            return Ok(Some(file));
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    let ours = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// An open file cannot be removed.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn is_at(_file: &File, _path: &Path) -> io::Result<bool> {
    Ok(true)
}
