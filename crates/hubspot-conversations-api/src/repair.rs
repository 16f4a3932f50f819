//! Repairs JSON that the grammar allows but no Rust value can represent: unpaired surrogates, and
//! numbers too large for a float. serde_json rejects both, which would lose the whole record.

use crate::left_out::Reading;

/// Reads JSON. If that fails, repairs the JSON and reads it again.
///
/// # Errors
///
/// Those of reading the JSON.
pub(crate) fn read_repaired<T, E>(
    json: &str,
    mut read: impl FnMut(&str) -> Result<T, E>,
) -> Result<T, E> {
    let mut attempt = |json: &str| {
        let reading = Reading::begin();
        read(json).inspect_err(|_| reading.discard())
    };
    attempt(json).or_else(|error| attempt(&repaired(json).ok_or(error)?))
}

/// The JSON with the replacement character for each unpaired surrogate, such as remains when a text
/// is cut within an emoji, and with numbers that are too large as strings. `None` if it has
/// neither.
fn repaired(json: &str) -> Option<String> {
    let mut repaired = String::with_capacity(json.len());
    let mut is_changed = false;
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => text_length(rest),
            '-' | '0'..='9' => number_length(rest),
            other => other.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        let replacement = match first {
            '"' => with_whole_characters(token),
            '-' | '0'..='9' if token.parse().is_ok_and(f64::is_infinite) => {
                Some(format!("\"{token}\""))
            }
            _ => None,
        };
        is_changed |= replacement.is_some();
        repaired.push_str(replacement.as_deref().unwrap_or(token));
        rest = behind;
    }
    is_changed.then_some(repaired)
}

/// Length of a string with its quotes.
fn text_length(json: &str) -> usize {
    let mut is_escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(json.len(), |end| end + 2)
}

fn number_length(json: &str) -> usize {
    let is_over = |letter: char| !matches!(letter, '0'..='9' | '-' | '+' | '.' | 'e' | 'E');
    json.find(is_over).unwrap_or(json.len())
}

/// The string with its unpaired surrogates replaced, if it has any.
fn with_whole_characters(text: &str) -> Option<String> {
    const REPLACEMENT: &str = "\\ufffd";

    let mut whole = String::new();
    let mut is_changed = false;
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        whole.push_str(&rest[..at]);
        rest = &rest[at..];
        let (length, is_whole) = match (unit(rest), rest.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, true),
            (Some(0xD800..=0xDFFF), _) => (6, false),
            (Some(_), _) => (6, true),
            // An escape of one character, which may be a backslash.
            (None, _) => (rest.chars().take(2).map(char::len_utf8).sum(), true),
        };
        whole.push_str(if is_whole { &rest[..length] } else { REPLACEMENT });
        is_changed |= !is_whole;
        rest = &rest[length..];
    }
    whole.push_str(rest);
    is_changed.then_some(whole)
}

/// The UTF-16 unit of the escape at the beginning of the text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}
