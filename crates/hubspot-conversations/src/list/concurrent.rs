//! Several lists at once.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::ready;
use futures_util::{Stream, StreamExt, TryStream, TryStreamExt, stream};

use super::ordered::Ordered;
use crate::Error;

/// How many lists are under way at once, if not said.
const AT_ONCE: usize = 8;

/// One list for each of many keys, such as the messages of each thread, several at once.
///
/// ```no_run
/// # use futures_util::TryStreamExt;
/// # use hubspot_conversations::{Client, Error, Lists};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// let threads = client.threads().list().inbox(481939).stream().map_ok(|thread| thread.id);
/// let mut messages = Lists::of_each(threads, |thread| client.messages(thread).list().stream())
///     .at_once(4)
///     .unordered();
/// while let Some(entry) = messages.next().await {
///     match entry {
///         Ok((thread, message)) => println!("{thread}: {message:?}"),
///         Err(failed) => eprintln!("{:?}: {failed}", failed.key),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// A list is any stream of results of this crate: of items, of [`pages`](crate::requests::ListThreads::pages),
/// [`strict`](crate::Items::strict) or not, [resumed](crate::requests::ListThreads::resume) or from the beginning.
///
/// No more lists are under way than [`at_once`](Self::at_once) says, and each has one request under
/// way at most and one page in memory, unless it is [`buffered`](crate::Items::buffered). Keys that
/// are a list have a request of their own. A further key is taken when a list has ended, and nothing
/// goes on while nobody takes entries. A list that fails ends; the others go on. Dropping the
/// entries cancels all requests under way.
#[must_use = "lists do nothing until they are read"]
pub struct Lists<Keys, F> {
    keys: Keys,
    list: F,
    at_once: usize,
}

impl Lists<(), ()> {
    /// The list of each of these keys.
    pub fn of<K, S>(
        keys: impl IntoIterator<Item = K>,
        list: impl FnMut(&K) -> S,
    ) -> Lists<impl Stream<Item = Result<K, Error>>, impl FnMut(&K) -> S> {
        Self::of_each(stream::iter(keys).map(Ok), list)
    }

    /// The list of each key of a stream, such as another list's. Its errors are entries without a
    /// key, and do not end what is under way.
    pub fn of_each<K, S, Keys, F>(keys: Keys, list: F) -> Lists<Keys, F>
    where
        Keys: Stream<Item = Result<K, Error>>,
        F: FnMut(&K) -> S,
    {
        Lists { keys, list, at_once: AT_ONCE }
    }
}

impl<K, S, Keys, F> Lists<Keys, F>
where
    K: Clone,
    S: TryStream<Error = Error> + Unpin,
    Keys: Stream<Item = Result<K, Error>>,
    F: FnMut(&K) -> S,
{
    /// How many lists to have under way at once. 8, if not set; at least 1.
    pub fn at_once(self, lists: usize) -> Self {
        Self { at_once: lists.max(1), ..self }
    }

    /// The entries of all lists as they come. Those of one list are in its order, and no list waits
    /// for another: the lists under way take turns.
    pub fn unordered(self) -> Entries<impl Stream<Item = Entry<K, S::Ok>>> {
        let at_once = self.at_once;
        Entries(Box::pin(self.lists().flatten_unordered(at_once)))
    }

    /// The entries of the first list, then those of the second, and so on. Lists that are not yet
    /// their turn fetch what they begin with, and wait.
    pub fn ordered(self) -> Entries<impl Stream<Item = Entry<K, S::Ok>>> {
        let at_once = self.at_once;
        Entries(Box::pin(Ordered::new(Box::pin(self.lists()), at_once)))
    }

    /// The lists, each entry with its key.
    fn lists(self) -> impl Stream<Item = impl Stream<Item = Entry<K, S::Ok>> + Unpin> {
        let Self { keys, mut list, .. } = self;
        keys.map(move |key| match key {
            Ok(key) => {
                let entries = list(&key).into_stream().map(move |item| match item {
                    Ok(item) => Ok((key.clone(), item)),
                    Err(error) => Err(ListError { key: Some(key.clone()), error }),
                });
                entries.left_stream()
            }
            Err(error) => stream::once(ready(Err(ListError { key: None, error }))).right_stream(),
        })
    }
}

/// An item of a list with the list's key, or what failed.
type Entry<K, T> = Result<(K, T), ListError<K>>;

/// What several lists hold. From [`Lists`].
#[must_use = "lists do nothing until they are read"]
pub struct Entries<S>(Pin<Box<S>>);

impl<K, T, S: Stream<Item = Entry<K, T>>> Entries<S> {
    /// The next entry. `None` after the last. Nothing is lost if it is dropped before it is done.
    ///
    /// It goes on after an `Err`: that concerns one item, one list, or one key.
    pub async fn next(&mut self) -> Option<Result<(K, T), ListError<K>>> {
        self.0.next().await
    }

    /// The next entry, for those who stop at the first error. `None` after the last. Nothing is lost
    /// if it is dropped before it is done.
    ///
    /// # Errors
    ///
    /// Those of the lists and of the keys.
    pub async fn try_next(&mut self) -> Result<Option<(K, T)>, ListError<K>> {
        self.next().await.transpose()
    }
}

impl<S: Stream> Stream for Entries<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.0.poll_next_unpin(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<S> fmt::Debug for Entries<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").finish_non_exhaustive()
    }
}

impl<Keys, F> fmt::Debug for Lists<Keys, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lists").field("at_once", &self.at_once).finish_non_exhaustive()
    }
}

/// An error of one of several lists.
#[derive(Clone, Debug)]
pub struct ListError<K> {
    /// The key of the list that failed. `None` if the keys themselves did.
    pub key: Option<K>,
    /// What failed.
    pub error: Error,
}

impl<K> fmt::Display for ListError<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<K: fmt::Debug> std::error::Error for ListError<K> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl<K> From<ListError<K>> for Error {
    fn from(failed: ListError<K>) -> Self {
        failed.error
    }
}
