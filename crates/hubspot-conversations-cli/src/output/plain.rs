//! Text of strangers, made safe for a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many bytes a cell takes for each column of the terminal it may fill. Marks that combine with
/// a letter take none, so columns alone do not bound it.
const BYTES_A_COLUMN: usize = 16;

/// The text on one line: white space as single spaces, and `�` for what a terminal would obey
/// instead of show.
pub(crate) fn one_line(text: &str) -> String {
    one_line_within(text, usize::MAX)
}

/// The text on one line, cut to that many columns of a terminal, with `…` where something is missing.
/// It is cut before it is copied, so a cell costs no more than it shows.
pub(crate) fn cell(text: &str, columns: usize) -> String {
    let bytes = columns.saturating_mul(BYTES_A_COLUMN);
    let line = one_line_within(text, bytes);
    // What is longer in bytes was cut, and one byte too many remains of it.
    if line.len() > bytes {
        let end = line.floor_char_boundary(bytes);
        return cut_at(&line[..end], columns);
    }
    cut(&line, columns)
}

/// The text on one line, of which nothing is read once it has more bytes than this.
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
            line.push(shown(c));
        }
    }
    line
}

/// The text with its line breaks and tabs, and `�` for what a terminal would obey instead of show.
pub(crate) fn lines(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\t') { c } else { shown(c) }).collect()
}

/// The text cut to that many columns of a terminal, with `…` where something is missing.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns { text.to_owned() } else { cut_at(text, columns) }
}

/// The beginning of a text, with `…` at its end.
fn cut_at(text: &str, columns: usize) -> String {
    let mut used = 0;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used < columns
        })
        .collect();
    // A joiner would join the mark to what stands before it.
    cut.truncate(cut.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{200D}').len());
    cut.push('…');
    cut
}

/// The character, or `�` in place of one that a terminal would obey.
fn shown(c: char) -> char {
    if is_command(c) { '\u{FFFD}' } else { c }
}

/// Whether a terminal may do something else with it than show it: control characters, of which
/// ESC begins a sequence, and marks that turn the direction of writing or are not seen.
fn is_command(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::{cell, cut, lines, one_line};

    #[test]
    fn a_terminal_is_given_nothing_to_obey() {
        assert_eq!(one_line("a\u{1b}[31mred\u{7}"), "a\u{FFFD}[31mred\u{FFFD}");
        assert_eq!(one_line("left\u{202e}right"), "left\u{FFFD}right");
        assert_eq!(one_line("c1 \u{9b}2J"), "c1 \u{FFFD}2J");
        assert_eq!(one_line("  two\r\n\tlines "), "two lines");
        assert_eq!(one_line("Größe 👩‍👧 مرحبا"), "Größe 👩‍👧 مرحبا");
        assert_eq!(lines("a\r\n\tb\u{1b}c"), "a\u{FFFD}\n\tb\u{FFFD}c");
    }

    #[test]
    fn a_cut_text_fits() {
        assert_eq!(cut("four", 4), "four");
        assert_eq!(cut("fives", 4), "fiv…");
        assert_eq!(cut("a longer one", 3), "a…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("👩‍👧 and more", 3), "👩…");
        assert_eq!(cut("שלום עולם", 5), "שלום…");
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
