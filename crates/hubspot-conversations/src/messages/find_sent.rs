//! Whether a message arrived although sending it failed.

mod candidates;
mod outcome;
mod verdict;

use chrono::{DateTime, Utc};

use super::history_end::may_be_incomplete;
use super::sent_text::SentText;
use crate::Error;
use crate::call_options::{CallOptions, call_options};
use crate::debug::debug_shows;
use crate::messages::Messages;
use crate::types::MessageId;
use candidates::{Candidate, Candidates, ListedEntry, Position};
pub use outcome::{FindSentOutcome, Uncertainty};
use verdict::{Certainty, Judgement, Sought, Verdict};

/// The most reasons for uncertainty that are returned.
const MOST_NAMED: usize = 20;

/// A search for something that was sent. From [`Messages::find_sent`].
#[must_use = "nothing is looked for until it is sent"]
#[derive(Clone)]
pub struct FindSent {
    messages: Messages,
    text: String,
    sought: Sought,
    after: Option<MessageId>,
    since: Option<DateTime<Utc>>,
    options: CallOptions,
}

debug_shows!(FindSent: messages);

impl FindSent {
    pub(crate) fn new(messages: &Messages, text: String) -> Self {
        Self {
            messages: messages.clone(),
            text,
            sought: Sought::Message,
            after: None,
            since: None,
            options: CallOptions::default(),
        }
    }

    call_options!();

    /// Looks for a comment, and for no message.
    pub fn comment(mut self) -> Self {
        self.sought = Sought::Comment;
        self
    }

    /// Looks only at entries newer than this one, such as one that a webhook named.
    pub fn after(mut self, entry: impl Into<MessageId>) -> Self {
        self.after = Some(entry.into());
        self
    }

    /// Looks only at entries newer than the one that [`Messages::newest`] returned before the send. `None`
    /// if the history was empty then: all entries are newer.
    pub fn after_newest(mut self, newest: Option<MessageId>) -> Self {
        self.after = newest;
        self
    }

    /// Looks only at entries created at this time or later, by HubSpot's clock. Allow some seconds for a
    /// difference to yours.
    pub fn since(mut self, instant: DateTime<Utc>) -> Self {
        self.since = Some(instant);
        self
    }

