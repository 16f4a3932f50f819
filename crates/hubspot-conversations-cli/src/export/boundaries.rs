//! Where records end in a file.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Where records end in a file.
pub(super) struct Boundaries(Option<(File, u64)>);

impl Boundaries {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_file() => Ok(Self(Some((File::open(path)?, found.len())))),
            Ok(_) => Ok(Self(None)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self(None)),
            Err(error) => Err(error),
        }
    }

    /// Whether a record can end there. After a power failure, a file can be shorter than its journal
    /// says, or contain zeros.
    pub(super) fn has(&self, end: u64) -> io::Result<bool> {
        if end == 0 {
            return Ok(true);
        }
        let Some((file, _)) = self.0.as_ref().filter(|(_, length)| end <= *length) else {
            return Ok(false);
        };
        let mut file = file;
        let mut last = [0];
        file.seek(SeekFrom::Start(end - 1))?;
        file.read_exact(&mut last)?;
        Ok(last == *b"\n")
    }
}
