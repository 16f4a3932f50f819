//! Whether something was sent.

use std::fmt;

use hubspot_conversations_api::Item;

use crate::messages::entry::{Entry, shown};
use crate::types::{Message, MessageId};

/// Whether something was sent, as far as a history shows. From [`FindSent::send`](super::FindSent::send).
#[derive(Clone, Debug)]
#[must_use = "it says whether to send again"]
pub enum FindSentOutcome {
    /// It was sent: this entry, as HubSpot sent it.
    Found(Item<Message>),
    /// HubSpot does not show it: the history was read as far as asked for, archived entries too, and
    /// every entry that could be it has another text. How soon HubSpot lists what it stored is not
    /// documented.
    NotFound,
    /// It cannot be known, for these reasons, 20 at most. A person has to look before it is sent again.
    CannotTell(Vec<Uncertainty>),
}

impl FindSentOutcome {
    /// The entry, if it was found.
    pub fn found(&self) -> Option<&Item<Message>> {
        match self {
            Self::Found(entry) => Some(entry),
            Self::NotFound | Self::CannotTell(_) => None,
        }
    }

    /// The id of the entry, if it was found and has one that can be read.
    pub fn id(&self) -> Option<MessageId> {
        Entry::read(self.found()?.json().get())?.id()
    }
}

/// Why it cannot be known whether something was sent: an entry that may be it, or a history that was not
/// read to its end. From [`FindSentOutcome::CannotTell`].
///
/// `Display` names the entry and the reason, without a text.
#[derive(Clone, Debug)]
pub struct Uncertainty {
    is_of_entry: bool,
    id: Option<MessageId>,
    reason: &'static str,
}

impl Uncertainty {
    pub(super) fn of_entry(id: Option<MessageId>, reason: &'static str) -> Self {
        Self { is_of_entry: true, id, reason }
    }

    pub(super) fn of_history(reason: &'static str) -> Self {
        Self { is_of_entry: false, id: None, reason }
    }

    /// Whether it is about an entry, and not about the history as a whole.
    pub fn is_of_entry(&self) -> bool {
        self.is_of_entry
    }

    /// The entry, if it is about one whose id can be read.
    pub fn id(&self) -> Option<&MessageId> {
        self.id.as_ref()
    }

    /// The reason, as the end of a sentence about the entry or as a sentence by itself.
    pub fn reason(&self) -> &str {
        self.reason
    }
}

impl fmt::Display for Uncertainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Some(id) => write!(f, "entry {}: {}", shown(id), self.reason),
            None if self.is_of_entry => {
                write!(f, "an entry without a readable id: {}", self.reason)
            }
            None => f.write_str(self.reason),
        }
    }
}
