//! What an export found on its way that somebody should know.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::output::one_line;

/// How many threads to name of each kind of finding.
const NAMED: usize = 5;
/// How many characters to show of an id or an explanation.
const SHOWN: usize = 200;

/// What was found of a thread, or of the export as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Kind {
    ThreadWithoutId,
    MessagesNotRead,
    OriginalNotRead,
    ThreadGone,
    ArchivedWithoutMessages,
    ActorsNotSeen,
    NoOriginal,
    UnknownActors,
}

impl Kind {
    /// Whether HubSpot has something that is not in the export.
    fn is_loss(self) -> bool {
        matches!(self, Self::ThreadWithoutId | Self::MessagesNotRead | Self::OriginalNotRead)
    }

    fn sentence(self, count: u64) -> String {
        let (one, several) = match self {
            Self::ThreadWithoutId => (
                "the messages of 1 thread without an id",
                "the messages of # threads without an id",
            ),
            Self::MessagesNotRead => (
                "messages of 1 thread that HubSpot did not send",
                "messages of # threads that HubSpot did not send",
            ),
            Self::OriginalNotRead => (
                "the original content of 1 truncated message that HubSpot did not send",
                "the original content of # truncated messages that HubSpot did not send",
            ),
            Self::ThreadGone => (
                "1 thread was gone before its messages were read",
                "# threads were gone before their messages were read",
            ),
            Self::ArchivedWithoutMessages => {
                ("1 archived thread has no messages", "# archived threads have no messages")
            }
            Self::ActorsNotSeen => (
                "1 message has a field of an unknown kind, so its actors may be missing",
                "# messages have a field of an unknown kind, so their actors may be missing",
            ),
            Self::NoOriginal => (
                "1 truncated message has no original content to complete it",
                "# truncated messages have no original content to complete them",
            ),
            Self::UnknownActors => (
                "1 actor that messages name is not known to HubSpot",
                "# actors that messages name are not known to HubSpot",
            ),
        };
        if count == 1 { one.to_owned() } else { several.replace('#', &count.to_string()) }
    }
}

/// One finding, or several of a kind at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    pub(super) count: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

impl From<Kind> for Finding {
    fn from(kind: Kind) -> Self {
        Self { kind, count: 1, reason: None }
    }
}

/// All findings of an export: how many of each kind, and the first threads that they are of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Findings(BTreeMap<Kind, Found>);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Found {
    count: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    threads: Vec<String>,
}

impl Findings {
    /// Adds what was found, of a thread if it is of one.
    pub(super) fn add(&mut self, finding: &Finding, thread: Option<&str>) {
        let found = self.0.entry(finding.kind).or_default();
        found.count += finding.count;
        let Some(thread) = thread.filter(|_| finding.kind != Kind::ThreadWithoutId) else { return };
        let name = match &finding.reason {
            Some(reason) => format!("{thread} ({reason})"),
            None => thread.to_owned(),
        };
        let name: String = one_line(&name).chars().take(SHOWN).collect();
        if found.threads.len() < NAMED && !found.threads.contains(&name) {
            found.threads.push(name);
        }
    }

    /// Whether HubSpot has something that is not in the export.
    pub(super) fn has_losses(&self) -> bool {
        self.0.keys().any(|kind| kind.is_loss())
    }
}

/// A line for each kind.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, found) in &self.0 {
            let label = if kind.is_loss() { "lost" } else { "note" };
            write!(f, "\n{label}: {}", kind.sentence(found.count))?;
            if !found.threads.is_empty() {
                let more = if found.count > found.threads.len() as u64 { ", …" } else { "" };
                write!(f, "; see thread {}{more}", found.threads.join(", "))?;
            }
        }
        Ok(())
    }
}
