//! Why a command failed, and its exit code.

use std::io;
use std::process::ExitCode;

use hubspot_conversations::Error;

use crate::exit::Exit;
use crate::stderr;

/// Why a command failed. Each text is one sentence for people.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// It was called incorrectly.
    Usage(String),
    /// The API returned an error.
    Api(Error),
    /// The API returned an error after a part of a list was printed. The rest begins at this cursor, if
    /// it is known.
    PartialList { error: Error, next: Option<String> },
    /// Something failed, or a part of the result could not be read.
    Failed(String),
    /// What was looked for does not exist.
    NotFound(String),
    /// The result is complete except for some records.
    Incomplete(String),
    /// The result of a command that only reads could not be printed.
    Output(io::Error),
    /// HubSpot made the change, but the result could not be printed.
    NotPrinted { done: String, error: io::Error },
    /// HubSpot made the change, but its response cannot be used.
    NoResult(String),
}

impl CommandError {
    /// Prints the error, and returns the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (exit, sentence) = match self {
            Self::Usage(sentence) => (Exit::Usage, sentence),
            Self::Api(error) | Self::PartialList { error, .. } => (Exit::Failed, error.to_string()),
            Self::Failed(sentence) => (Exit::Failed, sentence),
            Self::NotFound(sentence) => {
                stderr::print_line(&sentence);
                return Exit::NotFound.into();
            }
            Self::Incomplete(sentence) => (Exit::Incomplete, sentence),
            // The reader of the output, such as `head`, has seen enough.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return Exit::Success.into();
            }
            Self::Output(error) => (Exit::Failed, format!("cannot print the result: {error}")),
            Self::NoResult(sentence) => (Exit::NotPrinted, sentence),
            Self::NotPrinted { done, error } => {
                (Exit::NotPrinted, format!("{done}, but the result cannot be printed: {error}"))
            }
        };
        stderr::print_line(&format!("error: {sentence}"));
        exit.into()
    }
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        Self::Api(error)
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
