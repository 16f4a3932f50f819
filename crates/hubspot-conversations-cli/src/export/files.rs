//! The files of an export, and their lines.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A kind of record, and the file that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordKind {
    Inboxes,
    Channels,
    ChannelAccounts,
    Threads,
    Messages,
    Actors,
}

impl RecordKind {
    pub(super) const ALL: [Self; 6] = [
        Self::Inboxes,
        Self::Channels,
        Self::ChannelAccounts,
        Self::Threads,
        Self::Messages,
        Self::Actors,
    ];

    /// The name of the file in a finished export.
    pub(super) fn file_name(self) -> &'static str {
        match self {
            Self::Inboxes => "inboxes.jsonl",
            Self::Channels => "channels.jsonl",
            Self::ChannelAccounts => "channel_accounts.jsonl",
            Self::Threads => "threads.jsonl",
            Self::Messages => "messages.jsonl",
            Self::Actors => "actors.jsonl",
        }
    }

    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Inboxes => "inboxes",
            Self::Channels => "channels",
            Self::ChannelAccounts => "channel accounts",
            Self::Threads => "threads",
            Self::Messages => "messages",
            Self::Actors => "actors",
        }
    }
}

/// The path of a file until the export is finished.
pub(super) fn partial_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.partial"))
}

/// Creates a folder that only its owner can read. An existing folder keeps its mode.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Options to open a file that only its owner can read, if it is created.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Creates a new file in place of an existing one. A link is replaced, not followed.
pub(super) fn create(path: &Path) -> io::Result<File> {
    remove(path)?;
    private().write(true).create_new(true).open(path)
}

/// Removes a file if it exists.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes the names in a folder to the disk.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Adds a record as one line.
pub(super) fn write_line(out: &mut impl Write, json: &str) -> io::Result<()> {
    write_without_breaks(out, json)?;
    out.write_all(b"\n")
}

/// Adds a record, an object, as one line with one more field.
pub(super) fn write_line_with(
    out: &mut impl Write,
    json: &str,
    field: &str,
    value: &str,
) -> io::Result<()> {
    let open = json.trim_end().strip_suffix('}').unwrap_or(json).trim_end();
    write_without_breaks(out, open)?;
    let separator = if open == "{" { "" } else { "," };
    write!(out, "{separator}\"{field}\":")?;
    // As received, it can have line breaks.
    write_without_breaks(out, value)?;
    out.write_all(b"}\n")
}

/// Writes JSON without its line breaks, which occur only between its tokens.
fn write_without_breaks(out: &mut impl Write, json: &str) -> io::Result<()> {
    let mut rest = json.as_bytes();
    while let Some(line_break) = memchr::memchr2(b'\n', b'\r', rest) {
        out.write_all(&rest[..line_break])?;
        rest = &rest[line_break + 1..];
    }
    out.write_all(rest)
}

#[cfg(test)]
mod tests {
    use super::{write_line, write_line_with};

    #[test]
    fn a_record_is_one_line_whatever_its_layout() {
        let mut out = Vec::new();
        write_line(&mut out, "{\r\n  \"id\": \"1\\n\"\n}").unwrap();
        write_line_with(&mut out, "{\n  \"id\": \"1\"\n}\n", "more", "[\n1]").unwrap();
        write_line_with(&mut out, "{}", "more", "[\n1]").unwrap();
        let expected = "{  \"id\": \"1\\n\"}\n{  \"id\": \"1\",\"more\":[1]}\n{\"more\":[1]}\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
