//! External text, made safe for a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The maximum number of bytes per terminal column of a cell. Combining marks take no column, so
/// columns alone do not bound a cell.
const BYTES_PER_COLUMN: usize = 16;

/// The text on one line: white space as single spaces, and `�` for characters that a terminal would
/// interpret.
pub(crate) fn one_line(text: &str) -> String {
    one_line_within(text, usize::MAX)
}

/// The text on one line, truncated to a number of terminal columns, with `…` at the end. It is
/// truncated before it is copied, so that a long text costs no more than a short one.
pub(crate) fn cell(text: &str, columns: usize) -> String {
    let bytes = columns.saturating_mul(BYTES_PER_COLUMN);
    let line = one_line_within(text, bytes);
    // A longer text was truncated to one byte more than the limit.
    if line.len() > bytes {
        return truncated(prefix(&line, bytes), columns);
    }
    truncate(&line, columns)
}

/// The longest beginning of a text that has at most this many bytes.
pub(crate) fn prefix(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

/// The text on one line, read up to the limit and one character more.
fn one_line_within(text: &str, bytes: usize) -> String {
    let mut line = String::with_capacity(text.len().min(bytes.saturating_add(4)));
    'words: for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if line.len() > bytes {
                break 'words;
            }
            line.push(made_safe(c));
        }
    }
    line
}

/// The text with its line breaks and tabs, and `�` for characters that a terminal would interpret.
pub(crate) fn multiline(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\t') { c } else { made_safe(c) }).collect()
}

/// The text, truncated to a number of terminal columns, with `…` at the end.
pub(crate) fn truncate(text: &str, columns: usize) -> String {
    if text.width() <= columns { text.to_owned() } else { truncated(text, columns) }
}

/// The start of a text, with `…` at the end.
fn truncated(text: &str, columns: usize) -> String {
    let mut used = 0;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used < columns
        })
        .collect();
    // A joiner would join `…` to the character before it.
    cut.truncate(cut.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{200D}').len());
    cut.push('…');
    cut
}

/// The character, or `�` if a terminal would interpret it.
fn made_safe(c: char) -> char {
    if is_unsafe(c) { '\u{FFFD}' } else { c }
}

/// Whether a terminal may do something other than show it: control characters, such as the ESC of
/// escape sequences, and invisible characters, some of which change the writing direction.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::{cell, multiline, one_line, truncate};

    #[test]
    fn a_terminal_is_given_nothing_to_obey() {
        assert_eq!(one_line("a\u{1b}[31mred\u{7}"), "a\u{FFFD}[31mred\u{FFFD}");
        assert_eq!(one_line("left\u{202e}right"), "left\u{FFFD}right");
        assert_eq!(one_line("c1 \u{9b}2J"), "c1 \u{FFFD}2J");
        assert_eq!(one_line("  two\r\n\tlines "), "two lines");
        assert_eq!(one_line("Größe 👩‍👧 مرحبا"), "Größe 👩‍👧 مرحبا");
        assert_eq!(multiline("a\r\n\tb\u{1b}c"), "a\u{FFFD}\n\tb\u{FFFD}c");
    }

    #[test]
    fn a_cut_text_fits() {
        assert_eq!(truncate("four", 4), "four");
        assert_eq!(truncate("fives", 4), "fiv…");
        assert_eq!(truncate("a longer one", 3), "a…");
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("👩‍👧 and more", 3), "👩…");
        assert_eq!(truncate("שלום עולם", 5), "שלום…");
    }

    #[test]
    fn a_cell_is_bounded_in_columns_and_in_bytes() {
        let digits = "7".repeat(200_000);
        assert_eq!(cell(&digits, 8), "7777777…");
        // Marks that combine take no column.
        let marks = format!("e{}", "\u{301}".repeat(200_000));
        let marks = cell(&marks, 8);
        assert!(marks.len() <= 8 * 16 + 3 && marks.ends_with('…'), "{}", marks.len());
        assert!(marks.width() <= 8);
        assert_eq!(cell(&format!("{}x", " \n\t".repeat(100_000)), 8), "x");
        assert_eq!(cell(&format!("日本{}", " x".repeat(100_000)), 8), "日本 x…");
        assert_eq!(cell("e\u{301}\u{1b}", 2), "e\u{301}\u{FFFD}");
    }
}
