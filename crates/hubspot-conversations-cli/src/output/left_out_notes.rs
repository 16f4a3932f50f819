//! Notes on left-out places: one per place, with a count.

use std::collections::BTreeMap;

use hubspot_conversations::LeftOut;

use crate::stderr;

/// The left-out places so far. They are printed when it is dropped, however the command ends.
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

/// Whether this place in a page may have named the next page.
pub(crate) fn hides_next_page(place: &LeftOut) -> bool {
    place.path().starts_with("paging") && !place.path().starts_with("paging.prev")
}

impl Drop for LeftOutNotes {
    fn drop(&mut self) {
        for (place, count) in &self.0 {
            let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
            stderr::print_line(&format!("note: left out {times}: {place}"));
        }
    }
}
