//! The names of inboxes and channels, shown with their ids.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Display;

use std::time::Duration;

use hubspot_conversations::types::{Channel, ChannelId, Inbox, InboxId};
use hubspot_conversations::{Client, Item, ListRequest, Retry};
use serde::de::DeserializeOwned;

use crate::stderr;

/// The maximum number of names to read. Further inboxes and channels are shown without names.
const MAX_NAMES: u16 = 100;

/// The time limit for reading names, because the table waits for them.
const DEADLINE: Duration = Duration::from_secs(2);

/// Names that are read once a cell requests one: one request for all inboxes, one for all channels.
pub(crate) struct Names {
    client: Client,
    inboxes: Lookup,
    channels: Lookup,
}

impl Names {
    /// The names in an account.
    pub(crate) fn new(client: Client) -> Self {
        Self { client, inboxes: Lookup::default(), channels: Lookup::default() }
    }

    /// An inbox: its id and, if known, its name.
    pub(crate) fn inbox(&self, id: Option<&InboxId>) -> Option<String> {
        id.map(|id| self.inboxes.label(id))
    }

    /// A channel: its id and, if known, its name.
    pub(crate) fn channel(&self, id: Option<&ChannelId>) -> Option<String> {
        id.map(|id| self.channels.label(id))
    }

    /// Reads the names that cells requested since the last call. Returns whether there were any: cells
    /// must then be built again.
    pub(super) async fn load_requested(&mut self) -> bool {
        let client = &self.client;
        let (inboxes, channels) = (self.inboxes.is_requested(), self.channels.is_requested());
        let (inbox_names, channel_names) = tokio::join!(
            read(inboxes.then(|| client.inboxes().list().limit(MAX_NAMES)), "inboxes", inbox),
            read(channels.then(|| client.channels().list().limit(MAX_NAMES)), "channels", channel),
        );
        self.inboxes.load(inbox_names);
        self.channels.load(channel_names);
        inboxes || channels
    }
}

/// Reads names, if they are requested. If that fails, a note says why.
async fn read<R: ListRequest>(
    list: Option<R>,
    what: &str,
    pair: fn(R::Item) -> Option<(String, String)>,
) -> Option<HashMap<String, String>> {
    let page = list?.retry(Retry::never()).deadline(DEADLINE).send().await;
    let named = page.map(|page| named(&page.results, pair));
    Some(named.unwrap_or_else(|error| {
        stderr::print_line(&format!("note: cannot show the names of {what}: {error}"));
        HashMap::new()
    }))
}

/// The names of one kind.
#[derive(Default)]
struct Lookup(RefCell<State>);

#[derive(Default)]
enum State {
    #[default]
    Unused,
    Requested,
    Loaded(HashMap<String, String>),
}

impl Lookup {
    fn label(&self, id: &impl Display) -> String {
        let id = id.to_string();
        let mut state = self.0.borrow_mut();
        let name = match &*state {
            State::Loaded(names) => names.get(&id),
            _ => {
                *state = State::Requested;
                None
            }
        };
        match name {
            Some(name) => format!("{id} {name}"),
            None => id,
        }
    }

    fn is_requested(&self) -> bool {
        matches!(&*self.0.borrow(), State::Requested)
    }

    /// Stores names, if there are new ones.
    fn load(&mut self, names: Option<HashMap<String, String>>) {
        if let Some(names) = names {
            *self.0.get_mut() = State::Loaded(names);
        }
    }
}

fn named<T: DeserializeOwned>(
    items: &[Item<T>],
    pair: fn(T) -> Option<(String, String)>,
) -> HashMap<String, String> {
    // An unreadable record only lacks its own name.
    items.iter().filter_map(|item| item.decode().ok()).filter_map(pair).collect()
}

fn inbox(inbox: Inbox) -> Option<(String, String)> {
    Some((inbox.id.to_string(), inbox.name?))
}

fn channel(channel: Channel) -> Option<(String, String)> {
    Some((channel.id.to_string(), channel.name?))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;
    use hubspot_conversations::testing::{self, Simulator};
    use hubspot_conversations::{Transport, TransportBody, TransportError};
    use tokio::time::Instant;

    use super::Names;

    /// Answers nothing, or hands requests on, and counts them.
    #[derive(Debug)]
    struct Counting<T> {
        server: Option<T>,
        requests: Arc<AtomicUsize>,
    }

    impl<T: Transport> Transport for Counting<T> {
        fn execute(
            &self,
            request: http::Request<TransportBody>,
        ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
            self.requests.fetch_add(1, Ordering::Relaxed);
            match &self.server {
                Some(server) => server.execute(request),
                None => std::future::pending().boxed(),
            }
        }
    }

    /// Reads the names of an inbox and a channel. Returns how long that took, and how many requests.
    async fn read(simulator: &Arc<Simulator>, answers: bool) -> (Duration, usize) {
        let requests = Arc::new(AtomicUsize::new(0));
        let server = answers.then(|| testing::in_process(simulator));
        let transport = Counting { server, requests: Arc::clone(&requests) };
        let client = testing::client(simulator).transport(transport).build().unwrap();
        let mut names = Names::new(client);
        assert_eq!(names.inbox(Some(&"1".into())).as_deref(), Some("1"));
        assert_eq!(names.channel(Some(&"2".into())).as_deref(), Some("2"));
        let started = Instant::now();
        assert!(names.load_requested().await);
        assert!(!names.load_requested().await, "they are read once");
        (started.elapsed(), requests.load(Ordering::Relaxed))
    }

    #[tokio::test(start_paused = true)]
    async fn a_table_waits_two_seconds_for_names_at_most() {
        let simulator = Arc::new(Simulator::builder().in_process());
        assert_eq!(read(&simulator, false).await, (Duration::from_secs(2), 2));
    }

    #[tokio::test(start_paused = true)]
    async fn names_that_hubspot_has_no_time_for_are_asked_for_once() {
        let simulator = Arc::new(Simulator::builder().in_process());
        for _ in 0..2 {
            let throttled = testing::Fault::status(429).with_header("Retry-After", "3");
            simulator.fail_next(None, throttled);
        }
        let (took, requests) = read(&simulator, true).await;
        assert!(took < Duration::from_secs(2) && requests <= 2, "{took:?}, {requests} requests");
    }
}
