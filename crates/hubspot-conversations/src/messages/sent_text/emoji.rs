//! Emoji, and the short names such as `:thumbsup:` that servers write for them.

/// Makes an emoji of the character before it.
const EMOJI_STYLE: char = '\u{FE0F}';

/// Makes a key of the character before it.
const KEYCAP: char = '\u{20E3}';

/// The text without short names, and without the emoji that count as letters or digits.
pub(super) fn without_emoji(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(length) = shortcode_length(rest) {
            rest = &rest[length..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        let is_letter_in_frame = matches!(c, '\u{1F100}'..='\u{1F2FF}');
        if !is_letter_in_frame && !rest.starts_with([EMOJI_STYLE, KEYCAP]) {
            kept.push(c);
        }
    }
    kept
}

pub(super) fn begins_with_shortcode(text: &str) -> bool {
    shortcode_length(text).is_some()
}

/// How long the short name is that the text begins with, with its colons.
fn shortcode_length(text: &str) -> Option<usize> {
    let (name, _) = text.strip_prefix(':')?.split_once(':')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+');
    // A number between colons is rather a part of a time.
    let has_letter = name.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_shortcode =
        name.bytes().all(is_name) && (has_letter || matches!(name, "+1" | "-1" | "100"));
    is_shortcode.then_some(name.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::without_emoji;

    #[test]
    fn emoji_and_their_short_names_are_left_out() {
        for (text, expected) in [
            ("a :+1::skin-tone-2: b", "a  b"),
            ("1\u{FE0F}\u{20E3}2", "\u{20E3}2"),
            ("\u{1F170}a", "a"),
            ("at 10:30:15, note: this", "at 10:30:15, note: this"),
            (":", ":"),
            ("a::b", "a::b"),
        ] {
            assert_eq!(without_emoji(text), expected);
        }
    }
}
