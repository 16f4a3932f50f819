//! Lists as streams, of pages and of items.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::future::BoxFuture;
use futures_util::{Stream, StreamExt};
use hubspot_conversations_api::{Item, Operation, Page};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use crate::endpoint::{ListEndpoint, Request};
use crate::{Error, ErrorKind};

/// The pages of a list, one request each.
///
/// It ends where HubSpot sends no `paging`, and nowhere else: short and empty pages occur in the
/// middle of lists. After an error it ends. Dropping it cancels the request under way.
pub struct Pages<T> {
    fetch: Fetch<T>,
    state: State<T>,
    cursors: SeenCursors,
    operation: &'static Operation,
}

type Fetch<T> = Box<dyn Fn(Option<String>) -> BoxFuture<'static, Result<Page<T>, Error>> + Send>;

enum State<T> {
    /// The next page is the one at this cursor.
    At(Option<String>),
    Fetching(BoxFuture<'static, Result<Page<T>, Error>>),
    Ended,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn new<E: ListEndpoint<Item = T>>(request: Request<E>) -> Self {
        let fetch = move |after: Option<String>| {
            let mut request = request.clone();
            if let Some(after) = after {
                request.endpoint.set_after(after);
            }
            Box::pin(request.send()) as BoxFuture<'static, _>
        };
        Self {
            fetch: Box::new(fetch),
            state: State::At(None),
            cursors: SeenCursors::default(),
            operation: E::OPERATION.operation(),
        }
    }

    /// The next page. `None` after the last.
    ///
    /// # Errors
    ///
    /// Those of the request, and [`ErrorKind::RepeatedCursor`].
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        self.next().await.transpose()
    }

    /// Where the list goes on after this page.
    fn after(&mut self, page: &Page<T>) -> Result<State<T>, Error> {
        let Some(cursor) = page.next_after() else { return Ok(State::Ended) };
        let cursor = decoded(cursor);
        if self.cursors.insert(&cursor) {
            Ok(State::At(Some(cursor)))
        } else {
            let reason = "the server repeated a cursor, so the list would never end";
            let error = Error::new(ErrorKind::RepeatedCursor, reason.to_owned());
            Err(error.with_operation(self.operation))
        }
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let State::At(cursor) = &mut this.state {
            this.state = State::Fetching((this.fetch)(cursor.take()));
        }
        let State::Fetching(page) = &mut this.state else { return Poll::Ready(None) };
        let page = ready!(page.as_mut().poll(context));
        this.state = State::Ended;
        Poll::Ready(Some(page.and_then(|page| {
            this.state = this.after(&page)?;
            Ok(page)
        })))
    }
}

/// A cursor as it is to be sent. HubSpot percent-encodes cursors in its answers; sent back as they
/// came, they would be encoded twice and give the same page again.
fn decoded(cursor: &str) -> String {
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

/// The items of a list, across all its pages.
///
/// An item that cannot be read is an `Err` of [`ErrorKind::Decode`], and the list goes on behind
/// it. After any other error the list ends. Dropping it cancels the request under way.
pub struct Items<T> {
    pages: Pages<T>,
    page: std::iter::Enumerate<std::vec::IntoIter<Item<T>>>,
}

impl<T: DeserializeOwned + Send + 'static> Items<T> {
    pub(crate) fn new(pages: Pages<T>) -> Self {
        Self { pages, page: Vec::new().into_iter().enumerate() }
    }

    /// The next item. `None` after the last.
    ///
    /// # Errors
    ///
    /// Those of the request, [`ErrorKind::RepeatedCursor`], and [`ErrorKind::Decode`] for an item
    /// that cannot be read.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        self.next().await.transpose()
    }
}

impl<T: DeserializeOwned + Send + 'static> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some((index, item)) = self.page.next() {
                return Poll::Ready(Some(item.decode().map_err(|error| {
                    let error = error.within(&format!("results[{index}]"));
                    let error = Error::decode(error, item.json().get().as_bytes());
                    error.with_operation(self.pages.operation)
                })));
            }
            match ready!(self.pages.poll_next_unpin(context)) {
                Some(Ok(page)) => self.page = page.results.into_iter().enumerate(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
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
