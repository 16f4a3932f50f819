//! Tokens and keys, so that they can be taken out of whatever is printed.

use std::borrow::Cow;
use std::env;
use std::fmt::Write;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};

/// A secret shorter than this also occurs within words by chance.
const TELLING: usize = 8;

/// How the tokens of private apps begin.
const OF_PRIVATE_APP: &str = "pat-";

/// A word of this length is hardly the name of a file.
const LONG: usize = 32;

/// What must not be printed.
static SECRETS: RwLock<Vec<SecretString>> = RwLock::new(Vec::new());

/// Remembers a secret that must not be printed, as it is and as an address has it.
pub(crate) fn keep(secret: &str) {
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    for form in [secret.to_owned(), encoded(secret)] {
        if !form.is_empty() && !secrets.iter().any(|kept| kept.expose_secret() == form) {
            secrets.push(form.into());
        }
    }
}

/// Remembers what looks like an access token among the arguments and the settings of the environment:
/// it may stand where something else is wanted, and be repeated in an error.
pub(crate) fn keep_misplaced() {
    let arguments = env::args_os().skip(1);
    let settings =
        env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"HUBSPOT_"));
    for given in arguments.chain(settings.map(|(_, value)| value)) {
        let given = given.to_string_lossy();
        let value = given.split_once('=').map_or(&*given, |(_, value)| value);
        if value.trim().starts_with(OF_PRIVATE_APP) {
            keep(value.trim());
        }
    }
}

/// Whether a path is more likely a token than a file: one of a private app, or a long word.
pub(crate) fn looks_like_token(path: &Path) -> bool {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let is_word = |text: &str| text.len() >= LONG && text.chars().all(is_of_word);
    path.to_str()
        .map(str::trim)
        .is_some_and(|text| text.starts_with(OF_PRIVATE_APP) || is_word(text))
}

/// The text with `…` in place of each secret.
pub(crate) fn hide(text: &str) -> Cow<'_, str> {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    without(text, secrets.iter().map(ExposeSecret::expose_secret))
}

fn without<'t, 's>(text: &'t str, secrets: impl Iterator<Item = &'s str> + Clone) -> Cow<'t, str> {
    let is_telling = |secret: &&str| secret.len() >= TELLING;
    let mut text =
        without_beginnings(text, &secrets.clone().filter(is_telling).collect::<Vec<_>>());
    for secret in secrets.filter(|secret| !secret.is_empty() && !is_telling(secret)) {
        if text.contains(secret) {
            text = without_word(&text, secret).into();
        }
    }
    text
}

/// The text without these secrets, nor a longer beginning of one, which is what HubSpot repeats of
/// tokens.
fn without_beginnings<'t>(text: &'t str, secrets: &[&str]) -> Cow<'t, str> {
    let beginning = |secret: &'_ str| secret.floor_char_boundary(TELLING);
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) =
        secrets.iter().filter_map(|secret| rest.find(&secret[..beginning(secret)])).min()
    {
        let (before, told) = rest.split_at(at);
        let length = secrets.iter().map(|secret| common(secret, told)).max().unwrap_or_default();
        shown.push_str(before);
        shown.push('…');
        rest = &told[length..];
    }
    if shown.is_empty() { text.into() } else { (shown + rest).into() }
}

/// How many bytes two texts begin with in common.
fn common(this: &str, other: &str) -> usize {
    let pairs = this.chars().zip(other.chars()).take_while(|(this, other)| this == other);
    pairs.map(|(c, _)| c.len_utf8()).sum()
}

/// The text without a short secret, which is left where it is part of a word.
fn without_word(text: &str, secret: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(secret) {
        shown.push_str(before);
        let is_within_word = shown.ends_with(is_of_word) || after.starts_with(is_of_word);
        shown.push_str(if is_within_word { secret } else { "…" });
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
        assert_eq!(encoded("Aa0*-._ /+ü"), "Aa0*-._+%2F%2B%C3%BC");
    }
}
