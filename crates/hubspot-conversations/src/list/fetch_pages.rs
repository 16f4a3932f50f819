//! Fetching the pages of a list, one after the other.

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

/// How many empty pages in a row a list may have, unless set.
const MAX_EMPTY_PAGES: usize = 100;

/// A page, and the cursor it was requested with.
pub(super) struct FetchedPage<T> {
    pub(super) after: Option<String>,
    pub(super) page: Page<T>,
}

impl<T> FetchedPage<T> {
    /// The position after the page.
    ///
    /// # Errors
    ///
    /// If the list continues and its cursor cannot be read.
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

    /// The position after the first `taken` items of the page.
    pub(super) fn position_after(&self, taken: usize, order: Order) -> Position {
        let after = self.after.clone();
        match &self.page.results[..taken] {
            [] => Position::Page(after),
            items => Position::Item { after, taken, fingerprint: fingerprint(items, order) },
        }
    }
}

/// The pages of a list. It ends after the last page, and after an error.
pub(super) type PageStream<T> = BoxStream<'static, Result<FetchedPage<T>, Error>>;

/// Fetches the pages of a list from a position on.
pub(super) fn fetch_pages<R: ListRequest>(request: R, from: Position) -> PageStream<R::Item> {
    let most_empty = request.call_options().max_empty_pages.unwrap_or(MAX_EMPTY_PAGES);
    let start = (request, Ok(from), SeenCursors::default(), 0);
    Box::pin(stream::try_unfold(start, move |(request, position, mut seen, empty)| async move {
        // The page before an unreadable cursor is yielded before the error.
        let position =
            position.map_err(|error: Error| error.with_operation(R::OPERATION.operation()))?;
        let (Position::Page(after) | Position::Item { after, .. }) = position else {
            return Ok(None);
        };
        if after.as_deref().is_some_and(|after| !seen.insert(after)) {
            let reason = "the server repeated a cursor, so the list would never end";
            let error = Error::new(ErrorKind::RepeatedCursor, reason);
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

/// A cursor as it must be sent. HubSpot percent-encodes cursors in its responses; sent unchanged, they
/// would be encoded twice and return the same page again.
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
