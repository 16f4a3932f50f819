//! The exit codes.

use std::process::ExitCode;

/// How the program ends, as an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Success.
    Success,
    /// Something failed, or the outcome is unknown.
    Failed,
    /// Invalid usage. Nothing was sent.
    Usage,
    /// What was looked for does not exist.
    NotFound,
    /// HubSpot made the change, but the result could not be printed.
    NotPrinted,
    /// The result is complete except for some records.
    Incomplete,
    /// A signal stopped the program.
    Stopped { signal: u8 },
}

impl Exit {
    /// The codes as `--help` and the README list them.
    const TABLE: [(&str, &str); 7] = [
        ("0", "success; also simulate, when stopped by a signal"),
        ("1", "failed, or the outcome is unknown"),
        ("2", "invalid usage; nothing was sent"),
        ("3", "not found (messages find-sent)"),
        ("4", "succeeded, but the result could not be printed: do not run it again"),
        ("5", "incomplete (export)"),
        ("128+N", "stopped by signal N: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP"),
    ];

    /// The table for `--help`.
    pub(crate) fn help() -> String {
        let lines = Self::TABLE.map(|(code, meaning)| format!("\n  {code:<6} {meaning}"));
        format!("Exit codes:{}", lines.concat())
    }

    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::NotPrinted => 4,
            Self::Incomplete => 5,
            Self::Stopped { signal } => 128 + signal,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
