//! Pages that are fetched while the consumer still works on those before.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;
use tracing::Instrument;

use super::walk::{Fetched, Walk};
use crate::Error;

/// Fetches up to so many pages ahead, from the first poll on.
pub(super) fn ahead<T: Send + 'static>(walk: Walk<T>, pages: usize) -> Walk<T> {
    if pages == 0 {
        return walk;
    }
    let started = async move { Ahead::start(walk, pages.min(Semaphore::MAX_PERMITS)) };
    Box::pin(stream::once(started).flatten())
}

/// What a task of its own fetches. Dropping it ends the task, and with it the request under way.
struct Ahead<T> {
    pages: mpsc::Receiver<Result<Fetched<T>, Error>>,
    task: AbortHandle,
}

impl<T: Send + 'static> Ahead<T> {
    fn start(mut walk: Walk<T>, pages: usize) -> Self {
        let (sender, receiver) = mpsc::channel(pages);
        let fetch = async move {
            // Room first, then the page: so no more are ahead than were asked for.
            while let Ok(room) = sender.reserve().await
                && let Some(page) = walk.next().await
            {
                room.send(page);
            }
        };
        let task = tokio::spawn(fetch.in_current_span()).abort_handle();
        Self { pages: receiver, task }
    }
}

impl<T> Stream for Ahead<T> {
    type Item = Result<Fetched<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pages.poll_recv(context)
    }
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}
