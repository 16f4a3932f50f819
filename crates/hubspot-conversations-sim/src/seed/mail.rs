//! The texts of messages, and how HubSpot truncates those of e-mail.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{OriginalContent, TruncationStatus};

/// The text of a message as HubSpot shows it, and its full content if that is longer.
#[derive(Debug)]
pub(crate) struct MessageText {
    pub(crate) text: String,
    pub(crate) rich_text: String,
    pub(crate) truncation: TruncationStatus,
    pub(crate) original: Option<OriginalContent>,
}

/// The message that a reply quotes.
#[derive(Clone, Debug)]
pub(crate) struct Quoted {
    pub(crate) at: DateTime<Utc>,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) text: String,
}

/// A message that is not truncated.
pub(crate) fn whole(text: String) -> MessageText {
    let rich_text = html(&text);
    MessageText { text, rich_text, truncation: TruncationStatus::NotTruncated, original: None }
}

/// A reply above the quoted message. HubSpot shows only the reply.
pub(crate) fn reply(text: String, quoted: &Quoted) -> MessageText {
    let Quoted { at, name, address, text: before } = quoted;
    let on = format!("On {}, {name} <{address}> wrote:", at.format("%a, %-d %b %Y at %H:%M"));
    let quote: String = before.lines().map(|line| format!("\n> {line}")).collect();
    let rich_text = html(&text);

    let mut original = OriginalContent::new();
    original.text = Some(format!("{text}\n\n{on}{quote}"));
    original.rich_text =
        Some(format!("{rich_text}{}<blockquote>{}</blockquote>", html(&on), html(before)));
    let truncation = TruncationStatus::TruncatedToMostRecentReply;
    MessageText { text, rich_text, truncation, original: Some(original) }
}

/// A message above a long log, of which HubSpot shows only the first lines.
pub(crate) fn with_log(text: &str, at: DateTime<Utc>) -> MessageText {
    let lines: String = (0..40)
        .map(|n| format!("\n[{}] sync step {n}: 0 of {} records", at.format("%H:%M:%S"), 17 * n))
        .collect();
    let whole = format!("{text}\n{lines}");
    let shown: String = whole.split_inclusive('\n').take(8).collect();

    let mut original = OriginalContent::new();
    original.rich_text = Some(html(&whole));
    original.text = Some(whole);
    let rich_text = html(&shown);
    let truncation = TruncationStatus::Truncated;
    MessageText { text: shown, rich_text, truncation, original: Some(original) }
}

/// A text's paragraphs as HTML.
pub(crate) fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let paragraphs = escaped.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
    paragraphs
        .map(|paragraph| format!("<p>{}</p>", paragraph.trim().replace('\n', "<br>")))
        .collect()
}
