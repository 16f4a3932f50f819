//! Standard input and files: texts, messages, ids.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::command_error::CommandError;
use crate::signals::Interruptible;

/// The argument that means standard input.
pub(crate) const DASH: &str = "-";

/// All of standard input.
pub(crate) fn read() -> Result<String, CommandError> {
    let mut text = String::new();
    Interruptible(io::stdin())
        .read_to_string(&mut text)
        .map_err(|error| CommandError::Usage(format!("cannot read standard input: {error}")))?;
    Ok(without_bom(text))
}

/// The content of a file, or of standard input.
pub(crate) fn file(path: &Path) -> Result<String, CommandError> {
    if path.as_os_str() == DASH {
        return read();
    }
    let mut text = String::new();
    File::open(path)
        .and_then(|file| Interruptible(file).read_to_string(&mut text))
        .map(|_| without_bom(text))
        .map_err(|error| CommandError::Usage(format!("cannot read {}: {error}", path.display())))
}

/// The text without a leading byte order mark, which some programs write.
fn without_bom(text: String) -> String {
    match text.strip_prefix('\u{FEFF}') {
        Some(text) => text.to_owned(),
        None => text,
    }
}
