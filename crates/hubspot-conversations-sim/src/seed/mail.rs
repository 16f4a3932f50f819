//! The texts of e-mail, and what HubSpot cuts off them.

use chrono::{DateTime, Utc};
use hubspot_conversations_api::types::{OriginalContent, TruncationStatus};

/// What is shown of a message, and the whole of it where that is more.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) text: String,
    pub(crate) rich_text: String,
    pub(crate) truncation: TruncationStatus,
    pub(crate) original: Option<OriginalContent>,
}

/// The message an answer quotes.
#[derive(Clone, Debug)]
pub(crate) struct Quoted {
    pub(crate) at: DateTime<Utc>,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) text: String,
}

/// A message that is shown whole.
pub(crate) fn whole(text: String) -> Letter {
    let rich_text = html(&text);
    Letter { text, rich_text, truncation: TruncationStatus::NotTruncated, original: None }
}

/// An answer above what it answers. Only the answer is shown.
pub(crate) fn answer(text: String, quoted: &Quoted) -> Letter {
    let Quoted { at, name, address, text: before } = quoted;
    let on = format!("On {}, {name} <{address}> wrote:", at.format("%a, %-d %b %Y at %H:%M"));
    let quote: String = before.lines().map(|line| format!("\n> {line}")).collect();
    let rich_text = html(&text);

    let mut original = OriginalContent::new();
    original.text = Some(format!("{text}\n\n{on}{quote}"));
    original.rich_text =
        Some(format!("{rich_text}{}<blockquote>{}</blockquote>", html(&on), html(before)));
    let truncation = TruncationStatus::TruncatedToMostRecentReply;
    Letter { text, rich_text, truncation, original: Some(original) }
}

/// A message with a long log below it, which is shown only down to the log's first lines.
pub(crate) fn with_log(text: &str, at: DateTime<Utc>) -> Letter {
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
    Letter { text: shown, rich_text, truncation, original: Some(original) }
}

/// Paragraphs of a text, as HTML.
pub(crate) fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let paragraphs = escaped.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
    paragraphs
        .map(|paragraph| format!("<p>{}</p>", paragraph.trim().replace('\n', "<br>")))
        .collect()
}
