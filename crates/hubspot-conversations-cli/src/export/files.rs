//! The files of an export, which appear under their names when all of them are complete.

use std::fs;
use std::io::{BufWriter, Result, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file of the export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum File {
    Inboxes,
    Channels,
    ChannelAccounts,
    Threads,
    Messages,
    Actors,
}

impl File {
    const ALL: [Self; 6] = [
        Self::Inboxes,
        Self::Channels,
        Self::ChannelAccounts,
        Self::Threads,
        Self::Messages,
        Self::Actors,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Inboxes => "inboxes.jsonl",
            Self::Channels => "channels.jsonl",
            Self::ChannelAccounts => "channel_accounts.jsonl",
            Self::Threads => "threads.jsonl",
            Self::Messages => "messages.jsonl",
            Self::Actors => "actors.jsonl",
        }
    }

    fn contents(self) -> &'static str {
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

/// The files while they are written. Dropping them unpublished removes them.
pub(super) struct Files {
    folder: PathBuf,
    writers: [Writer; 6],
}

struct Writer {
    partial: BufWriter<NamedTempFile>,
    lines: u64,
}

impl Files {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let create = |file: File| -> Result<Writer> {
            let partial = tempfile::Builder::new()
                .prefix(&format!(".{}.", file.name()))
                .suffix(".partial")
                .tempfile_in(folder)?;
            Ok(Writer { partial: BufWriter::with_capacity(256 * 1024, partial), lines: 0 })
        };
        let [inboxes, channels, accounts, threads, messages, actors] = File::ALL;
        let writers = [
            create(inboxes)?,
            create(channels)?,
            create(accounts)?,
            create(threads)?,
            create(messages)?,
            create(actors)?,
        ];
        Ok(Self { folder: folder.to_owned(), writers })
    }

    /// Adds a record as one line.
    pub(super) fn write(&mut self, file: File, json: &str) -> Result<()> {
        self.line(file, |line| write_on_one_line(line, json))
    }

    /// Adds a record, an object, with one more field.
    pub(super) fn write_with(
        &mut self,
        file: File,
        json: &str,
        field: &str,
        value: &impl serde::Serialize,
    ) -> Result<()> {
        let open = json.trim_end().strip_suffix('}').unwrap_or(json).trim_end();
        self.line(file, |line| {
            write_on_one_line(line, open)?;
            let separator = if open == "{" { "" } else { "," };
            write!(line, "{separator}\"{field}\":")?;
            serde_json::to_writer(&mut *line, value)?;
            line.write_all(b"}")
        })
    }

    fn line(
        &mut self,
        file: File,
        write: impl FnOnce(&mut BufWriter<NamedTempFile>) -> Result<()>,
    ) -> Result<()> {
        let writer = &mut self.writers[file as usize];
        write(&mut writer.partial)?;
        writer.lines += 1;
        writer.partial.write_all(b"\n")
    }

    /// Gives every file its name, and says how many records each holds.
    pub(super) fn publish(self) -> Result<Vec<(&'static str, u64)>> {
        let mut complete = Vec::new();
        for (file, writer) in File::ALL.into_iter().zip(self.writers) {
            let partial = writer.partial.into_inner().map_err(|error| error.into_error())?;
            partial.as_file().sync_all()?;
            complete.push((file, partial, writer.lines));
        }
        complete
            .into_iter()
            .map(|(file, partial, lines)| {
                partial.persist(self.folder.join(file.name())).map_err(|error| error.error)?;
                Ok((file.contents(), lines))
            })
            .collect()
    }
}

/// Writes JSON without its line breaks, which can only stand between its tokens.
fn write_on_one_line(line: &mut impl Write, json: &str) -> Result<()> {
    if json.contains(['\n', '\r']) {
        json.split(['\n', '\r']).try_for_each(|part| line.write_all(part.as_bytes()))
    } else {
        line.write_all(json.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::{File, Files};

    #[test]
    fn a_record_is_one_line_whatever_its_layout() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::create(folder.path()).unwrap();
        files.write(File::Threads, "{\r\n  \"id\": \"1\\n\"\n}").unwrap();
        files.write_with(File::Messages, "{\n  \"id\": \"1\"\n}\n", "more", &[1]).unwrap();
        files.write_with(File::Messages, "{}", "more", &[1]).unwrap();
        let counts = files.publish().unwrap();

        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("threads.jsonl"), "{  \"id\": \"1\\n\"}\n");
        assert_eq!(read("messages.jsonl"), "{  \"id\": \"1\",\"more\":[1]}\n{\"more\":[1]}\n");
        assert!(counts.contains(&("messages", 2)));
    }

    #[test]
    fn files_that_were_not_published_leave_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::create(folder.path()).unwrap();
        files.write(File::Threads, "{}").unwrap();
        drop(files);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
