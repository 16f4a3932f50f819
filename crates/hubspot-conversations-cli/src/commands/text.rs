//! The text of a message: an argument, standard input, or a file.

use std::path::{Path, PathBuf};

use clap::Args;
use hubspot_conversations::types::FileId;

use crate::command_error::CommandError;
use crate::stdin;

use super::free_text::free_text;

/// A text.
#[derive(Args, Debug)]
pub(crate) struct Text {
    /// Plain text; `-` reads it from standard input
    ///
    /// The text can start with `-`. A single word that looks like an option, such as --help or -x,
    /// must follow `--`; no options are read after `--`.
    #[arg(allow_hyphen_values = true, value_parser = free_text)]
    text: Option<String>,

    /// Read the text from this file; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    text_file: Option<PathBuf>,
}

/// The HTML and attachments of a text.
#[derive(Args, Debug, Default)]
pub(crate) struct Extras {
    /// The text as HTML, for channels that support it; `-` reads it from standard input
    #[arg(long, value_name = "HTML", allow_hyphen_values = true, value_parser = free_text)]
    rich_text: Option<String>,

    /// Read the HTML from this file; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "rich_text")]
    rich_text_file: Option<PathBuf>,

    /// Attach a file, by its id in HubSpot's file manager; can be repeated
    #[arg(long, value_name = "FILE_ID", value_parser = file_id)]
    attach_id: Vec<FileId>,
}

/// A text with its HTML and attachments.
pub(crate) struct TextContent {
    pub(crate) text: String,
    pub(crate) rich_text: Option<String>,
    pub(crate) files: Vec<FileId>,
}

impl Text {
    /// Reads the text.
    ///
    /// # Errors
    ///
    /// If it is empty or cannot be read.
    pub(crate) fn read(self) -> Result<String, CommandError> {
        self.read_with(Extras::default()).map(|content| content.text)
    }

    /// Reads the text, the HTML and the attachments. With HTML or attachments, the text can be empty.
    ///
    /// # Errors
    ///
    /// If all are empty, or one cannot be read.
    pub(crate) fn read_with(self, extras: Extras) -> Result<TextContent, CommandError> {
        let text = Source::of(self.text, self.text_file);
        let rich_text = Source::of(extras.rich_text, extras.rich_text_file);
        let is_stdin = |source: &Option<Source>| source.as_ref().is_some_and(Source::is_stdin);
        if is_stdin(&text) && is_stdin(&rich_text) {
            return Err(CommandError::Usage(
                "the text and the rich text cannot both come from standard input: read one of them \
                 from a file with --text-file or --rich-text-file"
                    .to_owned(),
            ));
        }
        let is_given = text.is_some();
        let text = text.map(Source::read).transpose()?.unwrap_or_default();
        let rich_text = rich_text.map(Source::read).transpose()?;
        let is_empty = |text: &str| text.trim().is_empty();
        if rich_text.as_deref().is_some_and(is_empty) {
            return Err(CommandError::Usage("the rich text is empty".to_owned()));
        }
        if is_empty(&text) && rich_text.is_none() && extras.attach_id.is_empty() {
            let reason = if is_given {
                "the text is empty"
            } else {
                "no text: provide it as an argument, or with --text-file FILE"
            };
            return Err(CommandError::Usage(reason.to_owned()));
        }
        Ok(TextContent { text, rich_text, files: extras.attach_id })
    }
}

/// The source of a text.
enum Source {
    Argument(String),
    File(PathBuf),
}

impl Source {
    fn of(argument: Option<String>, file: Option<PathBuf>) -> Option<Self> {
        argument.map(Self::Argument).or(file.map(Self::File))
    }

    fn is_stdin(&self) -> bool {
        match self {
            Self::Argument(text) => text == stdin::DASH,
            Self::File(path) => path.as_os_str() == stdin::DASH,
        }
    }

    /// The text, without the line breaks at the end of a file.
    fn read(self) -> Result<String, CommandError> {
        let mut text = match self {
            Self::Argument(text) if text != stdin::DASH => return Ok(text),
            Self::Argument(_) => stdin::file(Path::new(stdin::DASH))?,
            Self::File(path) => stdin::file(&path)?,
        };
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
        Ok(text)
    }
}

/// A file's id.
fn file_id(text: &str) -> Result<FileId, &'static str> {
    let id = text.trim();
    if !id.is_empty() && id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(id.into())
    } else {
        Err("this is not a file id: use the number that HubSpot's file manager shows")
    }
}
