//! Text of strangers, made safe for a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text on one line: white space as single spaces, and `�` for what a terminal would obey
/// instead of show.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().map(|c| if is_command(c) { '\u{FFFD}' } else { c }));
    }
    line
}

/// The text cut to so many columns of a terminal, with `…` where something is missing.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut used = 0;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used < columns
        })
        .collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
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
    use super::{cut, one_line};

    #[test]
    fn a_terminal_is_given_nothing_to_obey() {
        assert_eq!(one_line("a\u{1b}[31mred\u{7}"), "a\u{FFFD}[31mred\u{FFFD}");
        assert_eq!(one_line("left\u{202e}right"), "left\u{FFFD}right");
        assert_eq!(one_line("c1 \u{9b}2J"), "c1 \u{FFFD}2J");
        assert_eq!(one_line("  two\r\n\tlines "), "two lines");
        assert_eq!(one_line("Größe 👩‍👧 مرحبا"), "Größe 👩‍👧 مرحبا");
    }

    #[test]
    fn a_cut_text_fits() {
        assert_eq!(cut("four", 4), "four");
        assert_eq!(cut("fives", 4), "fiv…");
        assert_eq!(cut("a longer one", 3), "a…");
        assert_eq!(cut("日本語", 4), "日…");
    }
}
