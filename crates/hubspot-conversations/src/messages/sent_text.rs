//! The text that was to be sent, compared with one that HubSpot shows.

/// What separates a signature from a text, on a line of its own.
const SIGNATURE: &str = "--";

/// The text that was to be sent.
#[derive(Clone)]
pub(super) struct SentText {
    text: String,
    /// What of it no server changes.
    letters: String,
}

/// How alike two texts are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Likeness {
    /// The same words in the same order, and a signature at most after them.
    Same,
    /// The same beginning. It may be the text with something added, or another text.
    Similar,
    Different,
}

impl SentText {
    pub(super) fn new(text: &str) -> Self {
        let text = without_zero_width(text);
        let letters = letters(&text);
        Self { text, letters }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Compares it with a text of an entry. White space counts as much as that it is there.
    pub(super) fn compare(&self, shown: &str) -> Likeness {
        let shown = without_zero_width(shown);
        let has_same_words = self.text.split_whitespace().eq(shown.split_whitespace());
        if has_same_words || self.is_followed_by_signature(&shown) {
            Likeness::Same
        } else if self.is_beginning_of(&shown) {
            Likeness::Similar
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

    /// Whether the other text begins with this one, whatever happened to its white space and its
    /// punctuation.
    fn is_beginning_of(&self, shown: &str) -> bool {
        if self.letters.is_empty() {
            let mut shown = shown.split_whitespace().flat_map(str::chars);
            let mut own = self.text.split_whitespace().flat_map(str::chars);
            return own.all(|c| shown.next() == Some(c));
        }
        let mut shown = shown.chars().filter(|c| c.is_alphanumeric());
        self.letters.chars().all(|c| shown.next() == Some(c))
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The text without what nobody sees and servers add or drop.
fn without_zero_width(text: &str) -> String {
    text.replace(['\u{AD}', '\u{200B}', '\u{2060}', '\u{FEFF}'], "")
}

#[cfg(test)]
mod tests {
    use super::Likeness::{Different, Same, Similar};
    use super::SentText;

    #[test]
    fn white_space_makes_no_difference() {
        let sent = SentText::new("On its way.\nSee you.");
        for shown in [
            "On its way.\nSee you.",
            " On its way.\r\nSee you.\r\n",
            "On its way.\rSee you.",
            "On\u{A0}its way.\u{2028}See\u{202F}you.",
            "On  its\tway. See you.",
            "\u{FEFF}On its way.\n\n\nSee\u{200B} you.",
        ] {
            assert_eq!(sent.compare(shown), Same, "{shown:?}");
        }
    }

    #[test]
    fn a_signature_makes_no_difference_and_anything_else_leaves_it_open() {
        let sent = SentText::new("On its way.");
        for shown in
            ["On its way.\n-- \nAda", "On its way.\r\n\r\n--\r\n", "On its\nway.\n--\u{A0}\n"]
        {
            assert_eq!(sent.compare(shown), Same, "{shown:?}");
        }
        for shown in [
            "On its way. -- Ada",
            "On its way.\nAda",
            "On its way.\n--- \nAda",
            "On its way.\nAda\n-- \nAda Lovelace",
            "On its way...",
            "On its way, by post",
            "Onits way.",
        ] {
            assert_eq!(sent.compare(shown), Similar, "{shown:?}");
        }
        for shown in ["", "On its", "It is on its way.", "on its way."] {
            assert_eq!(sent.compare(shown), Different, "{shown:?}");
        }
    }

    #[test]
    fn a_text_with_separators_of_its_own_is_compared_as_a_whole() {
        let sent = SentText::new("one\n-- \ntwo");
        assert_eq!(sent.compare("one\n--\ntwo"), Same);
        assert_eq!(sent.compare("one\n--\ntwo\n--\nAda"), Same);
        assert_eq!(sent.compare("one"), Different);
        let separator = SentText::new("--");
        assert_eq!(separator.compare("-- "), Same);
        assert_eq!(separator.compare("hello"), Different);
    }

    #[test]
    fn a_text_without_letters_is_compared_by_what_it_has() {
        let sent = SentText::new("👍");
        assert_eq!(sent.compare("👍\u{A0}"), Same);
        assert_eq!(sent.compare("👍👍"), Similar);
        assert_eq!(sent.compare("hello"), Different);
    }
}
