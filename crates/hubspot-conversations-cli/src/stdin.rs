//! What can be read from standard input: texts, messages, ids.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::failure::Failure;
use crate::stop::Interruptible;

/// The argument that stands for standard input.
pub(crate) const DASH: &str = "-";

/// All of standard input.
pub(crate) fn read() -> Result<String, Failure> {
    let mut text = String::new();
    Interruptible(io::stdin())
        .read_to_string(&mut text)
        .map_err(|error| Failure::Usage(format!("cannot read standard input: {error}")))?;
    Ok(without_mark(text))
}

/// The content of a file, or of standard input.
pub(crate) fn file(path: &Path) -> Result<String, Failure> {
    if path.as_os_str() == DASH {
        return read();
    }
    let mut text = String::new();
    File::open(path)
        .and_then(|file| Interruptible(file).read_to_string(&mut text))
        .map(|_| without_mark(text))
        .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))
}

/// The text without the byte order mark that some programs begin a file with.
fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{FEFF}') {
        Some(text) => text.to_owned(),
        None => text,
    }
}
