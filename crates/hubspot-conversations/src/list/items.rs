//! A list item by item.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::stream::FusedStream;
use futures_util::{Stream, StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;

use super::cursor::Cursor;
use super::fetch_pages::FetchedPage;
use super::pages::Pages;
use super::position::Position;
use super::resume_locator::{Located, ResumeLocator};
use crate::Error;

/// The items of a list, across all its pages.
///
/// An item that cannot be read is an `Err` of [`ErrorKind::Decode`](crate::ErrorKind::Decode), and
/// the list continues after it, unless it is [`strict`](Self::strict). After any other error the list
/// ends.
///
/// The request in flight survives a poll that is dropped. Dropping the list cancels it.
///
/// # Resuming
///
/// [`cursor`](Self::cursor) returns the current position: just after the last item yielded.
/// [`resume`](crate::requests::ListThreads::resume) continues there with the next item, in the same
/// process or a later one:
///
/// ```no_run
/// # use hubspot_conversations::{Client, Cursor, Error};
/// # fn saved() -> Option<Cursor> { None }
/// # fn save(cursor: Cursor) {}
/// # async fn example(client: &Client) -> Result<(), Error> {
/// let list = client.messages(176347007).list().oldest_first();
/// let mut messages = match saved() {
///     Some(cursor) => list.resume(&cursor)?,
///     None => list.stream(),
/// };
/// while let Some(message) = messages.try_next().await? {
///     // … store the message, then:
///     save(messages.cursor());
/// }
/// # Ok(())
/// # }
/// ```
///
/// A cursor at the end of a page continues with the next page. A cursor within a page reads that page
/// again and skips the items yielded before. If the list has changed:
///
/// - **Items were added or removed before it, or pages have other lengths.** The list continues after
///   the last item yielded, which is found by its id, also on the following pages.
/// - **The last item yielded is gone:** it is not among the items yielded of its page and 500 more.
///   The list continues at the start of the page: items can repeat, and none is lost.
/// - **The sort field changes,** as `latestMessageTimestamp` and every `sort` but `id` and `createdAt`
///   do. The list continues after the items yielded if these are still the first of the page, in the
///   same order; else at the start of the page: items can repeat, and none is lost.
///
/// A list that has ended stays ended. After an error, the cursor is before what failed.
#[must_use = "a list does nothing until it is read"]
pub struct Items<T> {
    pages: Pages<T>,
    /// The position to resume from, until it is located.
    search: Option<ResumeLocator>,
    /// Pages read and not completely yielded. None is empty.
    read: VecDeque<FetchedPage<T>>,
    /// How many items of the first of them were yielded.
    taken: usize,
    is_strict: bool,
    has_stopped: bool,
}

impl<T: DeserializeOwned + Send + 'static> Items<T> {
    pub(crate) fn new(pages: Pages<T>) -> Self {
        let search = ResumeLocator::of(pages.position(), pages.list().order);
        Self {
            pages,
            search,
            read: VecDeque::new(),
            taken: 0,
            is_strict: false,
            has_stopped: false,
        }
    }

    /// Ends the list at the first item with an unreadable place, also one that would be left out. The
    /// [`cursor`](Self::cursor) is then before that item.
    pub fn strict(self) -> Self {
        Self { is_strict: true, ..self }
    }

    /// Prefetches up to this many pages: see [`Pages::buffered`]. On a current-thread runtime, that
    /// proceeds only while the work on an item awaits something.
    pub fn buffered(self, pages: usize) -> Self {
        Self { pages: self.pages.buffered(pages), ..self }
    }

    /// The next item. `None` after the last. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Those of the request, [`ErrorKind::RepeatedCursor`](crate::ErrorKind::RepeatedCursor), and
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) for an item that cannot be read.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        self.next().await.transpose()
    }

    /// All remaining items.
    ///
    /// # Errors
    ///
    /// Those of [`try_next`](Self::try_next): one item that cannot be read fails all of them. The
    /// items before the error are then lost.
    pub async fn try_collect(self) -> Result<Vec<T>, Error> {
        TryStreamExt::try_collect(self).await
    }

    /// Reads pages until it is known where to resume.
    fn poll_search(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        while let Some(search) = &self.search {
            let Some(fetched) = ready!(self.pages.poll_fetched(context)) else {
                self.search = None;
                break;
            };
            self.read.push_back(fetched?);
            match search.locate(&self.read) {
                Located::NotYet => {}
                Located::After(taken) => {
                    self.read.drain(..self.read.len() - 1);
                    self.taken = taken;
                    self.search = None;
                }
                Located::Gone => self.search = None,
            }
        }
        self.drop_yielded();
        Poll::Ready(Ok(()))
    }

    /// The next item of the pages read.
    fn next_read(&mut self) -> Option<Result<T, Error>> {
        let item = self.read.front()?.page.results.get(self.taken)?;
        let read = item.decode_with_left_out();
        let read = read.and_then(|(item, left_out)| match left_out.first() {
            Some(flaw) if self.is_strict => Err(flaw.clone().into()),
            _ => Ok((item, left_out)),
        });
        let decoded = read.map_err(|error| {
            let error = error.within(&format!("results[{}]", self.taken));
            let error = Error::decode(error, item.json().get().as_bytes());
            error.with_operation(self.pages.list().operation.operation())
        });
        if decoded.is_err() && self.is_strict {
            self.has_stopped = true;
        } else {
            self.taken += 1;
            self.drop_yielded();
        }
        Some(decoded.map(|(item, left_out)| {
            self.pages.report(&left_out);
            item
        }))
    }

    /// Drops pages that were completely yielded.
    fn drop_yielded(&mut self) {
        while self.read.front().is_some_and(|first| first.page.results.len() == self.taken) {
            self.read.pop_front();
            self.taken = 0;
        }
    }
}

impl<T> Items<T> {
    /// The position just after the last item yielded, to [resume](crate::requests::ListThreads::resume) from.
    pub fn cursor(&self) -> Cursor {
        Cursor::new(self.pages.list(), self.position())
    }

    fn position(&self) -> Position {
        if let Some(search) = &self.search {
            return search.position.clone();
        }
        match self.read.front() {
            Some(fetched) => fetched.position_after(self.taken, self.pages.list().order),
            None => self.pages.position().clone(),
        }
    }

    /// How many items of the pages read remain.
    fn left(&self) -> usize {
        self.read.iter().map(|fetched| fetched.page.results.len()).sum::<usize>() - self.taken
    }
}

impl<T: DeserializeOwned + Send + 'static> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if self.has_stopped || self.pages.has_failed() {
                return Poll::Ready(None);
            }
            if let Err(error) = ready!(self.poll_search(context)) {
                return Poll::Ready(Some(Err(error)));
            }
            if let Some(item) = self.next_read() {
                return Poll::Ready(Some(item));
            }
            match ready!(self.pages.poll_fetched(context)) {
                Some(Ok(fetched)) => {
                    self.read.push_back(fetched);
                    self.drop_yielded();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.is_terminated() {
            return (0, Some(0));
        }
        let left = self.left();
        let at_least = match (&self.search, self.is_strict) {
            (Some(_), _) => 0,
            (None, true) => left.min(1),
            (None, false) => left,
        };
        (at_least, self.pages.is_terminated().then_some(left))
    }
}

impl<T: DeserializeOwned + Send + 'static> FusedStream for Items<T> {
    fn is_terminated(&self) -> bool {
        let nothing_left = self.read.is_empty() && self.pages.is_terminated();
        self.has_stopped || self.pages.has_failed() || nothing_left
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("cursor", &self.cursor()).finish_non_exhaustive()
    }
}
