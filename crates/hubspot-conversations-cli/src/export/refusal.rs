//! Why an export cannot be written to a folder.

use std::io;
use std::path::Path;

use super::Failure;
use super::journal::Header;

/// Why an export cannot be written to a folder.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Another process writes to it.
    Busy,
    /// It holds a partial export of something else: that one, and this.
    Other(Box<(Header, Header)>),
    /// It holds a partial export that this version cannot read.
    Unreadable,
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Refusal {
    pub(super) fn into_failure(self, folder: &Path) -> Failure {
        let folder = folder.display();
        Failure::Folder(match self {
            Self::Busy => format!("another export to {folder} is running; wait until it ends"),
            Self::Other(headers) => {
                let (theirs, ours) =
                    (described(&headers.0, &headers.1), described(&headers.1, &headers.0));
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
                if !is_of_the_path(&error) {
                    return Failure::Unwritable(sentence);
                }
                sentence
            }
        })
    }
}

/// Whether another folder is to be named, and not a disk to be seen to.
fn is_of_the_path(error: &io::Error) -> bool {
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

/// What an export is of, as far as it differs from another one.
fn described(header: &Header, other: &Header) -> String {
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

    use super::Refusal;
    use crate::export::Failure;

    #[test]
    fn a_full_disk_is_no_fault_of_the_command() {
        let failure =
            |kind: io::ErrorKind| Refusal::Io(kind.into()).into_failure(Path::new("folder"));
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::ReadOnlyFilesystem] {
            assert!(matches!(failure(kind), Failure::Unwritable(_)), "{kind}");
        }
        let in_the_way = failure(io::ErrorKind::NotADirectory);
        assert!(matches!(in_the_way, Failure::Folder(_)), "{in_the_way:?}");
    }
}
