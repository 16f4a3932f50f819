//! Fetching pages ahead of the reader.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;
use tracing::Instrument;

use super::fetch_pages::{FetchedPage, PageStream};
use crate::Error;

/// Fetches up to this many pages ahead, from the first poll on.
pub(super) fn prefetch<T: Send + 'static>(source: PageStream<T>, pages: usize) -> PageStream<T> {
    if pages == 0 {
        return source;
    }
    let started = async move { Prefetch::start(source, pages.min(Semaphore::MAX_PERMITS)) };
    Box::pin(stream::once(started).flatten())
}

/// The pages that a separate task fetches. Dropping it ends the task, and the request in flight.
struct Prefetch<T> {
    pages: mpsc::Receiver<Result<FetchedPage<T>, Error>>,
    task: AbortHandle,
}

impl<T: Send + 'static> Prefetch<T> {
    fn start(mut source: PageStream<T>, pages: usize) -> Self {
        let (sender, receiver) = mpsc::channel(pages);
        let fetch = async move {
            // Room first, then the page: so no more are fetched ahead than allowed.
            while let Ok(room) = sender.reserve().await
                && let Some(page) = source.next().await
            {
                room.send(page);
            }
        };
        let task = tokio::spawn(fetch.in_current_span()).abort_handle();
        Self { pages: receiver, task }
    }
}

impl<T> Stream for Prefetch<T> {
    type Item = Result<FetchedPage<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pages.poll_recv(context)
    }
}

impl<T> Drop for Prefetch<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}
