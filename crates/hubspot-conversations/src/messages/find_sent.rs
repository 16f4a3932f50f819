//! Whether a message arrived whose sending failed.

use std::fmt;

use chrono::{DateTime, Utc};
use hubspot_conversations_api::Item;

use super::entry::{Direction, Entry, Field, Kind, text};
use super::html_text::HtmlText;
use super::sent_text::{Likeness, SentText};
use crate::Error;
use crate::call_options::{CallOptions, call_options};
use crate::messages::Messages;
use crate::types::{Message, MessageId};

/// How many entries of the history to read at a time. What is looked for is among the newest.
const PAGE: u16 = 50;

/// How many entries to name that leave the answer open.
const MOST_NAMED: usize = 20;

/// A search for something that was sent. From [`Messages::find_sent`].
#[must_use = "nothing is looked for until it is sent"]
#[derive(Clone)]
pub struct FindSent {
    messages: Messages,
    text: String,
    after: Option<MessageId>,
    since: Option<DateTime<Utc>>,
    options: CallOptions,
}

impl fmt::Debug for FindSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FindSent").field("messages", &self.messages).finish_non_exhaustive()
    }
}

/// Whether something was sent, as far as a history shows. From [`FindSent::send`].
#[derive(Clone, Debug)]
#[must_use = "it says whether to send again"]
pub enum FindSentOutcome {
    /// It was sent: this entry, as HubSpot sent it.
    Found(Item<Message>),
    /// It is not there: every entry that could be it was read, and has another text. How soon
    /// HubSpot lists what it stored is not documented.
    NotFound,
    /// It cannot be known, because of these entries, the newest first and 20 at most. A person has
    /// to look before it is sent again.
    CannotTell(Vec<UnclearEntry>),
}

impl FindSentOutcome {
    /// The entry, if it was found.
    pub fn found(&self) -> Option<&Item<Message>> {
        match self {
            Self::Found(entry) => Some(entry),
            Self::NotFound | Self::CannotTell(_) => None,
        }
    }

    /// The id of the entry, if it was found and has one that can be read.
    pub fn id(&self) -> Option<MessageId> {
        Entry::read(self.found()?.json().get())?.id()
    }
}

/// An entry that may be what was sent. From [`FindSentOutcome::CannotTell`].
#[derive(Clone, Debug)]
pub struct UnclearEntry {
    id: Option<MessageId>,
    reason: &'static str,
}

impl UnclearEntry {
    /// The entry, if it has an id that can be read.
    pub fn id(&self) -> Option<&MessageId> {
        self.id.as_ref()
    }

    /// Why it may be what was sent, as the end of a sentence about it.
    pub fn reason(&self) -> &str {
        self.reason
    }
}

impl FindSent {
    pub(crate) fn new(messages: &Messages, text: String) -> Self {
        Self {
            messages: messages.clone(),
            text,
            after: None,
            since: None,
            options: CallOptions::default(),
        }
    }

    call_options!();

    /// Looks only at what is newer than this entry: what [`Messages::newest`] gave before the
    /// sending. `None` if there was nothing then.
    pub fn after(mut self, entry: impl Into<Option<MessageId>>) -> Self {
        self.after = entry.into();
        self
    }

    /// Looks only at what was created at this instant or later, by HubSpot's clock. Leave some
    /// seconds for a difference to yours.
    pub fn since(mut self, instant: DateTime<Utc>) -> Self {
        self.since = Some(instant);
        self
    }

    /// Looks for the newest outgoing message or comment with the text.
    ///
    /// White space, line breaks and a signature below a line `-- ` make no difference. Where
    /// HubSpot shows a text truncated, its original content is read, and where it shows rich text
    /// only, the text of that is compared. The whole history is read, unless
    /// [`after`](Self::after) or [`since`](Self::since) ends it sooner; without either of them, an
    /// older message with the same text is found, too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the text is empty. Else
    /// see [`ErrorKind`](crate::ErrorKind).
    pub async fn send(self) -> Result<FindSentOutcome, Error> {
        let sent = SentText::new(&self.text);
        if sent.is_empty() {
            return Err(Error::invalid("there is no text to look for"));
        }
        let history = self.messages.list().sort("-createdAt").limit(PAGE);
        let mut pages = history.options(self.options.clone()).pages();
        let mut search = Search::new(&self);
        while let Some(page) = pages.try_next().await? {
            for item in page.results {
                let entry = Entry::read(item.json().get());
                let window = search.place(entry.as_ref());
                if window == Window::Outside {
                    continue;
                }
                let verdict = match &entry {
                    None => Verdict::Unclear("it cannot be read"),
                    Some(entry) => self.judge(&sent, entry).await?,
                };
                search.keep(window, verdict, entry.as_ref(), &item);
                if search.is_answered() {
                    return Ok(search.outcome());
                }
            }
            if search.is_passed && !search.is_out_of_order {
                break;
            }
        }
        Ok(search.outcome())
    }

