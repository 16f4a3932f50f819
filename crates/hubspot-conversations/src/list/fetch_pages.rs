//! From page to page.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use futures_util::stream::{self, BoxStream};
use hubspot_conversations_api::Page;
use percent_encoding::percent_decode_str;

use super::identity::Order;
use super::position::{Position, fingerprint};
use crate::request::ListRequest;
use crate::{Error, ErrorKind};

/// How many empty pages in a row a list may have, if not said.
const MAX_EMPTY_PAGES: usize = 100;

/// A page, and the cursor it was asked for with.
pub(super) struct FetchedPage<T> {
    pub(super) after: Option<String>,
    pub(super) page: Page<T>,
}

impl<T> FetchedPage<T> {
    /// Where the list goes on behind the page.
    ///
    /// # Errors
    ///
    /// If it goes on, and HubSpot does not say where.
    pub(super) fn next_position(&self) -> Result<Position, Error> {
        match self.page.next_cursor() {
            Ok(Some(after)) => Ok(Position::Page(Some(decoded(after)))),
            Ok(None) => Ok(Position::End),
            Err(other) => {
                let reason = format!(
                    "the list goes on, and where cannot be read: at `{}`: expected {}, found {}",
                    other.path(),
                    other.expected(),
                    other.found()
                );
                Err(Error::new(ErrorKind::UnusableCursor, reason))
            }
        }
    }

    /// Behind the last item of the page.
    pub(super) fn end(&self, order: Order) -> Position {
        let (after, items) = (self.after.clone(), &self.page.results);
        match items.len() {
            0 => Position::Page(after),
            taken => Position::Item { after, taken, fingerprint: fingerprint(items, order) },
        }
    }
}

/// The pages one after the other. It ends behind the last page, and behind an error.
pub(super) type PageStream<T> = BoxStream<'static, Result<FetchedPage<T>, Error>>;

/// Walks through the pages of a list, beginning at a place.
pub(super) fn fetch_pages<R: ListRequest>(request: R, from: Position) -> PageStream<R::Item> {
    let most_empty = request.call_options().max_empty_pages.unwrap_or(MAX_EMPTY_PAGES);
    let start = (request, Ok(from), SeenCursors::default(), 0);
    Box::pin(stream::try_unfold(start, move |(request, place, mut seen, empty)| async move {
        // A page whose next one cannot be found is given before that is an error.
        let place = place.map_err(|error: Error| error.with_operation(R::OPERATION.operation()))?;
        let (Position::Page(after) | Position::Item { after, .. }) = place else { return Ok(None) };
        if after.as_deref().is_some_and(|after| !seen.insert(after)) {
            let reason = "the server repeated a cursor, so the list would never end";
            let error = Error::new(ErrorKind::RepeatedCursor, reason.to_owned());
            return Err(error.with_operation(R::OPERATION.operation()));
        }
        if empty > most_empty {
            let reason = format!("{empty} pages in a row were empty, and the list may never end");
            let error = Error::new(ErrorKind::EmptyPages, reason);
            return Err(error.with_operation(R::OPERATION.operation()));
        }
        let mut asked = request.clone();
        if let Some(after) = after.clone() {
            asked.set_after(after);
        }
        let fetched = FetchedPage { after, page: crate::request::send(asked).await? };
        let next = fetched.next_position();
        let empty = if fetched.page.results.is_empty() { empty + 1 } else { 0 };
        Ok(Some((fetched, (request, next, seen, empty))))
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
