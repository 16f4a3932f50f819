//! The text of HTML, well enough to compare it.

use html5gum::emitters::default::{DefaultEmitter, Token};
use html5gum::{Error, Tokenizer};

/// The text that HTML shows.
pub(super) struct HtmlText {
    pub(super) text: String,
    /// Whether a part of the HTML is broken, so that the text may be another one.
    pub(super) is_broken: bool,
}

/// Elements that begin and end on a line of their own.
const BLOCKS: [&[u8]; 26] = [
    b"address",
    b"article",
    b"blockquote",
    b"br",
    b"dd",
    b"div",
    b"dl",
    b"dt",
    b"footer",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"hr",
    b"li",
    b"ol",
    b"p",
    b"pre",
    b"section",
    b"table",
    b"td",
    b"tr",
    b"ul",
];

/// Elements whose content is not shown.
const HIDDEN: [&[u8]; 4] = [b"head", b"script", b"style", b"title"];

impl HtmlText {
    /// Reads HTML from its beginning to its end once, however broken it is.
    pub(super) fn of(html: &str) -> Self {
        let mut text = Vec::with_capacity(html.len());
        let mut is_broken = false;
        // The hidden element that is open.
        let mut hidden: Option<Vec<u8>> = None;
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(token) = token;
            match token {
                Token::String(shown) if hidden.is_none() => text.extend_from_slice(&shown),
                Token::StartTag(tag) => {
                    let name = tag.name.as_slice();
                    if hidden.is_none() && HIDDEN.contains(&name) {
                        hidden = Some(name.to_vec());
                    }
                    line_break(name, &mut text);
                }
                Token::EndTag(tag) => {
                    if hidden.as_ref() == Some(&tag.name.0) {
                        hidden = None;
                    }
                    line_break(&tag.name, &mut text);
                }
                Token::Error(error) => is_broken |= hides_text(*error),
                Token::String(_) | Token::Comment(_) | Token::Doctype(_) => {}
            }
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        Self { text, is_broken: is_broken || hidden.is_some() }
    }
}

fn line_break(tag: &[u8], text: &mut Vec<u8>) {
    if BLOCKS.contains(&tag) {
        text.push(b'\n');
    }
}

/// Whether what follows a flaw, or the character that is meant, may be text and is not read as it.
fn hides_text(flaw: Error) -> bool {
    matches!(
        flaw,
        Error::AbsenceOfDigitsInNumericCharacterReference
            | Error::CharacterReferenceOutsideUnicodeRange
            | Error::ControlCharacterReference
            | Error::EofBeforeTagName
            | Error::EofInCdata
            | Error::EofInComment
            | Error::EofInDoctype
            | Error::EofInScriptHtmlCommentLikeText
            | Error::EofInTag
            | Error::MissingSemicolonAfterCharacterReference
            | Error::NoncharacterCharacterReference
            | Error::NullCharacterReference
            | Error::SurrogateCharacterReference
            | Error::UnexpectedCharacterInAttributeName
            | Error::UnknownNamedCharacterReference
    )
}

#[cfg(test)]
mod tests {
    use super::HtmlText;

    fn text(html: &str) -> String {
        HtmlText::of(html).text
    }

    #[test]
    fn only_what_is_shown_is_text() {
        assert_eq!(text("<p>On <b>its</b> way.</p>"), "\nOn its way.\n");
        assert_eq!(text("one<br/>two<BR>three"), "one\ntwo\nthree");
        assert_eq!(text(r#"<a title="a > b" href='x'>here</a>"#), "here");
        assert_eq!(text("<style>p > a {}</style>a<!-- <b> -->b<script>1 < 2</SCRIPT>c"), "abc");
        assert_eq!(text("<head><title>a</title>b</head>c"), "c");
    }

    #[test]
    fn a_quote_within_a_value_without_quotes_opens_none() {
        for html in ["<p class=a'b>On its way.</p>", "<p a=b\"c>On its way.</p>"] {
            assert_eq!(text(html), "\nOn its way.\n", "{html}");
            assert!(!HtmlText::of(html).is_broken, "{html}");
        }
    }

    #[test]
    fn references_are_characters() {
        assert_eq!(text("a&nbsp;b &amp; &lt;c&gt; &#233;&#xE9;"), "a\u{A0}b & <c> éé");
        assert_eq!(text("Gr&uuml;n &frac12;"), "Grün ½");
        assert_eq!(text("AT&T; 1 & 2 &&amp;"), "AT&T; 1 & 2 &&");
        assert!(!HtmlText::of("R & D, R&D, 1 < 2 &eacute;").is_broken);
        for html in ["Gr&uumln", "&unknown;", "&#x110000;", "&#;"] {
            assert!(HtmlText::of(html).is_broken, "{html}");
        }
    }

    #[test]
    fn broken_html_ends() {
        for html in ["<", "<p", "<p title=\"", "<!--", "<style>", "<p \"a>b", "</"] {
            assert!(HtmlText::of(html).is_broken, "{html}");
        }
        for html in ["&", "&#", "a<é", "<p></b>", "</>", "<?xml?>"] {
            text(html);
        }
        assert_eq!(text("1 < 2 <3"), "1 < 2 <3");
    }
}
