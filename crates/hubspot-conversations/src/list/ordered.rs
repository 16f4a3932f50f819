//! Streams one after the other, where the next ones have begun.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::stream::{self, Chain, Fuse, FuturesOrdered, StreamFuture};
use futures_util::{Stream, StreamExt};

/// All of the first stream, then all of the second, with several begun.
///
/// `buffered` and `flatten` would not poll the next streams while one is read, so that their responses
/// would time out half read.
pub(super) struct Ordered<L: Stream + Unpin, S: Stream<Item = L>> {
    streams: Fuse<S>,
    concurrency: usize,
    /// Streams whose first item is under way.
    beginning: FuturesOrdered<StreamFuture<L>>,
    /// Streams that have begun. The first of them is being taken.
    begun: VecDeque<Begun<L>>,
}

type Begun<L> = Chain<stream::Iter<std::option::IntoIter<<L as Stream>::Item>>, L>;

impl<L: Stream + Unpin, S: Stream<Item = L> + Unpin> Ordered<L, S> {
    pub(super) fn new(streams: S, concurrency: usize) -> Self {
        Self {
            streams: streams.fuse(),
            concurrency,
            beginning: FuturesOrdered::new(),
            begun: VecDeque::new(),
        }
    }

    fn begin(&mut self, context: &mut Context<'_>) {
        while self.beginning.len() + self.begun.len() < self.concurrency
            && let Poll::Ready(Some(stream)) = self.streams.poll_next_unpin(context)
        {
            self.beginning.push_back(stream.into_future());
        }
        while let Poll::Ready(Some((first, rest))) = self.beginning.poll_next_unpin(context) {
            self.begun.push_back(stream::iter(first).chain(rest));
        }
    }
}

impl<L: Stream + Unpin, S: Stream<Item = L> + Unpin> Stream for Ordered<L, S> {
    type Item = L::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<L::Item>> {
        loop {
            self.begin(context);
            let Some(stream) = self.begun.front_mut() else { break };
            match ready!(stream.poll_next_unpin(context)) {
                Some(item) => return Poll::Ready(Some(item)),
                None => drop(self.begun.pop_front()),
            }
        }
        let is_end = self.beginning.is_empty() && self.streams.is_done();
        if is_end { Poll::Ready(None) } else { Poll::Pending }
    }
}
