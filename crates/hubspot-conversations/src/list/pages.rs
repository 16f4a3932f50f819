//! A list page by page.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::stream::FusedStream;
use futures_util::{Stream, StreamExt, TryStreamExt};
use hubspot_conversations_api::{LeftOut, Page};

use super::cursor::Cursor;
use super::fetch_pages::{FetchedPage, PageStream, fetch_pages};
use super::identity::Identity;
use super::position::Position;
use super::prefetch::prefetch;
use crate::request::ListRequest;
use crate::{Client, Error, ErrorKind};

/// The pages of a list, one request each.
///
/// It ends after the page whose `paging` names no next page: one that is absent, `null` or empty.
/// Short and empty pages occur in the middle of lists, and do not end them.
///
/// It also ends after any error, and [`cursor`](Self::cursor) still returns the position. Beside the
/// errors of the requests these are an [`UnusableCursor`](ErrorKind::UnusableCursor) if `paging` says
/// that the list continues and its cursor cannot be read, a
/// [`RepeatedCursor`](ErrorKind::RepeatedCursor), and [`EmptyPages`](ErrorKind::EmptyPages) if too
/// many in a row are empty.
///
/// The request in flight survives a poll that is dropped. Dropping the list cancels it.
#[must_use = "a list does nothing until it is read"]
pub struct Pages<T> {
    source: PageStream<T>,
    list: Identity,
    /// After the last page yielded.
    position: Position,
    has_failed: bool,
    client: Client,
}

impl<T: Send + 'static> Pages<T> {
    /// From where the request says.
    pub(crate) fn new<R: ListRequest<Item = T>>(request: R) -> Self {
        // A request that cannot be built fails when it is sent.
        let (list, after) =
            Identity::of(&request).unwrap_or_else(|_| (Identity::none(R::OPERATION), None));
        Self::at(request, list, Position::Page(after))
    }

    /// From where a cursor says.
    pub(crate) fn resume<R: ListRequest<Item = T>>(
        request: R,
        cursor: &Cursor,
    ) -> Result<Self, Error> {
        let (list, after) = Identity::of(&request)?;
        let position = cursor.position_in(list)?;
        if after.is_some() && position.is_on_first_page() {
            let reason = "the cursor is on the first page, and the request begins at another: \
                          leave `after` out";
            return Err(Error::invalid(reason).with_operation(R::OPERATION.operation()));
        }
        Ok(Self::at(request, list, position))
    }

    fn at<R: ListRequest<Item = T>>(request: R, list: Identity, position: Position) -> Self {
        let client = request.client().clone();
        Self {
            source: fetch_pages(request, position.clone()),
            list,
            position,
            has_failed: false,
            client,
        }
    }

    /// Prefetches up to this many pages, in a separate task on the tokio runtime of the first poll. The
    /// task ends with the list, or when the list is dropped. Order, errors and
    /// [`cursor`](Self::cursor) do not change. 0, the default, prefetches none.
    pub fn buffered(self, pages: usize) -> Self {
        Self { source: prefetch(self.source, pages), ..self }
    }

    /// The next page. `None` after the last. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Those of the request, and those of the list that [`Pages`] names.
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        self.next().await.transpose()
    }

    /// All remaining pages.
    ///
    /// # Errors
    ///
    /// Those of [`try_next`](Self::try_next). The pages before the error are then lost.
    pub async fn try_collect(self) -> Result<Vec<Page<T>>, Error> {
        TryStreamExt::try_collect(self).await
    }

    pub(super) fn poll_fetched(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<FetchedPage<T>, Error>>> {
        if self.is_terminated() {
            return Poll::Ready(None);
        }
        let fetched = ready!(self.source.poll_next_unpin(context)).unwrap_or_else(|| {
            let reason = "the task that fetches pages ahead was stopped before the list's end";
            let error = Error::new(ErrorKind::Interrupted, reason);
            Err(error.with_operation(self.list.operation.operation()))
        });
        match &fetched {
            Ok(fetched) => {
                let last = || fetched.position_after(fetched.page.results.len(), self.list.order);
                self.position = fetched.next_position().unwrap_or_else(|_| last());
            }
            Err(_) => self.has_failed = true,
        }
        Poll::Ready(Some(fetched))
    }
}

impl<T> Pages<T> {
    /// The position after the last page yielded, to
    /// [resume](crate::requests::ListThreads::resume_pages) from.
    pub fn cursor(&self) -> Cursor {
        Cursor::new(self.list, self.position.clone())
    }

    pub(super) fn list(&self) -> Identity {
        self.list
    }

    pub(super) fn position(&self) -> &Position {
        &self.position
    }

    /// Logs what could not be read of an item.
    pub(super) fn report(&self, left_out: &[LeftOut]) {
        let operation = self.list.operation.operation().name;
        self.client.0.left_out.report(Some(operation), None, left_out);
    }

    pub(super) fn has_failed(&self) -> bool {
        self.has_failed
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let fetched = ready!(self.poll_fetched(context));
        Poll::Ready(fetched.map(|fetched| fetched.map(|fetched| fetched.page)))
    }

    /// Before the end there is a page or an error at least.
    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.is_terminated() { (0, Some(0)) } else { (1, None) }
    }
}

impl<T: Send + 'static> FusedStream for Pages<T> {
    fn is_terminated(&self) -> bool {
        self.has_failed || self.position == Position::End
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("cursor", &self.cursor()).finish_non_exhaustive()
    }
}
