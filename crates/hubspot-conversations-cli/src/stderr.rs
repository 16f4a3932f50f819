//! What is written to standard error: errors and notes, without secrets and control characters.

use std::io::{self, Write};

use crate::secret;
use crate::terminal_text::multiline;

/// Writes one or more lines without secrets, and without anything that a terminal would interpret: ids
/// and paths are external input, too.
pub(crate) fn print_line(line: &str) {
    // If standard error is closed, there is no other place to report to.
    let _ = writeln!(io::stderr(), "{}", multiline(&secret::redact(line)));
}

/// Makes a panic, which is a defect of convo, print its message without secrets.
pub(crate) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        print_line(&format!("error: internal error in convo, please report it: {panic}"));
    }));
}
