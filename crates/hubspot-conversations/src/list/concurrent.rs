//! Several lists at once.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::ready;
use futures_util::{Stream, StreamExt, TryStream, TryStreamExt, stream};

use super::ordered::Ordered;
use crate::Error;
use crate::debug::debug_shows;

/// How many lists are read concurrently, unless set.
const CONCURRENCY: usize = 8;

/// One list per key, such as the messages of each thread, read concurrently.
///
/// ```no_run
/// # use futures_util::TryStreamExt;
/// # use hubspot_conversations::{Client, Error, ConcurrentLists};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// let threads = client.threads().list().inbox(481939).stream().map_ok(|thread| thread.id);
/// let mut messages = ConcurrentLists::from_stream(threads, |thread| client.messages(thread).list().stream())
///     .concurrency(4)
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
/// At most [`concurrency`](Self::concurrency) lists are read at a time. Each has at most one request in
/// flight and one page in memory, unless it is [`buffered`](crate::Items::buffered); a list of keys has
/// its own. The next key is taken when a list ends. A list that fails ends, and the others continue.
/// Nothing is read while the items are not polled, and dropping them cancels all requests in flight.
#[must_use = "lists do nothing until they are read"]
pub struct ConcurrentLists<Keys, F> {
    keys: Keys,
    list: F,
    concurrency: usize,
}

impl ConcurrentLists<(), ()> {
    /// The list of each of these keys.
    pub fn from_iter<K, S>(
        keys: impl IntoIterator<Item = K>,
        list: impl FnMut(&K) -> S,
    ) -> ConcurrentLists<impl Stream<Item = Result<K, Error>>, impl FnMut(&K) -> S> {
        Self::from_stream(stream::iter(keys).map(Ok), list)
    }

    /// The list of each key of a stream, such as another list. Its errors are items without a key, and
    /// do not end the lists being read.
    pub fn from_stream<K, S, Keys, F>(keys: Keys, list: F) -> ConcurrentLists<Keys, F>
    where
        Keys: Stream<Item = Result<K, Error>>,
        F: FnMut(&K) -> S,
    {
        ConcurrentLists { keys, list, concurrency: CONCURRENCY }
    }
}

impl<K, S, Keys, F> ConcurrentLists<Keys, F>
where
    K: Clone,
    S: TryStream<Error = Error> + Unpin,
    Keys: Stream<Item = Result<K, Error>>,
    F: FnMut(&K) -> S,
{
    /// How many lists are read at a time. 8, if not set; at least 1.
    pub fn concurrency(self, lists: usize) -> Self {
        Self { concurrency: lists.max(1), ..self }
    }

    /// The items of all lists as they arrive. Those of one list are in its order, and no list waits for
    /// another.
    pub fn unordered(self) -> KeyedItems<impl Stream<Item = KeyedItem<K, S::Ok>>> {
        let concurrency = self.concurrency;
        KeyedItems(Box::pin(self.lists().flatten_unordered(concurrency)))
    }

    /// The items of the first list, then those of the second, and so on. The lists whose turn has not
    /// come fetch their first page, and wait.
    pub fn ordered(self) -> KeyedItems<impl Stream<Item = KeyedItem<K, S::Ok>>> {
        let concurrency = self.concurrency;
        KeyedItems(Box::pin(Ordered::new(Box::pin(self.lists()), concurrency)))
    }

    /// The lists, each item with its key.
    fn lists(self) -> impl Stream<Item = impl Stream<Item = KeyedItem<K, S::Ok>> + Unpin> {
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
type KeyedItem<K, T> = Result<(K, T), ListError<K>>;

/// The items of several lists, with their keys. From [`ConcurrentLists`].
#[must_use = "lists do nothing until they are read"]
pub struct KeyedItems<S>(Pin<Box<S>>);

impl<K, T, S: Stream<Item = KeyedItem<K, T>>> KeyedItems<S> {
    /// The next item. `None` after the last. Dropping the future loses nothing. An `Err` concerns one
    /// item, one list or one key, and others follow.
    pub async fn next(&mut self) -> Option<Result<(K, T), ListError<K>>> {
        self.0.next().await
    }

    /// The same, for programs that stop at the first error.
    ///
    /// # Errors
    ///
    /// Those of the lists and of the keys.
    pub async fn try_next(&mut self) -> Result<Option<(K, T)>, ListError<K>> {
        self.next().await.transpose()
    }
}

impl<S: Stream> Stream for KeyedItems<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.0.poll_next_unpin(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

debug_shows!(KeyedItems<S>:);

debug_shows!(ConcurrentLists<Keys, F>: concurrency);

/// An error of one of several lists.
#[derive(Clone, Debug)]
pub struct ListError<K> {
    /// The key of the list that failed. `None` if the keys themselves did.
    pub key: Option<K>,
    /// The error.
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
