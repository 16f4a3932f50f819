//! Notes on what is not shown because it could not be read: one per place, with a count.

use std::collections::BTreeMap;

use hubspot_conversations::LeftOut;

use crate::failure;

/// The places that were left out so far. They are told when it is dropped, however the command ends.
#[derive(Default)]
pub(super) struct LeftOutNotes(BTreeMap<String, u64>);

impl LeftOutNotes {
    pub(super) fn add(&mut self, left_out: &[LeftOut]) {
        for place in left_out {
            let consequence = match hides_next_page(place) {
                true => "; the list may be incomplete",
                false => "",
            };
            *self.0.entry(format!("{place}{consequence}")).or_default() += 1;
        }
    }
}

/// Whether a page could say there that another one follows.
pub(crate) fn hides_next_page(place: &LeftOut) -> bool {
    place.path().starts_with("paging") && !place.path().starts_with("paging.prev")
}

impl Drop for LeftOutNotes {
    fn drop(&mut self) {
        for (place, count) in &self.0 {
            let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
            failure::note(&format!("note: left out {times}: {place}"));
        }
    }
}