    /// Looks for the newest outgoing message with the text, or for the newest
    /// [comment](Self::comment).
    ///
    /// White space, invisible characters, the Unicode form of characters and a signature below a line
    /// `-- ` make no difference. Of truncated texts, the original content is read; of entries with rich
    /// text only, its text is compared. The whole history is read, with archived entries, unless
    /// [`after`](Self::after) or [`since`](Self::since) limits it; without either, an older message with
    /// the same text is found, too.
    ///
    /// The outcome is uncertain if an entry's text differs only in emoji, punctuation or markup, if it
    /// begins with the text, or if it has the text and its direction or type is unknown.
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
        let mut candidates = Candidates::new(&self);
        let mut findings = Findings::default();
        let mut missing = None;
        for archived in [false, true] {
            match self.read_list(archived, &sent, &mut candidates, &mut findings).await {
                // HubSpot may not find an archived thread when asked for entries that are not.
                Err(error) if error.is_not_found() && missing.is_none() => missing = Some(error),
                Err(error) if error.is_not_found() => return Err(missing.unwrap_or(error)),
                result => result?,
            }
            if findings.found.is_some() {
                break;
            }
        }
        self.judge(candidates.take(), &sent, &mut findings).await?;
        Ok(findings.outcome())
    }

    /// Reads the entries that are archived, or the others, as far as they count.
    async fn read_list(
        &self,
        archived: bool,
        sent: &SentText,
        candidates: &mut Candidates<'_>,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let history = self.messages.newest_first(archived).options(self.options.clone());
        let mut pages = history.pages();
        candidates.begin_list();
        while let Some(page) = pages.try_next().await? {
            let may_be_incomplete = may_be_incomplete(&page);
            for item in page.results {
                candidates.read(item, |entry| match entry {
                    Some(entry) => Judgement::of(entry, sent, self.sought),
                    None => Judgement::Final(Verdict::Unclear("it cannot be read")),
                });
            }
            if self.after.is_none() {
                self.judge(candidates.take(), sent, findings).await?;
            }
            if findings.found.is_some() || candidates.has_passed_all() {
                break;
            }
            if may_be_incomplete {
                findings.leave_open(Uncertainty::of_history(
                    "the history may not be complete, because where it continues cannot be read",
                ));
            }
        }
        self.judge(candidates.take_known(), sent, findings).await
    }

    /// Judges candidates whose positions are known. Original content is read only if nothing is found
    /// without it.
    async fn judge(
        &self,
        candidates: Vec<(Position, Candidate)>,
        sent: &SentText,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let mut truncated = Vec::new();
        for (position, candidate) in candidates {
            match candidate.judgement {
                _ if position == Position::Outside => {}
                Judgement::Final(verdict) => findings.keep(position, candidate.entry, verdict),
                Judgement::NeedsOriginal(certainty) => {
                    truncated.push((position, candidate.entry, certainty));
                }
            }
        }
        for (position, entry, certainty) in truncated {
            if findings.found.is_some() {
                break;
            }
            let verdict = self.judge_original(entry.id.as_ref(), sent, certainty).await?;
            findings.keep(position, entry, verdict);
        }
        Ok(())
    }

    /// Judges a message that may be truncated by its original content.
    async fn judge_original(
        &self,
        id: Option<&MessageId>,
        sent: &SentText,
        certainty: Certainty,
    ) -> Result<Verdict, Error> {
        let Some(id) = id else {
            return Ok(Verdict::Unclear("it may be truncated, and has no id to read all of it by"));
        };
        let original = self.messages.original(id).options(self.options.clone()).send().await;
        match original {
            Ok(original) => Ok(Verdict::of_original(original.json().get(), sent, certainty)),
            Err(error) if error.is_not_found() => Ok(Verdict::Unclear(
                "it may be truncated, and HubSpot has no original content of it",
            )),
            Err(error) => Err(error),
        }
    }
}

/// The results so far.
#[derive(Default)]
struct Findings {
    found: Option<ListedEntry>,
    unclear: Vec<Uncertainty>,
}

impl Findings {
    /// Notes what an entry means for the outcome.
    fn keep(&mut self, position: Position, entry: ListedEntry, verdict: Verdict) {
        let reason = match (verdict, position) {
            (Verdict::Other, _) => return,
            (Verdict::Sent, Position::Unclear) => {
                "it has the text, and may be older than what to look after"
            }
            (Verdict::Sent, Position::WithoutTime) => {
                "it has the text, and does not say when it was created"
            }
            (Verdict::Sent, Position::Inside | Position::Outside) => {
                return self.keep_newest(entry);
            }
            (Verdict::Unclear(reason), _) => reason,
        };
        self.leave_open(Uncertainty::of_entry(entry.id, reason));
    }

    /// Keeps the newest, or the first listed of those that do not say when they were created.
    fn keep_newest(&mut self, entry: ListedEntry) {
        let found = self.found.as_ref().map(|found| found.created_at.present());
        if found
            .is_none_or(|found| found.zip(entry.created_at.present()).is_some_and(|(a, b)| a < b))
        {
            self.found = Some(entry);
        }
    }

    fn leave_open(&mut self, uncertainty: Uncertainty) {
        if self.unclear.len() < MOST_NAMED {
            self.unclear.push(uncertainty);
        }
    }

    fn outcome(self) -> FindSentOutcome {
        match self.found {
            Some(entry) => FindSentOutcome::Found(entry.item),
            None if self.unclear.is_empty() => FindSentOutcome::NotFound,
            None => FindSentOutcome::CannotTell(self.unclear),
        }
    }
}
