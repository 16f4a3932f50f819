//! The account of an export, which its inboxes identify.

use std::collections::HashSet;

use hubspot_conversations::types::InboxId;
use hubspot_conversations::{Client, Retry};

use super::ExportError;
use super::fields::id_of;

/// Rejects an export of another account, which would mix the two.
pub(super) fn check(
    before: Option<&HashSet<InboxId>>,
    now: &HashSet<InboxId>,
) -> Result<(), ExportError> {
    match before {
        Some(before) if !before.is_empty() && before.is_disjoint(now) => {
            Err(ExportError::OtherAccount)
        }
        _ => Ok(()),
    }
}

/// The ids of the account's inboxes, optionally with the archived ones.
pub(super) async fn inboxes(
    client: &Client,
    archived: bool,
) -> Result<HashSet<InboxId>, ExportError> {
    let list = client.inboxes().list().retry(Retry::for_long_jobs());
    let mut ids = HashSet::new();
    for list in [Some(list.clone()), archived.then(|| list.archived(true))].into_iter().flatten() {
        let mut pages = list.pages();
        while let Some(page) = pages.try_next().await? {
            ids.extend(page.results.iter().filter_map(|inbox| id_of(inbox.json().get())));
        }
    }
    Ok(ids)
}
