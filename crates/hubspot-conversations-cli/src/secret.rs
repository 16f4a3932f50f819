//! Tokens and keys, so that they can be taken out of whatever is printed.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::{PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};

/// A secret shorter than this also occurs within words by chance.
const TELLING: usize = 8;

/// What must not be printed, the longest first, so that nothing is left of one that begins with
/// another.
static SECRETS: RwLock<Vec<SecretString>> = RwLock::new(Vec::new());

/// Remembers a secret that must not be printed, as it is and as an address has it.
pub(crate) fn keep(secret: &str) {
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    for form in [secret.to_owned(), encoded(secret)] {
        if !form.is_empty() && !secrets.iter().any(|kept| kept.expose_secret() == form) {
            secrets.push(form.into());
        }
    }
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose_secret().len()));
}

/// The text with `…` in place of each secret.
pub(crate) fn hide(text: &str) -> Cow<'_, str> {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    without(text, secrets.iter().map(ExposeSecret::expose_secret))
}

fn without<'t, 's>(text: &'t str, secrets: impl Iterator<Item = &'s str>) -> Cow<'t, str> {
    let mut text = Cow::from(text);
    for secret in secrets.filter(|secret| !secret.is_empty()) {
        if text.contains(secret) {
            text = without_one(&text, secret).into();
        }
    }
    text
}

/// The text without one secret. A short one is left where it is part of a word.
fn without_one(text: &str, secret: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(secret) {
        shown.push_str(before);
        let is_within_word = shown.ends_with(is_of_word) || after.starts_with(is_of_word);
        let is_hidden = secret.len() >= TELLING || !is_within_word;
        shown.push_str(if is_hidden { "…" } else { secret });
        rest = after;
    }
    shown + rest
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// The secret as it stands in the query of an address.
fn encoded(secret: &str) -> String {
    let mut encoded = String::with_capacity(secret.len());
    for byte in secret.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                encoded.push(byte.into());
            }
            b' ' => encoded.push('+'),
            // Writing to a string cannot fail.
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::{encoded, without};

    fn hidden(text: &str, secrets: &[&str]) -> String {
        without(text, secrets.iter().copied()).into_owned()
    }

    #[test]
    fn every_secret_is_hidden_wherever_it_stands() {
        let secrets = ["pat-na1-5ec4e7", "d0ec-0000"];
        let text = "a pat-na1-5ec4e7, xpat-na1-5ec4e7x, ?hapikey=d0ec-0000&appId=1";
        assert_eq!(hidden(text, &secrets), "a …, x…x, ?hapikey=…&appId=1");
        assert_eq!(hidden("nothing to hide", &secrets), "nothing to hide");
    }

    #[test]
    fn a_short_secret_leaves_words_whole() {
        assert_eq!(hidden("it has expired, x", &["x"]), "it has expired, …");
        assert_eq!(hidden("Bearer x\n", &["x"]), "Bearer …\n");
        assert_eq!(hidden("hapikey=x&e-mail=“x”", &["x", "e"]), "hapikey=…&e-mail=“…”");
        assert_eq!(hidden("xx x.x", &["x"]), "xx ….…");
        assert_eq!(hidden("empty", &[""]), "empty");
    }

    #[test]
    fn a_secret_is_known_in_an_address() {
        assert_eq!(encoded("Aa0*-._ /+ü"), "Aa0*-._+%2F%2B%C3%BC");
    }
}
