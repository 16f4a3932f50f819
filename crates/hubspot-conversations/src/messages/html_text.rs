//! The text of HTML, well enough to compare it.

/// The text that HTML shows.
pub(super) struct HtmlText {
    pub(super) text: String,
    /// Whether a character reference stayed as it was, because it is not known here.
    pub(super) has_unknown_reference: bool,
}

/// Elements that begin on a line of their own.
const BLOCKS: [&str; 26] = [
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "tr",
    "ul",
];

/// Elements whose content is not shown.
const HIDDEN: [&str; 4] = ["head", "script", "style", "title"];

impl HtmlText {
    /// Reads HTML from its beginning to its end once, however broken it is.
    pub(super) fn of(html: &str) -> Self {
        let mut read =
            Self { text: String::with_capacity(html.len()), has_unknown_reference: false };
        let mut rest = html;
        while let Some(start) = rest.find(['<', '&']) {
            read.text.push_str(&rest[..start]);
            rest = &rest[start..];
            rest = if rest.starts_with('&') { read.reference(rest) } else { read.tag(rest) };
        }
        read.text.push_str(rest);
        read
    }

    /// Reads a character reference. Gives what follows it.
    fn reference<'a>(&mut self, html: &'a str) -> &'a str {
        // The longest reference of HTML has 33 bytes.
        let end = html.bytes().take(34).position(|byte| byte == b';');
        let name = end.map(|end| &html[1..end]).filter(|name| is_reference(name));
        let Some(name) = name else {
            self.text.push('&');
            return &html[1..];
        };
        match character(name) {
            Some(character) => self.text.push(character),
            None => {
                self.has_unknown_reference = true;
                self.text.push_str(&html[..name.len() + 2]);
            }
        }
        &html[name.len() + 2..]
    }

    /// Reads a tag or a comment. Gives what follows it.
    fn tag<'a>(&mut self, html: &'a str) -> &'a str {
        if let Some(comment) = html.strip_prefix("<!--") {
            return comment.find("-->").map_or("", |end| &comment[end + 3..]);
        }
        let inner = html[1..].strip_prefix('/').unwrap_or(&html[1..]);
        let is_tag = inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?');
        if !is_tag {
            self.text.push('<');
            return &html[1..];
        }
        let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let name = inner[..name_end].to_ascii_lowercase();
        let rest = after_tag(inner);
        if BLOCKS.contains(&name.as_str()) {
            self.text.push('\n');
        }
        if HIDDEN.contains(&name.as_str()) && !html.starts_with("</") {
            return after_element(rest, &name);
        }
        rest
    }
}

/// What follows a tag, whose attributes can hold `>` in quotes.
fn after_tag(tag: &str) -> &str {
    let mut quote = None;
    for (index, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &tag[index + 1..],
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    ""
}

/// What follows the end tag of a hidden element.
fn after_element<'a>(content: &'a str, name: &str) -> &'a str {
    let mut rest = content;
    while let Some(start) = rest.find("</") {
        rest = &rest[start + 2..];
        let is_end = rest.get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name));
        if is_end {
            return after_tag(rest);
        }
    }
    ""
}

fn is_reference(name: &str) -> bool {
    let name = name.strip_prefix('#').unwrap_or(name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The character of a reference, without its `&` and `;`.
fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "euro" => '€',
        _ => return None,
    })
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
    }

    #[test]
    fn references_are_characters() {
        assert_eq!(text("a&nbsp;b &amp; &lt;c&gt; &#233;&#xE9;"), "a\u{A0}b & <c> éé");
        assert_eq!(text("AT&T; 1 & 2 &&amp"), "AT&T; 1 & 2 &&amp");
        assert!(HtmlText::of("Gr&uuml;n").has_unknown_reference);
        assert!(!HtmlText::of("R & D; 1 < 2").has_unknown_reference);
    }

    #[test]
    fn broken_html_ends() {
        for html in ["<", "<p", "<p title=\"", "<!--", "<style>", "&", "&#", "&#x110000;", "a<é"] {
            text(html);
        }
        assert_eq!(text("1 < 2 <3"), "1 < 2 <3");
    }
}
