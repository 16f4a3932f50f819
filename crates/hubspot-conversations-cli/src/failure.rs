//! Why a command failed, and what the shell is told.

use std::io::{self, Write};
use std::process::ExitCode;

use hubspot_conversations::Error;

use crate::settings::Connection;
use crate::{advice, export, secret};

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was called wrongly.
    Usage(String),
    /// The API said no.
    Api(Error),
    /// Something on this machine failed, or part of the result was lost.
    Local(String),
    /// The result could not be printed.
    Output(io::Error),
}

impl Failure {
    /// With an error of the API replaced by advice on it.
    pub(crate) fn explained(self, connection: &Connection) -> Self {
        match self {
            Self::Api(error) => match advice::missing(&error, connection) {
                Some(sentence) => Self::Usage(sentence),
                None => Self::Local(advice::sentence(&error, connection)),
            },
            other => other,
        }
    }

    /// Tells people on standard error and the shell by the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (code, sentence) = match self {
            Self::Usage(sentence) => (2, sentence),
            Self::Api(error) => (1, error.to_string()),
            Self::Local(sentence) => (1, sentence),
            // Whoever read the output, such as `head`, has seen enough.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return ExitCode::SUCCESS;
            }
            Self::Output(error) => (1, format!("cannot print the result: {error}")),
        };
        note(&format!("error: {sentence}"));
        ExitCode::from(code)
    }
}

/// Writes a line to standard error, without secrets.
pub(crate) fn note(line: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "{}", secret::hide(line));
}

/// Lets a panic, which is a defect of ours, print its message without secrets.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        note(&format!("error: convo has a defect, please report it: {panic}"));
    }));
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Api(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<export::Failure> for Failure {
    fn from(failure: export::Failure) -> Self {
        match failure {
            export::Failure::Folder(sentence) => Self::Usage(sentence),
            export::Failure::Api(error) => Self::Api(error),
            export::Failure::Io(error) => Self::Local(format!("cannot write the export: {error}")),
        }
    }
}
