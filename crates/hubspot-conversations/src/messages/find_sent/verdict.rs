//! Whether an entry is what was sent.

use crate::messages::entry::{Direction, Entry, Field, Kind, text};
use crate::messages::html_text::HtmlText;
use crate::messages::sent_text::{Likeness, SentText};

/// The message to find.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sought {
    Message,
    Comment,
}

/// The result of comparing an entry.
pub(super) enum Verdict {
    /// The sent message.
    Sent,
    /// Something else.
    Other,
    /// It may be the sent message, for this reason.
    Unclear(&'static str),
}

/// What can be said of an entry by what the history shows of it.
pub(super) enum Judgement {
    Final(Verdict),
    /// It is or may be shown truncated.
    NeedsOriginal(Certainty),
}

/// Whether an entry with the text is certainly what was sent. If not, the reason.
pub(super) type Certainty = Result<(), &'static str>;

/// How much of a message HubSpot does not show.
enum Truncation {
    None,
    /// It does not say.
    Unstated,
    /// What was quoted below a reply.
    Quotes,
    /// Any part of the text.
    Text,
}

impl Judgement {
    /// Judges an entry by what the history shows of it.
    pub(super) fn of(entry: &Entry<'_>, sent: &SentText, sought: Sought) -> Self {
        let Some(certainty) = certainty(entry, sought) else { return Self::Final(Verdict::Other) };
        let shown = compare(sent, &text(entry.text), &text(entry.rich_text));
        let is_complete = match truncation(entry) {
            Truncation::None => true,
            Truncation::Unstated => shown != Ok(Likeness::Beginning),
            // What was sent is the reply, and what is missing was quoted below it.
            Truncation::Quotes => shown == Ok(Likeness::Same),
            Truncation::Text => false,
        };
        if is_complete {
            Self::Final(Verdict::of_comparison(shown, certainty))
        } else {
            Self::NeedsOriginal(certainty)
        }
    }
}

impl Verdict {
    /// Judges an entry by its original content.
    pub(super) fn of_original(original: &str, sent: &SentText, certainty: Certainty) -> Self {
        match Entry::read(original) {
            Some(original) => Self::of_comparison(
                compare(sent, &text(original.text), &text(original.rich_text)),
                certainty,
            ),
            None => Self::Unclear("its original content cannot be read"),
        }
    }

    fn of_comparison(compared: Result<Likeness, &'static str>, certainty: Certainty) -> Self {
        match (compared, certainty) {
            (Ok(Likeness::Different | Likeness::Beginning), _) => Self::Other,
            (Ok(Likeness::Similar), _) => Self::Unclear("its text begins like the one looked for"),
            (Ok(Likeness::Same), Ok(())) => Self::Sent,
            (Ok(Likeness::Same), Err(reason)) | (Err(reason), _) => Self::Unclear(reason),
        }
    }
}

/// Whether an entry is what is looked for if it has the text. `None` if it is not, whatever its text.
fn certainty(entry: &Entry<'_>, sought: Sought) -> Option<Certainty> {
    const NOT_OUTGOING: &str = "it has the text, and is not known to be outgoing";
    const UNKNOWN_TYPE: &str = "it has the text, and its type is not known";

    let is_from_team = entry.is_from_team();
    match (entry.kind(), entry.direction(), sought) {
        (Kind::Event, ..)
        | (Kind::Comment, _, Sought::Message)
        | (Kind::Message, _, Sought::Comment) => None,
        (Kind::Comment, _, Sought::Comment) => Some(Ok(())),
        // An agent's own mail from a personal mailbox appears as incoming, too.
        (_, Direction::Incoming, _) if !is_from_team => None,
        (Kind::Message, Direction::Outgoing, Sought::Message) => Some(Ok(())),
        (Kind::Message, Direction::Unknown, Sought::Message) if is_from_team => Some(Ok(())),
        (Kind::Message, _, Sought::Message) => Some(Err(NOT_OUTGOING)),
        // What HubSpot has named and goes nowhere is neither a message nor a comment.
        (Kind::Other, ..) if entry.is_without_text_and_direction() => None,
        (_, Direction::Outgoing, _) => Some(Err(UNKNOWN_TYPE)),
        (_, Direction::Unknown, _) if is_from_team => Some(Err(UNKNOWN_TYPE)),
        _ => Some(Err(NOT_OUTGOING)),
    }
}

fn truncation(entry: &Entry<'_>) -> Truncation {
    match text(entry.truncation_status) {
        Field::Absent => Truncation::Unstated,
        Field::Present(status) if status == "NOT_TRUNCATED" => Truncation::None,
        Field::Present(status) if status == "TRUNCATED_TO_MOST_RECENT_REPLY" => Truncation::Quotes,
        Field::Present(_) | Field::Unreadable => Truncation::Text,
    }
}

/// Compares a text and the text of the rich text beside it.
///
/// # Errors
///
/// If there is nothing that can be compared, the reason.
fn compare(
    sent: &SentText,
    text: &Field<String>,
    rich_text: &Field<String>,
) -> Result<Likeness, &'static str> {
    let rich = match rich_text {
        Field::Present(html) if !html.trim().is_empty() => Some(compare_html(sent, html)),
        _ => None,
    };
    match (text, rich) {
        (Field::Present(text), rich) if !text.trim().is_empty() => {
            Ok(match (sent.compare(text), rich) {
                // They contradict each other.
                (
                    Likeness::Different | Likeness::Beginning,
                    Some(Ok(Likeness::Same | Likeness::Similar)),
                ) => Likeness::Similar,
                (likeness, _) => likeness,
            })
        }
        (Field::Unreadable, Some(Ok(Likeness::Same))) => Ok(Likeness::Same),
        (Field::Unreadable, Some(_)) => Err("its text cannot be read"),
        (_, Some(rich)) => rich,
        (_, None) if *rich_text == Field::Unreadable => Err("its rich text cannot be read"),
        // It is empty, and has nothing beside it.
        (Field::Present(text), None) => Ok(sent.compare(text)),
        (Field::Absent, None) if matches!(rich_text, Field::Present(_)) => Ok(sent.compare("")),
        (Field::Absent | Field::Unreadable, None) => Err("it has no text"),
    }
}

fn compare_html(sent: &SentText, html: &str) -> Result<Likeness, &'static str> {
    let HtmlText { text, is_broken } = HtmlText::of(html);
    match sent.compare(&text) {
        Likeness::Different | Likeness::Beginning if is_broken => Err("its rich text is broken"),
        likeness => Ok(likeness),
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
        assert_eq!(compare(&sent, &present("Hello"), &html()), Ok(Likeness::Similar));
        assert_eq!(compare(&sent, &present(""), &present("<p>Hello</p>")), Ok(Likeness::Different));
        assert_eq!(compare(&sent, &present(""), &Field::Absent), Ok(Likeness::Different));
        assert_eq!(compare(&sent, &Field::Absent, &present("")), Ok(Likeness::Different));
        assert!(compare(&sent, &Field::Absent, &Field::Absent).is_err());
        assert!(compare(&sent, &Field::Unreadable, &present("<p>Hello</p>")).is_err());
        assert!(compare(&sent, &present(""), &Field::Unreadable).is_err());
        assert!(compare(&sent, &present(""), &present("Gr&uumln")).is_err());
    }
}
