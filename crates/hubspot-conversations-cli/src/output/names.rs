//! The names of inboxes and channels, to stand beside their ids.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Display;

use hubspot_conversations::types::{Channel, ChannelId, Inbox, InboxId};
use hubspot_conversations::{Client, Error, Item, Retry};

use crate::failure;

/// How many names are read. An account with more inboxes shows the ids of the others.
const MOST: u16 = 100;

/// Names that are read when the first cell wants one: one request for all inboxes, one for all
/// channels.
pub(crate) struct Names {
    client: Option<Client>,
    inboxes: Lookup,
    channels: Lookup,
}

impl Names {
    /// Those of an account.
    pub(crate) fn of(client: Client) -> Self {
        Self { client: Some(client), ..Self::none() }
    }

    /// None, so that ids stand alone.
    pub(super) fn none() -> Self {
        Self { client: None, inboxes: Lookup::default(), channels: Lookup::default() }
    }

    /// An inbox: its id and, where it is known, its name.
    pub(crate) fn inbox(&self, id: Option<&InboxId>) -> Option<String> {
        id.map(|id| self.inboxes.shown(id))
    }

    /// A channel: its id and, where it is known, its name.
    pub(crate) fn channel(&self, id: Option<&ChannelId>) -> Option<String> {
        id.map(|id| self.channels.shown(id))
    }

    /// Reads the names that cells wanted since it was called last. Whether there were any; what was
    /// written before that is then to be written anew.
    pub(super) async fn read_wanted(&mut self) -> bool {
        let Some(client) = &self.client else { return false };
        // A name is worth less than a wait.
        let retry = Retry::default().attempts(2);
        let inboxes = self.inboxes.is_wanted();
        if inboxes {
            let page = client.inboxes().list().limit(MOST).retry(retry.clone()).send().await;
            let named = page.map(|page| named(&page.results, inbox));
            self.inboxes.known(or_none("inboxes", named));
        }
        let channels = self.channels.is_wanted();
        if channels {
            let page = client.channels().list().limit(MOST).retry(retry).send().await;
            let named = page.map(|page| named(&page.results, channel));
            self.channels.known(or_none("channels", named));
        }
        inboxes || channels
    }
}

/// The names of one kind.
#[derive(Default)]
struct Lookup(RefCell<State>);

#[derive(Default)]
enum State {
    #[default]
    NotWanted,
    Wanted,
    Known(HashMap<String, String>),
}

impl Lookup {
    fn shown(&self, id: &impl Display) -> String {
        let id = id.to_string();
        let mut state = self.0.borrow_mut();
        let name = match &*state {
            State::Known(names) => names.get(&id),
            _ => {
                *state = State::Wanted;
                None
            }
        };
        match name {
            Some(name) => format!("{id} {name}"),
            None => id,
        }
    }

    fn is_wanted(&self) -> bool {
        matches!(&*self.0.borrow(), State::Wanted)
    }

    fn known(&mut self, names: HashMap<String, String>) {
        *self.0.get_mut() = State::Known(names);
    }
}

/// The names, or none with a note why.
fn or_none(what: &str, named: Result<HashMap<String, String>, Error>) -> HashMap<String, String> {
    named.unwrap_or_else(|error| {
        failure::note(&format!("note: the names of {what} are not shown: {error}"));
        HashMap::new()
    })
}

fn named<T: serde::de::DeserializeOwned>(
    items: &[Item<T>],
    pair: fn(T) -> Option<(String, String)>,
) -> HashMap<String, String> {
    // One that cannot be read costs its own name.
    items.iter().filter_map(|item| item.decode().ok()).filter_map(pair).collect()
}

fn inbox(inbox: Inbox) -> Option<(String, String)> {
    Some((inbox.id.to_string(), inbox.name?))
}

fn channel(channel: Channel) -> Option<(String, String)> {
    Some((channel.id.to_string(), channel.name?))
}
