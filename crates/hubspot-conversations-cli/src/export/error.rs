//! Why an export failed.

use std::io;

use hubspot_conversations::Error;

use crate::command_error::CommandError;

/// Why an export failed.
#[derive(Debug)]
pub(crate) enum ExportError {
    /// The folder cannot be used with these options.
    Folder(String),
    /// The folder cannot be written to, with any options.
    Unwritable(String),
    /// The folder contains an export of another account.
    OtherAccount,
    /// HubSpot could not be read.
    Api(Error),
    /// A file could not be written.
    Io(io::Error),
    /// All records are saved, but the files could not be renamed.
    Unpublished(io::Error),
}

impl From<Error> for ExportError {
    fn from(error: Error) -> Self {
        Self::Api(error)
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<ExportError> for CommandError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Folder(sentence) => Self::Usage(sentence),
            ExportError::Unwritable(sentence) => Self::Failed(sentence),
            ExportError::OtherAccount => Self::Failed(
                "the folder contains a partial export of another account, with other inboxes; use \
                 that account's token, choose another folder, or discard it with --restart"
                    .to_owned(),
            ),
            ExportError::Api(error) => Self::Api(error),
            ExportError::Io(error) => Self::Failed(format!("cannot write the export: {error}")),
            ExportError::Unpublished(error) => Self::Failed(format!(
                "cannot publish the export: {error}; all data is kept, run the same command again to \
                 publish it"
            )),
        }
    }
}