    /// Whether an entry is what was sent.
    async fn judge(&self, sent: &SentText, entry: &Entry<'_>) -> Result<Verdict, Error> {
        let is_outgoing = match (entry.kind(), entry.direction()) {
            (Kind::Event, _) => return Ok(Verdict::Other),
            // An agent's own mail from a personal mailbox appears as incoming, too.
            (_, Direction::Incoming) if !entry.is_from_team() => return Ok(Verdict::Other),
            (_, Direction::Incoming) => false,
            (Kind::Comment, _) | (_, Direction::Outgoing) => true,
            (Kind::Message | Kind::Unknown, Direction::Unknown) => entry.is_from_team(),
            (Kind::Other, Direction::Unknown) => false,
        };
        let shown = compare(sent, &text(entry.text), &text(entry.rich_text));
        let truncation = match text(entry.truncation_status) {
            Field::Absent => Truncation::None,
            Field::Present(status) if status == "NOT_TRUNCATED" => Truncation::None,
            Field::Present(status) if status == "TRUNCATED_TO_MOST_RECENT_REPLY" => {
                Truncation::Quotes
            }
            Field::Present(_) | Field::Unreadable => Truncation::Text,
        };
        let compared = match truncation {
            Truncation::None => shown,
            // What was sent is the reply, and what is missing was quoted below it.
            Truncation::Quotes if shown == Ok(Likeness::Same) => shown,
            Truncation::Quotes | Truncation::Text => self.compare_original(sent, entry).await?,
        };
        Ok(match compared {
            Ok(Likeness::Different) => Verdict::Other,
            Ok(Likeness::Same) if is_outgoing => Verdict::Sent,
            Ok(Likeness::Same) => {
                Verdict::Unclear("it has the text, and is not known to be outgoing")
            }
            Ok(Likeness::Similar) => Verdict::Unclear("its text begins like the one looked for"),
            // What HubSpot has named is neither a message nor a comment.
            Err(_) if entry.kind() == Kind::Other => Verdict::Other,
            Err(reason) => Verdict::Unclear(reason),
        })
    }

    /// Compares all that was written in a message that is shown truncated.
    async fn compare_original(
        &self,
        sent: &SentText,
        entry: &Entry<'_>,
    ) -> Result<Result<Likeness, &'static str>, Error> {
        let Some(id) = entry.id() else {
            return Ok(Err("it is truncated, and has no id to read all of it by"));
        };
        let original = self.messages.original(id).options(self.options.clone()).send().await;
        match original {
            Ok(original) => Ok(match Entry::read(original.json().get()) {
                Some(original) => compare(sent, &text(original.text), &text(original.rich_text)),
                None => Err("its original content cannot be read"),
            }),
            Err(error) if error.is_not_found() => {
                Ok(Err("it is truncated, and HubSpot has no original content of it"))
            }
            Err(error) => Err(error),
        }
    }
}

/// How much of a message HubSpot does not show.
enum Truncation {
    None,
    /// What was quoted below a reply.
    Quotes,
    /// Any part of the text.
    Text,
}

/// Compares a text, or where it is empty, the text of the rich text.
///
/// # Errors
///
/// If there is nothing that can be compared, the reason.
fn compare(
    sent: &SentText,
    text: &Field<String>,
    rich_text: &Field<String>,
) -> Result<Likeness, &'static str> {
    if let Field::Present(text) = text
        && !text.trim().is_empty()
    {
        return Ok(sent.compare(text));
    }
    let rich = match rich_text {
        Field::Present(html) if !html.trim().is_empty() => {
            let HtmlText { text, has_unknown_reference } = HtmlText::of(html);
            match sent.compare(&text) {
                Likeness::Different if has_unknown_reference => {
                    Err("its rich text has characters that cannot be read")
                }
                likeness => Ok(likeness),
            }
        }
        Field::Unreadable => Err("its rich text cannot be read"),
        Field::Present(_) => Ok(Likeness::Different),
        Field::Absent => match text {
            // It is empty, and has nothing beside it.
            Field::Present(_) => Ok(Likeness::Different),
            _ => Err("it has no text"),
        },
    };
    match (text, rich) {
        (Field::Unreadable, Ok(Likeness::Different | Likeness::Similar)) => {
            Err("its text cannot be read")
        }
        (_, rich) => rich,
    }
}

/// What an entry is to the search.
#[derive(Clone, Copy)]
enum Verdict {
    /// What was sent.
    Sent,
    /// Something else.
    Other,
    /// It may be what was sent.
    Unclear(&'static str),
}

/// Where an entry is, seen from where the search ends.
#[derive(Clone, Copy, PartialEq)]
enum Window {
    /// Newer, as far as is known before the whole history is read.
    Inside,
    /// Created when the entry was that the search ends at, so that it may be newer or older.
    AtEdge,
    /// Older, or the entry itself that the search ends at.
    Outside,
}

/// What the search has come upon.
struct Search<'a> {
    after: Option<&'a MessageId>,
    since: Option<DateTime<Utc>>,
    /// When the entry was created that the search ends at, once it has come.
    edge: Option<Option<DateTime<Utc>>>,
    /// When the last entry was created that says so.
    last: Option<DateTime<Utc>>,
    /// Whether an entry was newer than one before it.
    is_out_of_order: bool,
    /// Whether an entry was older than where the search ends, and so are those that follow it if the
    /// history is in order.
    is_passed: bool,
    found: Vec<Match>,
    unclear: Vec<UnclearEntry>,
}

