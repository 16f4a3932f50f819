//! Tokens and keys, which are removed from everything that is printed.

use std::borrow::Cow;
use std::env;
use std::fmt::Write;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};

use crate::terminal_text::prefix;

/// A shorter secret can also occur within words by chance.
const MIN_DISTINCTIVE: usize = 8;

/// The prefix of private app tokens.
const PRIVATE_APP_PREFIX: &str = "pat-";

/// A word of this length is unlikely to be a file name.
const LONG_WORD: usize = 32;

/// The secrets that must not be printed.
static SECRETS: RwLock<Vec<SecretString>> = RwLock::new(Vec::new());

/// Registers a secret that must not be printed, also in its form in the query of a URL.
pub(crate) fn register(secret: &str) {
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    for form in [secret.to_owned(), query_encoded(secret)] {
        if !form.is_empty() && !secrets.iter().any(|known| known.expose_secret() == form) {
            secrets.push(form.into());
        }
    }
}

/// Registers everything that looks like an access token in the arguments and environment: it may be
/// misplaced, and an error would repeat it.
pub(crate) fn register_misplaced() {
    let arguments = env::args_os().skip(1);
    let settings =
        env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"HUBSPOT_"));
    for text in arguments.chain(settings.map(|(_, value)| value)) {
        let text = text.to_string_lossy();
        let value = text.split_once('=').map_or(&*text, |(_, value)| value);
        if value.trim().starts_with(PRIVATE_APP_PREFIX) {
            register(value.trim());
        }
    }
}

/// Whether a path is more likely a token than a file: a private app token, or a long word.
pub(crate) fn looks_like_token(path: &Path) -> bool {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let is_word = |text: &str| text.len() >= LONG_WORD && text.chars().all(is_of_word);
    path.to_str()
        .map(str::trim)
        .is_some_and(|text| text.starts_with(PRIVATE_APP_PREFIX) || is_word(text))
}

/// The text with `…` in place of each secret.
pub(crate) fn redact(text: &str) -> Cow<'_, str> {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    redact_all(text, secrets.iter().map(ExposeSecret::expose_secret))
}

fn redact_all<'t, 's>(
    text: &'t str,
    secrets: impl Iterator<Item = &'s str> + Clone,
) -> Cow<'t, str> {
    let is_distinctive = |secret: &&str| secret.len() >= MIN_DISTINCTIVE;
    let mut text =
        redact_prefixes(text, &secrets.clone().filter(is_distinctive).collect::<Vec<_>>());
    for secret in secrets.filter(|secret| !secret.is_empty() && !is_distinctive(secret)) {
        if text.contains(secret) {
            text = redact_word(&text, secret).into();
        }
    }
    text
}

/// The text without these secrets and without their prefixes of some length: HubSpot repeats prefixes
/// of tokens.
fn redact_prefixes<'t>(text: &'t str, secrets: &[&str]) -> Cow<'t, str> {
    let mut redacted = String::new();
    let mut rest = text;
    let find = |rest: &str, secret: &str| rest.find(prefix(secret, MIN_DISTINCTIVE));
    while let Some(at) = secrets.iter().filter_map(|secret| find(rest, secret)).min() {
        let (before, found) = rest.split_at(at);
        let length =
            secrets.iter().map(|secret| common_prefix(secret, found)).max().unwrap_or_default();
        redacted.push_str(before);
        redacted.push('…');
        rest = &found[length..];
    }
    if redacted.is_empty() { text.into() } else { (redacted + rest).into() }
}

/// The length of the common prefix of two texts, in bytes.
fn common_prefix(this: &str, other: &str) -> usize {
    let pairs = this.chars().zip(other.chars()).take_while(|(this, other)| this == other);
    pairs.map(|(c, _)| c.len_utf8()).sum()
}

/// The text without a short secret, except as a part of longer words.
fn redact_word(text: &str, secret: &str) -> String {
    let mut redacted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(secret) {
        redacted.push_str(before);
        let is_within_word = redacted.ends_with(is_of_word) || after.starts_with(is_of_word);
        redacted.push_str(if is_within_word { secret } else { "…" });
        rest = after;
    }
    redacted + rest
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// The secret in its form in the query of a URL.
fn query_encoded(secret: &str) -> String {
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
    use super::{query_encoded, redact_all};

    fn hidden(text: &str, secrets: &[&str]) -> String {
        redact_all(text, secrets.iter().copied()).into_owned()
    }

    #[test]
    fn every_secret_is_hidden_wherever_it_stands() {
        let secrets = ["pat-na1-5ec4e7", "d0ec-0000"];
        let text = "a pat-na1-5ec4e7, xpat-na1-5ec4e7x, ?hapikey=d0ec-0000&appId=1";
        assert_eq!(hidden(text, &secrets), "a …, x…x, ?hapikey=…&appId=1");
        assert_eq!(hidden("nothing to hide", &secrets), "nothing to hide");
    }

    #[test]
    fn the_beginning_of_a_secret_is_hidden_too() {
        let secrets = ["pat-na1-5ec4e7", "d0ec-ü-0000"];
        assert_eq!(hidden("(pat-na1-5ec…) and pat-na1-5e***", &secrets), "(……) and …***");
        assert_eq!(hidden("pat-na1-5ec4e7pat-na1-5e", &secrets), "……");
        assert_eq!(hidden("d0ec-ü-0ß", &secrets), "…ß");
        assert_eq!(hidden("pat-na1 is where it is", &secrets), "pat-na1 is where it is");
        let in_address = ["d0ec5ec4%2Fe700", "d0ec5ec4/e700"];
        assert_eq!(
            hidden("?k=d0ec5ec4/e700 and d0ec5ec4/e7, d0ec5ec4%2Fe", &in_address),
            "?k=… and …, …"
        );
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
        assert_eq!(query_encoded("Aa0*-._ /+ü"), "Aa0*-._+%2F%2B%C3%BC");
    }
}
