//! External text and times in messages.

use std::time::Duration;

use hubspot_conversations::Error;
use regex::Regex;

use crate::secret;
use crate::terminal_text::one_line;

/// The maximum length of external text, in characters.
const MAX_CHARS: usize = 300;

/// A longer time is not shown exactly, because nobody waits for it.
pub(super) const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The placeholder for hidden text.
pub(super) const HIDDEN: &str = "…";

/// E-mail addresses, and numbers in the usual forms of telephone numbers. Digits alone are an id, unless
/// they start with 0.
const PERSONAL: &str = r#"(?x)
    [^\ <>()\[\],;:"'“”`@]+ @ [^\ <>()\[\],;:"'“”`@]* [[:alnum:]]
    | \+ [0-9] [0-9\ ()./-]{5,} [0-9]
    | \( [0-9]{2,5} \) [0-9\ ./-]{4,} [0-9]
    | 0 [0-9]{1,5} [\ /-] [0-9] [0-9\ /-]{3,} [0-9]
    | 0 [0-9]{7,}
    | [0-9]{3} [\ .-] [0-9]{3} [\ .-] [0-9]{4}
"#;

/// External text on one line, bounded, without control characters and secrets. Secrets are removed
/// first, so that no part of one is left.
pub(super) fn words(text: &str) -> String {
    let text = one_line(&secret::redact(text));
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// HubSpot's sentences as one text. They can repeat customer data, so e-mail addresses and telephone
/// numbers are hidden.
pub(super) fn sentences<'a>(sentences: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for sentence in sentences.map(str::trim).filter(|sentence| !sentence.is_empty()) {
        if !text.is_empty() {
            text.push_str(if text.ends_with(['.', '!', '?', ':', ';', ',']) { " " } else { "; " });
        }
        text.push_str(sentence);
    }
    words(&without_personal(&one_line(&secret::redact(&text)))).replace('”', "\"")
}

fn without_personal(text: &str) -> String {
    // The pattern is constant, and a test uses it.
    let Ok(personal) = Regex::new(PERSONAL) else { return HIDDEN.to_owned() };
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for found in personal.find_iter(text) {
        let is_inside = |c: char| c.is_alphanumeric() || c == '-';
        let before = text[..found.start()].chars().next_back();
        let after = text[found.end()..].chars().next();
        // Digits within something longer, such as a UUID or a date, are not a telephone number.
        let is_part = before.is_some_and(is_inside) || after.is_some_and(is_inside);
        if is_part && !found.as_str().contains('@') {
            continue;
        }
        shown.push_str(&text[end..found.start()]);
        shown.push_str(HIDDEN);
        end = found.end();
    }
    shown + &text[end..]
}

/// A duration in one unit, rounded up.
pub(super) fn rounded(time: Duration) -> String {
    if time > A_DAY {
        return "more than a day".to_owned();
    }
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let (number, unit) = match seconds {
        ..=100 => (seconds.max(1), "second"),
        101..=6_000 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// When to try again, if HubSpot says so.
pub(super) fn retry_hint(error: &Error) -> Option<String> {
    let wait = error.retry_after().filter(|wait| !wait.is_zero())?;
    Some(format!("try again in {}", rounded(wait)))
}

/// The number of attempts, if more than one.
pub(super) fn tried(error: &Error) -> String {
    match error.attempts() {
        0 | 1 => String::new(),
        attempts => format!(" after {attempts} attempts"),
    }
}

/// The innermost cause, which is the most specific: `Connection refused`, not `error sending request`.
pub(super) fn innermost(error: &Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    words(&deepest.to_string())
}

#[cfg(test)]
mod tests {
    use super::{sentences, without_personal};

    #[test]
    fn addresses_and_numbers_of_telephones_are_hidden() {
        for (text, shown) in [
            ("mail to jane.doe+x@customer.example.", "mail to …."),
            ("E-jane@customer.example", "…"),
            ("+491701234567, +1 (555) 123-4567", "…, …"),
            ("0170 1234567 or 01701234567", "… or …"),
            ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"),
            ("4f1c2a3e-0000-4000-8000-00000badf00d", "4f1c2a3e-0000-4000-8000-00000badf00d"),
            ("thread 9999999655, 100 of 250000", "thread 9999999655, 100 of 250000"),
            ("@ 7", "@ 7"),
        ] {
            assert_eq!(without_personal(text), shown);
        }
    }

    #[test]
    fn sentences_are_told_apart() {
        let said = |said: &[&str]| sentences(said.iter().copied());
        assert_eq!(said(&["One", "Two.", " ", "Three"]), "One; Two. Three");
        assert_eq!(said(&["“One”"]), "“One\"");
        assert_eq!(said(&[]), "");
    }
}
