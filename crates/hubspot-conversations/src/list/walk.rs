//! From page to page.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use futures_util::stream::{self, BoxStream};
use hubspot_conversations_api::Page;
use percent_encoding::percent_decode_str;

use super::place::Place;
use crate::endpoint::{ListEndpoint, Request};
use crate::{Error, ErrorKind};

/// A page, and the cursor it was asked for with.
pub(super) struct Fetched<T> {
    pub(super) after: Option<String>,
    pub(super) page: Page<T>,
}

impl<T> Fetched<T> {
    /// Where the list goes on behind the page.
    pub(super) fn behind(&self) -> Place {
        match self.page.next_after() {
            Some(after) => Place::Page(Some(decoded(after))),
            None => Place::End,
        }
    }
}

/// The pages one after the other. It ends behind the last page, and behind an error.
pub(super) type Walk<T> = BoxStream<'static, Result<Fetched<T>, Error>>;

/// Walks through the pages of a list, beginning at a place.
pub(super) fn walk<E: ListEndpoint>(request: Request<E>, from: Place) -> Walk<E::Item> {
    let start = (request, from, SeenCursors::default());
    Box::pin(stream::try_unfold(start, |(request, place, mut seen)| async move {
        let (Place::Page(after) | Place::Item { after, .. }) = place else { return Ok(None) };
        if after.as_deref().is_some_and(|after| !seen.insert(after)) {
            let reason = "the server repeated a cursor, so the list would never end";
            let error = Error::new(ErrorKind::RepeatedCursor, reason.to_owned());
            return Err(error.with_operation(E::OPERATION.operation()));
        }
        let mut asked = request.clone();
        if let Some(after) = after.clone() {
            asked.endpoint.set_after(after);
        }
        let fetched = Fetched { after, page: asked.send().await? };
        let next = fetched.behind();
        Ok(Some((fetched, (request, next, seen))))
    }))
}

/// A cursor as it is to be sent. HubSpot percent-encodes cursors in its answers; sent back as they
/// came, they would be encoded twice and give the same page again.
pub(crate) fn decoded(cursor: &str) -> String {
    percent_decode_str(cursor).decode_utf8().map_or_else(|_| cursor.to_owned(), Into::into)
}

/// The cursors of a list so far, as 64-bit hashes: eight bytes a page.
#[derive(Default)]
struct SeenCursors {
    hasher: RandomState,
    hashes: HashSet<u64>,
}

impl SeenCursors {
    /// Whether it is new.
    fn insert(&mut self, cursor: &str) -> bool {
        self.hashes.insert(self.hasher.hash_one(cursor))
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn a_percent_encoded_cursor_is_decoded_and_any_other_is_kept() {
        assert_eq!(decoded("MTAwMQ%3D%3D"), "MTAwMQ==");
        assert_eq!(decoded("MTAwMQ=="), "MTAwMQ==");
        assert_eq!(decoded("a+b/c"), "a+b/c");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%FF"), "%FF");
    }
}
