//! The history of a thread, its truncated messages completed.

use futures_util::TryStreamExt;
use hubspot_conversations::ErrorKind;
use hubspot_conversations::types::{ActorId, MessageId, ThreadId, TruncationStatus};
use serde::Deserialize;

use super::files::File;
use super::{Export, Failure, items};

/// The field a completed message carries its original content in. HubSpot has none of this name.
const ORIGINAL_CONTENT: &str = "_originalContent";

/// HubSpot documents no limit; this many are commonly asked for.
const MESSAGES_PER_PAGE: u16 = 100;

/// What the export needs to know of an entry of the history, of whatever type it is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    id: Option<MessageId>,
    truncation_status: Option<TruncationStatus>,
    created_by: Option<ActorId>,
    assigned_to: Option<ActorId>,
    assigned_from: Option<ActorId>,
    senders: Option<Vec<Party>>,
    recipients: Option<Vec<Party>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Party {
    #[serde(default)]
    actor_id: Option<ActorId>,
}

impl Entry {
    /// The message whose text is not all that was written.
    fn truncated(&self) -> Option<&MessageId> {
        use TruncationStatus::{Truncated, TruncatedToMostRecentReply};

        let is_truncated =
            matches!(self.truncation_status, Some(Truncated | TruncatedToMostRecentReply));
        self.id.as_ref().filter(|_| is_truncated)
    }

    fn into_actors(self) -> impl Iterator<Item = ActorId> {
        let parties = self.senders.into_iter().chain(self.recipients).flatten();
        let single = [self.created_by, self.assigned_to, self.assigned_from];
        single.into_iter().flatten().chain(parties.filter_map(|party| party.actor_id))
    }
}

impl Export<'_> {
    /// Copies a thread's history, page by page.
    pub(super) async fn history(&self, thread: &ThreadId) -> Result<(), Failure> {
        let messages = self.client.messages(thread);
        let mut history = items(messages.list().oldest_first().limit(MESSAGES_PER_PAGE));
        while let Some(item) = history.try_next().await? {
            let json = item.json().get();
            let entry: Entry = serde_json::from_str(json).unwrap_or_else(|_| {
                let note = "a message has a field of an unknown kind, so its actors may be missing";
                self.note_once(note);
                Entry::default()
            });

            let original = match entry.truncated() {
                Some(id) => match messages.original(id).send().await {
                    Ok(original) => Some(original),
                    Err(error) if error.kind() == ErrorKind::NotFound => {
                        self.note_once(
                            "a truncated message has no original content to complete it",
                        );
                        None
                    }
                    Err(error) => return Err(error.into()),
                },
                None => None,
            };

            let mut state = self.state.borrow_mut();
            match original {
                Some(original) => {
                    state.files.write_with(File::Messages, json, ORIGINAL_CONTENT, &original)?;
                    state.completed += 1;
                }
                None => state.files.write(File::Messages, json)?,
            }
            state.actors.extend(entry.into_actors());
            drop(state);
            self.progress.message_done();
        }
        Ok(())
    }

    fn note_once(&self, note: &str) {
        let notes = &mut self.state.borrow_mut().notes;
        if !notes.iter().any(|noted| noted == note) {
            notes.push(note.to_owned());
        }
    }
}
