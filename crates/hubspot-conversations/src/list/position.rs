//! A position in a list.

use hubspot_conversations_api::Item;
use serde::{Deserialize, Serialize};

use super::identity::Order;
use super::stable_hash::StableHash;

/// The point at which a list continues.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Position {
    /// At the start of the page at this cursor of HubSpot's. `None` is the first page.
    Page(Option<String>),
    /// Within the page at `after`, after the first `taken` of its items.
    Item {
        after: Option<String>,
        taken: usize,
        /// The [`fingerprint`] of the items taken. Cursors that were written down call it `mark`.
        #[serde(rename = "mark")]
        fingerprint: u64,
    },
    /// Nowhere: the list has ended.
    End,
}

impl Position {
    pub(super) fn is_on_first_page(&self) -> bool {
        matches!(self, Self::Page(None) | Self::Item { after: None, .. })
    }
}

/// A hash that identifies the items taken from a page when the page is read again: of the last one if
/// the order is fixed, of all of them in their order if items move.
pub(super) fn fingerprint<T>(taken: &[Item<T>], order: Order) -> u64 {
    match order {
        Order::Fixed => taken.last().map_or(0, identity),
        Order::Moving => {
            let add = |hash: StableHash, item| hash.with(&identity(item).to_be_bytes());
            taken.iter().fold(StableHash::new(), add).finish()
        }
    }
}

/// A hash of an item's `id`, or of all of it if it has none.
fn identity<T>(item: &Item<T>) -> u64 {
    /// HubSpot's ids are strings, and numbers now and then.
    #[derive(Deserialize)]
    struct Identified {
        id: Id,
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(i64),
    }

    let json = item.json().get();
    let identity = match serde_json::from_str(json) {
        Ok(Identified { id: Id::Text(id) }) => StableHash::new().with(id.as_bytes()),
        Ok(Identified { id: Id::Number(id) }) => StableHash::new().with(id.to_string().as_bytes()),
        Err(_) => StableHash::new().with(json.as_bytes()),
    };
    identity.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use hubspot_conversations_api::Item;

    use super::{Order, fingerprint};

    fn items(json: &str) -> Vec<Item<()>> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_item_is_known_by_its_id_or_else_by_all_of_it() {
        let items = items(
            r#"[{"id":"1","a":1},{"b":2,"id":1},{"id":"2"},{"id":null},{"id":[]},null,{"a":1},{"a":2}]"#,
        );
        let fingerprints: Vec<_> = items
            .iter()
            .map(|item| fingerprint(std::slice::from_ref(item), Order::Fixed))
            .collect();
        assert_eq!(fingerprints[0], fingerprints[1]);
        for (index, fingerprint) in fingerprints.iter().enumerate().skip(1) {
            assert!(!fingerprints[index + 1..].contains(fingerprint), "{index}");
        }
    }

    #[test]
    fn where_items_move_all_of_them_count_in_their_order() {
        let one = items(r#"[{"id":"1"},{"id":"2"},{"id":"3"}]"#);
        let other = items(r#"[{"id":"2"},{"id":"1"},{"id":"3"}]"#);
        assert_eq!(fingerprint(&one, Order::Fixed), fingerprint(&other, Order::Fixed));
        assert_ne!(fingerprint(&one, Order::Moving), fingerprint(&other, Order::Moving));
        assert_eq!(fingerprint(&one[2..], Order::Moving), fingerprint(&other[2..], Order::Moving));
    }
}
