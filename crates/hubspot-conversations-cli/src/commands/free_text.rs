//! Texts that may start with `-`, as opposed to mistyped options.

use std::env;

/// A text, as an argument or as the value of an option. A text that looks like an option is rejected
/// unless it is marked as text: a message to a customer cannot be recalled.
///
/// # Errors
///
/// How to mark it as text.
pub(super) fn free_text(text: &str) -> Result<String, &'static str> {
    if looks_like_option(text) && is_separate_argument(text) {
        return Err(
            "this looks like an option, but the command has no such option; to use it as text, put \
             it after `--` or directly after the `=` of its option",
        );
    }
    Ok(text.to_owned())
}

/// Whether it may be meant as an option: `--name`, `--name=value`, or `-x` without white space.
fn looks_like_option(text: &str) -> bool {
    let begins_with_letter = |name: &str| name.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_one_word = |text: &str| !text.contains(char::is_whitespace);
    match text.strip_prefix("--") {
        Some(long) => begins_with_letter(long) && is_one_word(long.split('=').next().unwrap_or("")),
        None => text.strip_prefix('-').is_some_and(begins_with_letter) && is_one_word(text),
    }
}

/// Whether it is an argument before `--`, not the value after a `=`, nor after `--`.
fn is_separate_argument(text: &str) -> bool {
    env::args_os().skip(1).take_while(|argument| argument != "--").any(|argument| argument == text)
}

#[cfg(test)]
mod tests {
    use super::looks_like_option;

    #[test]
    fn an_option_is_told_from_a_text() {
        for option in ["--dry-run", "--text_file=answer.txt", "--file=my answer", "-f", "-fanswer"]
        {
            assert!(looks_like_option(option), "{option}");
        }
        for text in
            ["-hi there", "- first", "--ask Ada", "--", "---", "-1", "-é", "", "hello", "--1"]
        {
            assert!(!looks_like_option(text), "{text}");
        }
    }
}
