//! A text in the forms in which texts are compared.

use icu_normalizer::ComposingNormalizerBorrowed;

use super::Likeness;
use super::emoji::{begins_with_shortcode, without_emoji};

/// The line that separates a signature from a text.
const SIGNATURE: &str = "--";

/// A text with its characters in one form, and without invisible ones.
pub(super) struct Comparable {
    text: String,
    /// What of it no server changes.
    letters: String,
    /// The same without the letters and digits of emoji and their short names.
    letters_without_emoji: String,
    begins_with_shortcode: bool,
}

impl Comparable {
    pub(super) fn new(text: &str) -> Self {
        let letters_without_emoji = letters(&normalized(&without_emoji(text)));
        let text = normalized(text);
        let begins_with_shortcode = begins_with_shortcode(text.trim_start());
        Self { letters: letters(&text), letters_without_emoji, begins_with_shortcode, text }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub(super) fn compare(&self, shown: &Self) -> Likeness {
        let has_same_words = self.text.split_whitespace().eq(shown.text.split_whitespace());
        if has_same_words || self.is_followed_by_signature(&shown.text) {
            Likeness::Same
        } else if self.is_beginning_of(shown) {
            Likeness::Similar
        } else if shown.is_cut_from(self) {
            Likeness::Beginning
        } else {
            Likeness::Different
        }
    }

    fn is_followed_by_signature(&self, shown: &str) -> bool {
        let mut expected = self.text.split_whitespace().peekable();
        let lines = shown.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
        for line in lines.filter(|line| !line.trim().is_empty()) {
            if expected.peek().is_none() {
                return line.trim() == SIGNATURE;
            }
            if line.split_whitespace().any(|word| expected.next() != Some(word)) {
                return false;
            }
        }
        false
    }

    /// Whether the other text begins with this one, whatever happened to its white space, its
    /// punctuation and its emoji.
    fn is_beginning_of(&self, shown: &Self) -> bool {
        if !self.letters_without_emoji.is_empty() {
            return self.has_letters_at_beginning_of(shown);
        }
        let has_nothing_to_compare = shown.letters_without_emoji.is_empty();
        // An emoji and its short name cannot be compared.
        let begins_with_letter = shown.text.trim_start().starts_with(char::is_alphanumeric);
        let may_begin_with_same_emoji = !self.is_blank()
            && (shown.begins_with_shortcode || (self.begins_with_shortcode && !begins_with_letter));
        has_nothing_to_compare
            || may_begin_with_same_emoji
            || (!self.is_blank() && self.has_symbols_at_beginning_of(shown))
    }

    /// Whether this text is what is left of the other one.
    fn is_cut_from(&self, whole: &Self) -> bool {
        if self.letters.is_empty() {
            return !self.is_blank() && self.has_symbols_at_beginning_of(whole);
        }
        self.has_letters_at_beginning_of(whole)
    }

    fn has_letters_at_beginning_of(&self, other: &Self) -> bool {
        let is_beginning = |own: &str, other: &str| !own.is_empty() && other.starts_with(own);
        is_beginning(&self.letters, &other.letters)
            || is_beginning(&self.letters_without_emoji, &other.letters_without_emoji)
    }

    fn has_symbols_at_beginning_of(&self, other: &Self) -> bool {
        let mut other = other.text.split_whitespace().flat_map(str::chars);
        let mut own = self.text.split_whitespace().flat_map(str::chars);
        own.all(|c| other.next() == Some(c))
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The text in the form NFKC, without the invisible characters that servers add or drop.
fn normalized(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    ComposingNormalizerBorrowed::new_nfkc().normalize(&visible).into_owned()
}

/// Whether it is a soft hyphen, has no width, chooses how an emoji looks, or says in which direction to
/// read.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    )
}