/// An entry with the text that is looked for.
struct Match {
    item: Item<Message>,
    id: Option<MessageId>,
    created_at: Option<DateTime<Utc>>,
}

impl<'a> Search<'a> {
    fn new(find: &'a FindSent) -> Self {
        Self {
            after: find.after.as_ref(),
            since: find.since,
            edge: None,
            last: None,
            is_out_of_order: false,
            is_passed: false,
            found: Vec::new(),
            unclear: Vec::new(),
        }
    }

    /// Says where the next entry is.
    fn place(&mut self, entry: Option<&Entry<'_>>) -> Window {
        let created_at = entry.and_then(Entry::created_at);
        if let (Some(last), Some(created_at)) = (self.last, created_at) {
            self.is_out_of_order |= last < created_at;
        }
        self.last = created_at.or(self.last);

        if self.after.is_some() && self.after == entry.and_then(Entry::id).as_ref() {
            self.edge = Some(created_at);
            return Window::Outside;
        }
        let is_too_old = self.since.zip(created_at).is_some_and(|(since, at)| at < since);
        let window = match self.edge {
            _ if is_too_old => Window::Outside,
            None => Window::Inside,
            Some(Some(edge)) if created_at == Some(edge) => Window::AtEdge,
            Some(Some(_)) if self.is_out_of_order => Window::Inside,
            Some(_) => Window::Outside,
        };
        self.is_passed |= window == Window::Outside;
        window
    }

    /// Keeps what an entry means for the answer.
    fn keep(
        &mut self,
        window: Window,
        verdict: Verdict,
        entry: Option<&Entry<'_>>,
        item: &Item<Message>,
    ) {
        let id = entry.and_then(Entry::id);
        let created_at = entry.and_then(Entry::created_at);
        match verdict {
            Verdict::Other => {}
            Verdict::Unclear(reason) => self.leave_open(id, reason),
            Verdict::Sent if window == Window::AtEdge => {
                self.leave_open(id, "it has the text, and may be older than what to look after");
            }
            Verdict::Sent if self.since.is_some() && created_at.is_none() => {
                self.leave_open(id, "it has the text, and does not say when it was created");
            }
            Verdict::Sent => self.found.push(Match { item: item.clone(), id, created_at }),
        }
    }

    fn leave_open(&mut self, id: Option<MessageId>, reason: &'static str) {
        if self.unclear.len() < MOST_NAMED {
            self.unclear.push(UnclearEntry { id, reason });
        }
    }

    /// Whether what follows cannot change the answer.
    fn is_answered(&self) -> bool {
        self.after.is_none() && !self.found.is_empty()
    }

    fn outcome(mut self) -> FindSentOutcome {
        for entry in std::mem::take(&mut self.found) {
            let Match { item, id, created_at } = entry;
            let is_newer = match (self.after, self.edge) {
                (None, _) => Some(true),
                // The entry to look after never came.
                (Some(_), None) => None,
                (Some(_), Some(_)) if !self.is_out_of_order => Some(true),
                (Some(_), Some(edge)) => edge.zip(created_at).map(|(edge, at)| edge < at),
            };
            match is_newer {
                Some(true) => return FindSentOutcome::Found(item),
                Some(false) => {}
                None => {
                    self.leave_open(
                        id,
                        "it has the text, and may be older than what to look after",
                    );
                }
            }
        }
        if self.unclear.is_empty() {
            FindSentOutcome::NotFound
        } else {
            FindSentOutcome::CannotTell(self.unclear)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn present(text: &str) -> Field<String> {
        Field::Present(text.to_owned())
    }

    #[test]
    fn rich_text_is_compared_where_the_text_is_empty() {
        let sent = SentText::new("On its way.");
        let html = || present("<p>On its <b>way</b>.</p>");
        for text in [present(""), present(" \r\n"), Field::Absent, Field::Unreadable] {
            assert_eq!(compare(&sent, &text, &html()), Ok(Likeness::Same), "{text:?}");
        }
        assert_eq!(compare(&sent, &present("Hello"), &html()), Ok(Likeness::Different));
        assert_eq!(compare(&sent, &present(""), &present("<p>Hello</p>")), Ok(Likeness::Different));
        assert_eq!(compare(&sent, &present(""), &Field::Absent), Ok(Likeness::Different));
        assert!(compare(&sent, &Field::Absent, &Field::Absent).is_err());
        assert!(compare(&sent, &Field::Unreadable, &present("<p>Hello</p>")).is_err());
        assert!(compare(&sent, &present(""), &Field::Unreadable).is_err());
        assert!(compare(&sent, &present(""), &present("Gr&uuml;n")).is_err());
    }
}
