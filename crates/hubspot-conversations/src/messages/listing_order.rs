//! Whether the times of entries agree with the order in which HubSpot lists them.

use chrono::{DateTime, Utc};

/// The order of a history that was asked for with the newest entry first.
#[derive(Default)]
pub(super) struct ListingOrder {
    /// When the last entry was created that says so.
    last: Option<DateTime<Utc>>,
    is_contradicted: bool,
    is_confirmed: bool,
}

impl ListingOrder {
    /// Takes the time of the next entry, if it has one that can be read.
    pub(super) fn observe(&mut self, created_at: Option<DateTime<Utc>>) {
        let Some(created_at) = created_at else { return };
        if let Some(last) = self.last {
            self.is_contradicted |= last < created_at;
            self.is_confirmed |= created_at < last;
        }
        self.last = Some(created_at);
    }

    /// Whether an entry is newer than one listed before it.
    pub(super) fn is_contradicted(&self) -> bool {
        self.is_contradicted
    }

    /// Whether an entry is older than one listed before it, and none is newer.
    pub(super) fn is_confirmed(&self) -> bool {
        self.is_confirmed && !self.is_contradicted
    }
}
