//! The text that was to be sent, compared with one that HubSpot shows.

mod comparable;
mod emoji;

use super::html_text::HtmlText;
use comparable::Comparable;

/// The text that was to be sent.
pub(super) struct SentText {
    plain: Comparable,
    /// The text it shows if a server interprets it as HTML.
    as_html: Option<Comparable>,
}

/// How alike two texts are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Likeness {
    /// The same words in the same order, and a signature at most after them.
    Same,
    /// The same beginning, perhaps only once markup, emoji, punctuation or white space are left out. It
    /// may be the text with something added, or another text.
    Similar,
    /// A beginning of the text. It may be the text cut short, or another text.
    Beginning,
    Different,
}

impl SentText {
    pub(super) fn new(text: &str) -> Self {
        Self { plain: Comparable::new(text), as_html: as_html(text) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.plain.is_blank()
    }

    /// Compares it with a text of an entry. White space counts as much as that it is there.
    pub(super) fn compare(&self, shown: &str) -> Likeness {
        let plain = Comparable::new(shown);
        let direct = self.plain.compare(&plain);
        if matches!(direct, Likeness::Same | Likeness::Similar) {
            return direct;
        }
        // A server may have escaped the text, or taken out of it what looks like a tag.
        let shown_as_html = as_html(shown);
        let pairs = [
            (Some(&self.plain), shown_as_html.as_ref()),
            (self.as_html.as_ref(), Some(&plain)),
            (self.as_html.as_ref(), shown_as_html.as_ref()),
        ];
        let as_html: Vec<_> =
            pairs.into_iter().filter_map(|(sent, shown)| Some(sent?.compare(shown?))).collect();
        if as_html.iter().any(|likeness| matches!(likeness, Likeness::Same | Likeness::Similar)) {
            Likeness::Similar
        } else if as_html.contains(&Likeness::Beginning) {
            Likeness::Beginning
        } else {
            direct
        }
    }
}

/// The text that it shows as HTML, if that differs.
fn as_html(text: &str) -> Option<Comparable> {
    text.contains(['<', '&']).then(|| Comparable::new(&HtmlText::of(text).text))
}

#[cfg(test)]
mod tests {
    use super::Likeness::{Beginning, Different, Same, Similar};
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
        for shown in ["", "It is on its way.", "on its way.", "👍"] {
            assert_eq!(sent.compare(shown), Different, "{shown:?}");
        }
    }

    #[test]
    fn a_text_that_ends_too_early_is_told_from_another_one() {
        let sent = SentText::new("Great 👍 & on its way.");
        for shown in ["Great", "Great 👍 & o…", "Great :thumbsup: &amp; on its", "G"] {
            assert_eq!(sent.compare(shown), Beginning, "{shown:?}");
        }
        for shown in ["", "Great is it", "Greater", "on its way."] {
            assert_eq!(sent.compare(shown), Different, "{shown:?}");
        }
    }

    #[test]
    fn a_text_with_separators_of_its_own_is_compared_as_a_whole() {
        let sent = SentText::new("one\n-- \ntwo");
        assert_eq!(sent.compare("one\n--\ntwo"), Same);
        assert_eq!(sent.compare("one\n--\ntwo\n--\nAda"), Same);
        assert_eq!(sent.compare("one"), Beginning);
        let separator = SentText::new("--");
        assert_eq!(separator.compare("-- "), Same);
        assert_eq!(separator.compare("hello"), Different);
    }

    #[test]
    fn a_text_without_letters_is_compared_by_what_it_has() {
        let sent = SentText::new("👍");
        assert_eq!(sent.compare("👍\u{A0}"), Same);
        for shown in ["👍👍", "👍 Ada", "", "?", ":+1:", ":+1: Ada"] {
            assert_eq!(sent.compare(shown), Similar, "{shown:?}");
        }
        assert_eq!(sent.compare("hello"), Different);
        assert_eq!(SentText::new(":+1:").compare("👍 Ada"), Similar);
    }
}
