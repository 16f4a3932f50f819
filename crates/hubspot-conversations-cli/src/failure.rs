//! Why a command failed, and what the shell is told.

use std::io::{self, Write};
use std::process::ExitCode;

use hubspot_conversations::{Error, ErrorKind};

use crate::exit::Exit;
use crate::output::lines;
use crate::settings::Connection;
use crate::{advice, export, secret};

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was called wrongly.
    Usage(String),
    /// The API said no.
    Api(Error),
    /// The API said no after a part of a list was printed. The rest begins at this cursor, if it is
    /// known.
    Partway { error: Error, next: Option<String> },
    /// Something on this machine failed, or part of the result was lost.
    Local(String),
    /// The answer is no.
    No(String),
    /// The result is there, and something is missing from it.
    Incomplete(String),
    /// The result of a command that only reads could not be printed.
    Output(io::Error),
    /// HubSpot did what was asked for, and the result could not be printed.
    NotPrinted { done: String, error: io::Error },
    /// HubSpot did what was asked for, and its answer cannot be used.
    NoResult(String),
}

impl Failure {
    /// With an error of the API replaced by advice on it.
    pub(crate) fn explained(self, connection: &Connection) -> Self {
        match self {
            Self::Api(error) => match advice::missing(&error, connection) {
                Some(sentence) => Self::Usage(sentence),
                None => {
                    let body = connection.verbose.then(|| advice::body(&error)).flatten();
                    let sentence = advice::sentence(&error, connection) + &body.unwrap_or_default();
                    match error.was_carried_out() {
                        true => Self::NoResult(sentence),
                        false => Self::Local(sentence),
                    }
                }
            },
            Self::Partway { error, next } => {
                let says_so =
                    matches!(error.kind(), ErrorKind::RepeatedCursor | ErrorKind::UnusableCursor);
                let rest = if says_so { String::new() } else { advice::rest(next.as_deref()) };
                match Self::Api(error).explained(connection) {
                    Self::Local(sentence) => Self::Local(with_rest(&sentence, &rest)),
                    other => other,
                }
            }
            other => other,
        }
    }

    /// That a list failed after a part of it was printed.
    pub(crate) fn partway(error: Error, next: Option<String>) -> Self {
        Self::Partway { error, next }
    }

    /// Tells people on standard error and the shell by the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (exit, sentence) = match self {
            Self::Usage(sentence) => (Exit::Usage, sentence),
            Self::Api(error) | Self::Partway { error, .. } => (Exit::Failed, error.to_string()),
            Self::Local(sentence) => (Exit::Failed, sentence),
            Self::No(sentence) => {
                note(&sentence);
                return Exit::No.into();
            }
            Self::Incomplete(sentence) => (Exit::Incomplete, sentence),
            // The reader of the output, such as `head`, has seen enough.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return Exit::Done.into();
            }
            Self::Output(error) => (Exit::Failed, format!("cannot print the result: {error}")),
            Self::NoResult(sentence) => (Exit::NotPrinted, sentence),
            Self::NotPrinted { done, error } => {
                (Exit::NotPrinted, format!("{done}, but the result cannot be printed: {error}"))
            }
        };
        note(&format!("error: {sentence}"));
        exit.into()
    }
}

/// A sentence and what follows of it, in front of the body of an answer.
fn with_rest(sentence: &str, rest: &str) -> String {
    match sentence.split_once('\n') {
        Some((sentence, body)) => format!("{sentence}{rest}\n{body}"),
        None => format!("{sentence}{rest}"),
    }
}

/// Writes a line or several to standard error, without secrets and without anything that a terminal
/// would obey: ids and paths come from outside, too.
pub(crate) fn note(line: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "{}", lines(&secret::hide(line)));
}

/// Lets a panic, which is a defect of ours, print its message without secrets.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        note(&format!("error: internal error in convo, please report it: {panic}"));
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
            export::Failure::Unwritable(sentence) => Self::Local(sentence),
            export::Failure::OtherAccount => Self::Local(
                "the folder contains a partial export of another account, with other inboxes; \
                 use that account's token, choose another folder, or discard it with --restart"
                    .to_owned(),
            ),
            export::Failure::Api(error) => Self::Api(error),
            export::Failure::Io(error) => Self::Local(format!("cannot write the export: {error}")),
            export::Failure::Unpublished(error) => Self::Local(format!(
                "cannot publish the export: {error}; all data is kept, run the same command again \
                 to publish it"
            )),
        }
    }
}
