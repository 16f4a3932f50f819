//! Why an export cannot be written to a folder.

use std::io;
use std::path::Path;

use super::ExportError;
use super::journal::Header;

/// Why an export cannot be written to a folder.
#[derive(Debug)]
pub(super) enum OpenError {
    /// Another process writes to it.
    Busy,
    /// It contains a partial export with another source or other options: theirs, ours.
    Other(Box<(Header, Header)>),
    /// It contains a partial export that this version cannot read.
    Unreadable,
    Io(io::Error),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl OpenError {
    pub(super) fn into_export_error(self, folder: &Path) -> ExportError {
        let folder = folder.display();
        ExportError::Folder(match self {
            Self::Busy => format!("another export to {folder} is running; wait until it ends"),
            Self::Other(headers) => {
                let (theirs, ours) =
                    (describe(&headers.0, &headers.1), describe(&headers.1, &headers.0));
                format!(
                    "{folder} contains a partial export {theirs}, but this one is {ours}; use the \
                     same options to resume it, or --restart to discard it"
                )
            }
            Self::Unreadable => format!(
                "{folder} contains a partial export of another version of convo; resume it with \
                 that version, or discard it with --restart"
            ),
            Self::Io(error) => {
                let sentence = format!("cannot write to {folder}: {error}");
                if !is_path_error(&error) {
                    return ExportError::Unwritable(sentence);
                }
                sentence
            }
        })
    }
}

/// Whether another folder would help, as opposed to more disk space.
fn is_path_error(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::AlreadyExists
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::InvalidFilename
            | io::ErrorKind::InvalidInput
    )
}

/// The options of an export, and its source if that differs from the other.
fn describe(header: &Header, other: &Header) -> String {
    let mut parts = vec![header.options.to_string()];
    if header.server != other.server {
        parts.push(format!("from {}", header.server));
    }
    if header.api_version != other.api_version {
        parts.push(format!("of API version {}", header.api_version));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use super::OpenError;
    use crate::export::ExportError;

    #[test]
    fn a_full_disk_is_no_fault_of_the_command() {
        let failure =
            |kind: io::ErrorKind| OpenError::Io(kind.into()).into_export_error(Path::new("folder"));
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::ReadOnlyFilesystem] {
            assert!(matches!(failure(kind), ExportError::Unwritable(_)), "{kind}");
        }
        let in_the_way = failure(io::ErrorKind::NotADirectory);
        assert!(matches!(in_the_way, ExportError::Folder(_)), "{in_the_way:?}");
    }
}
