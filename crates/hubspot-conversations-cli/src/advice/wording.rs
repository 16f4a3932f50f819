//! Somebody else's words, and times, as they are told to people.

use std::time::Duration;

use hubspot_conversations::Error;
use regex::Regex;

use crate::output::one_line;
use crate::secret;

/// How many characters of HubSpot's own explanation to show.
const MOST_WORDS: usize = 300;

/// A longer time is not told exactly: nobody waits for it.
pub(super) const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What is shown in place of something that is hidden.
pub(super) const HIDDEN: &str = "…";

/// E-mail addresses, and numbers written as people write those of telephones. A plain row of digits is
/// an id, unless it begins with 0.
const PERSONAL: &str = r#"(?x)
    [^\ <>()\[\],;:"'“”`@]+ @ [^\ <>()\[\],;:"'“”`@]* [[:alnum:]]
    | \+ [0-9] [0-9\ ()./-]{5,} [0-9]
    | \( [0-9]{2,5} \) [0-9\ ./-]{4,} [0-9]
    | 0 [0-9]{1,5} [\ /-] [0-9] [0-9\ /-]{3,} [0-9]
    | 0 [0-9]{7,}
    | [0-9]{3} [\ .-] [0-9]{3} [\ .-] [0-9]{4}
"#;

/// Somebody else's words: on one line, without what a terminal would obey, not too many, and
/// without the token, which goes first, so that no part of it is left.
pub(super) fn words(text: &str) -> String {
    let text = one_line(&secret::hide(text));
    match text.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// HubSpot's sentences as one text. They can repeat what a person was called by, so addresses and
/// telephone numbers are hidden.
pub(super) fn sentences<'a>(said: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for sentence in said.map(str::trim).filter(|sentence| !sentence.is_empty()) {
        if !text.is_empty() {
            text.push_str(if text.ends_with(['.', '!', '?', ':', ';', ',']) { " " } else { "; " });
        }
        text.push_str(sentence);
    }
    words(&without_personal(&one_line(&secret::hide(&text)))).replace('”', "\"")
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
        // Digits inside of something longer, such as a UUID or a date, are no number of a telephone.
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

/// A time as people say it, rounded up.
pub(super) fn spoken(time: Duration) -> String {
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

/// When to try again, if HubSpot says it.
pub(super) fn again_in(error: &Error) -> Option<String> {
    let wait = error.retry_after().filter(|wait| !wait.is_zero())?;
    Some(format!("try again in {}", spoken(wait)))
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
