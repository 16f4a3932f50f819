//! Losses and notes of an export.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::terminal_text::one_line;

/// The maximum number of threads to name per kind of finding.
const MAX_NAMED: usize = 5;
/// The maximum length of an id or a reason, in characters.
const MAX_CHARS: usize = 200;

/// A kind of finding, about a thread or the export as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Kind {
    ThreadWithoutId,
    MessagesNotRead,
    HistoryCut,
    HistoryEndUnclear,
    OriginalNotRead,
    ListEndUnclear,
    ActorsNotRead,
    ThreadGone,
    ArchivedWithoutMessages,
    ActorsNotSeen,
    AssigneeNotSeen,
    NoOriginal,
    UnknownActors,
}

impl Kind {
    /// Whether something that HubSpot listed or named is missing from the export, or may be.
    ///
    /// It is not a loss if HubSpot reports that nothing exists (`ThreadGone`, `NoOriginal`,
    /// `UnknownActors`), or if a record, which is exported as received, names actors in an unknown way
    /// (`ActorsNotSeen`, `AssigneeNotSeen`).
    fn is_loss(self) -> bool {
        match self {
            Self::ThreadWithoutId
            | Self::MessagesNotRead
            | Self::HistoryCut
            | Self::HistoryEndUnclear
            | Self::OriginalNotRead
            | Self::ListEndUnclear
            | Self::ActorsNotRead => true,
            Self::ThreadGone
            | Self::ArchivedWithoutMessages
            | Self::ActorsNotSeen
            | Self::AssigneeNotSeen
            | Self::NoOriginal
            | Self::UnknownActors => false,
        }
    }

    fn sentence(self, count: u64) -> String {
        let (one, several) = match self {
            Self::ThreadWithoutId => (
                "the messages of 1 thread without an id",
                "the messages of # threads without an id",
            ),
            Self::MessagesNotRead => (
                "messages of 1 thread that could not be fetched",
                "messages of # threads that could not be fetched",
            ),
            Self::HistoryCut => (
                "the rest of the history of 1 thread, deleted while it was read",
                "the rest of the histories of # threads, deleted while they were read",
            ),
            Self::HistoryEndUnclear => (
                "possibly messages of 1 thread, because the paging of its history is unreadable",
                "possibly messages of # threads, because the paging of their histories is unreadable",
            ),
            Self::ListEndUnclear => (
                "possibly the end of a list, because the paging of 1 page is unreadable",
                "possibly the ends of lists, because the paging of # pages is unreadable",
            ),
            Self::ActorsNotRead => (
                "1 actor that messages name but HubSpot did not return",
                "# actors that messages name but HubSpot did not return",
            ),
            Self::OriginalNotRead => (
                "the original content of 1 truncated message that could not be fetched",
                "the original content of # truncated messages that could not be fetched",
            ),
            Self::ThreadGone => (
                "1 thread was deleted before its messages were read",
                "# threads were deleted before their messages were read",
            ),
            Self::ArchivedWithoutMessages => {
                ("1 archived thread has no messages", "# archived threads have no messages")
            }
            Self::ActorsNotSeen => (
                "1 message has a field of unknown type, so its actors may be missing",
                "# messages have a field of unknown type, so their actors may be missing",
            ),
            Self::AssigneeNotSeen => (
                "1 thread has an assignee of unknown type, who may be missing from the actors",
                "# threads have assignees of unknown type, who may be missing from the actors",
            ),
            Self::NoOriginal => (
                "1 truncated message has no original content",
                "# truncated messages have no original content",
            ),
            Self::UnknownActors => (
                "1 actor that messages name is unknown to HubSpot",
                "# actors that messages name are unknown to HubSpot",
            ),
        };
        if count == 1 { one.to_owned() } else { several.replace('#', &count.to_string()) }
    }
}

/// One finding, or several of the same kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    pub(super) count: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

impl Finding {
    pub(super) fn with_reason(kind: Kind, count: u64, reason: impl fmt::Display) -> Self {
        Self { kind, count, reason: Some(reason.to_string()) }
    }
}

impl From<Kind> for Finding {
    fn from(kind: Kind) -> Self {
        Self { kind, count: 1, reason: None }
    }
}

/// All findings of an export: their number per kind, and the first threads and reasons.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Findings(BTreeMap<Kind, Found>);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Found {
    count: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    threads: Vec<String>,
    /// The reasons of findings without a thread.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
}

impl Findings {
    /// Adds a finding, optionally of a thread.
    pub(super) fn add(&mut self, finding: &Finding, thread: Option<&str>) {
        let found = self.0.entry(finding.kind).or_default();
        found.count += finding.count;
        let thread = thread.filter(|_| finding.kind != Kind::ThreadWithoutId);
        let (names, name) = match (thread, &finding.reason) {
            (Some(thread), Some(reason)) => (&mut found.threads, format!("{thread} ({reason})")),
            (Some(thread), None) => (&mut found.threads, thread.to_owned()),
            (None, Some(reason)) => (&mut found.reasons, reason.clone()),
            (None, None) => return,
        };
        let name: String = one_line(&name).chars().take(MAX_CHARS).collect();
        if names.len() < MAX_NAMED && !names.contains(&name) {
            names.push(name);
        }
    }

    /// Whether something that HubSpot has may be missing from the export.
    pub(super) fn has_losses(&self) -> bool {
        self.0.keys().any(|kind| kind.is_loss())
    }
}

/// One line per kind.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, found) in &self.0 {
            let label = if kind.is_loss() { "lost" } else { "note" };
            write!(f, "\n{label}: {}", kind.sentence(found.count))?;
            if !found.threads.is_empty() {
                let more = if found.count > found.threads.len() as u64 { ", …" } else { "" };
                write!(f, "; see thread {}{more}", found.threads.join(", "))?;
            }
            if !found.reasons.is_empty() {
                write!(f, " ({})", found.reasons.join("; "))?;
            }
        }
        Ok(())
    }
}
