//! Whether a history was read to its end.

use hubspot_conversations_api::Page;

use crate::types::Message;

/// Whether a page seems to be the last, and what it says of the next one cannot be read.
pub(super) fn may_be_incomplete(page: &Page<Message>) -> bool {
    let is_about_next =
        |path: &str| path == "paging" || path == "paging.next" || path.starts_with("paging.next.");
    page.next_after().is_none() && page.left_out().iter().any(|place| is_about_next(place.path()))
}
