//! The options that select what is exported. A partial export is resumed only with the same options.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use hubspot_conversations::types::{InboxId, ThreadStatus};
use serde::{Deserialize, Serialize};

/// Which threads to export.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Options {
    /// Include archived inboxes, channel accounts, threads and messages.
    pub(crate) archived: bool,
    /// Only threads with a message after this time.
    pub(crate) since: Option<Since>,
    /// Only threads of these inboxes. All if empty.
    pub(crate) inboxes: BTreeSet<InboxId>,
    /// Only threads with this status.
    pub(crate) status: Option<ThreadStatus>,
    /// The maximum number of threads.
    pub(crate) limit: Option<u64>,
}

/// A point in time as it was written on the command line.
///
/// The text is kept because `2d` means another time in each run: the same command must resume the same
/// export.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Since {
    text: String,
    pub(crate) time: DateTime<Utc>,
}

impl Since {
    pub(crate) fn new(text: &str, time: DateTime<Utc>) -> Self {
        Self { text: text.trim().to_owned(), time }
    }
}

impl PartialEq for Since {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text || self.time == other.time
    }
}

/// The options as they are written on the command line.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut flags = Vec::new();
        if self.archived {
            flags.push("--archived".to_owned());
        }
        flags.extend(self.since.iter().map(|since| format!("--since {}", since.text)));
        flags.extend(self.inboxes.iter().map(|inbox| format!("--inbox {inbox}")));
        flags.extend(self.status.iter().map(|status| format!("--status {status}")));
        flags.extend(self.limit.iter().map(|limit| format!("--limit {limit}")));
        if flags.is_empty() {
            f.write_str("without options")
        } else {
            write!(f, "with {}", flags.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, Since};

    #[test]
    fn the_order_of_inboxes_is_no_option() {
        let of = |inboxes: &[&str]| Options {
            inboxes: inboxes.iter().map(|inbox| (*inbox).into()).collect(),
            ..Options::default()
        };
        assert_eq!(of(&["1", "2"]), of(&["2", "1", "2"]));
        assert_eq!(of(&["2", "1", "2"]).to_string(), "with --inbox 1 --inbox 2");
    }

    #[test]
    fn a_relative_time_is_the_same_option_at_each_run() {
        let at = |text: &str, second| {
            let time = chrono::DateTime::from_timestamp(second, 0).unwrap();
            Options { since: Some(Since::new(text, time)), ..Options::default() }
        };
        assert_eq!(at("2d", 1_000), at("2d", 2_000));
        assert_eq!(at("1970-01-02", 86_400), at("1970-01-02T00:00:00Z", 86_400));
        assert_ne!(at("2d", 1_000), at("3d", 2_000));
    }
}
