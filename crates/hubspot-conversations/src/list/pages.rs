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
/// It can be polled, left, and polled again: the request under way is kept and goes on. Dropping it
/// cancels that request.
#[must_use = "a list does nothing until it is read"]
pub struct Pages<T> {
    walk: PageStream<T>,
    list: Identity,
    /// Behind the page given last.
    place: Position,
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
        let place = cursor.place_in(list)?;
        if after.is_some() && place.is_on_first_page() {
            let reason = "the cursor is on the first page, and the request begins at another: \
                          leave `after` out";
            return Err(Error::invalid(reason).with_operation(R::OPERATION.operation()));
        }
        Ok(Self::at(request, list, place))
    }

    fn at<R: ListRequest<Item = T>>(request: R, list: Identity, place: Position) -> Self {
        let client = request.client().clone();
        Self { walk: fetch_pages(request, place.clone()), list, place, has_failed: false, client }
    }

    /// Fetches up to so many pages ahead, while those before are being worked on.
    ///
    /// A task of its own does so, on the tokio runtime in which the list is read first. It starts
    /// with the first page, and ends with the list or when that is dropped. Order, errors and
    /// [`cursor`](Self::cursor) are what they are without. 0 is without.
    pub fn buffered(self, pages: usize) -> Self {
        Self { walk: prefetch(self.walk, pages), ..self }
    }

    /// The next page. `None` after the last. Nothing is lost if it is dropped before it is done.
    ///
    /// # Errors
    ///
    /// Those of the request, and those of the list that [`Pages`] names.
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        self.next().await.transpose()
    }

    /// All pages that are left.
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
        let fetched = ready!(self.walk.poll_next_unpin(context)).unwrap_or_else(|| {
            let reason = "the task that fetches pages ahead was stopped before the list's end";
            let error = Error::new(ErrorKind::Interrupted, reason.to_owned());
            Err(error.with_operation(self.list.operation.operation()))
        });
        match &fetched {
            Ok(fetched) => {
                self.place =
                    fetched.next_position().unwrap_or_else(|_| fetched.end(self.list.order));
            }
            Err(_) => self.has_failed = true,
        }
        Poll::Ready(Some(fetched))
    }
}

impl<T> Pages<T> {
    /// The place behind the page given last, to [resume](crate::requests::ListThreads::resume_pages) from.
    pub fn cursor(&self) -> Cursor {
        Cursor::new(self.list, self.place.clone())
    }

    pub(super) fn list(&self) -> Identity {
        self.list
    }

    pub(super) fn place(&self) -> &Position {
        &self.place
    }

    /// Logs what could not be read of an item.
    pub(super) fn report(&self, left_out: &[LeftOut]) {
        self.client.0.left_out.report(self.list.operation.operation(), left_out);
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
        self.has_failed || self.place == Position::End
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("cursor", &self.cursor()).finish_non_exhaustive()
    }
}
