//! Files to upload.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use reqwest::{Body, multipart};
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

/// A file to upload: bytes, a file on disk, or any other source that can be opened repeatedly.
///
/// It is opened for each attempt, so that a retry sends it from the beginning. Its length is known
/// in advance, and a file on disk is read while it is sent. Cloning copies no content.
///
/// `Debug` shows neither the name nor the content.
#[derive(Clone)]
pub struct Upload {
    source: Source,
    file_name: Option<String>,
    content_type: Option<String>,
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    Path(Arc<Path>),
    Opened { length: u64, open: Arc<dyn Fn() -> Body + Send + Sync> },
}

impl Upload {
    /// Uploads these bytes. The file name is `file`, unless [`file_name`](Self::file_name) sets
    /// another.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self::of(Source::Bytes(content.into()))
    }

    /// Uploads the file at this path under its own name. Its length is fixed when it is opened:
    /// data appended later is not sent, and if the file becomes shorter, the upload fails.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path: PathBuf = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { file_name: name, ..Self::of(Source::Path(path.into())) }
    }

    /// Uploads the body that `open` returns, which must have `length` bytes. `open` is called for
    /// each attempt.
    pub fn opened(length: u64, open: impl Fn() -> Body + Send + Sync + 'static) -> Self {
        Self::of(Source::Opened { length, open: Arc::new(open) })
    }

    fn of(source: Source) -> Self {
        Self { source, file_name: None, content_type: None }
    }

    /// Sets the file name to send.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, such as `image/png`. The default is derived from the extension of the
    /// file name.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Whether a media type was set.
    pub(crate) fn has_content_type(&self) -> bool {
        self.content_type.is_some()
    }

    /// Opens it at its beginning.
    pub(crate) async fn open(&self) -> io::Result<multipart::Part> {
        let (body, length) = match &self.source {
            Source::Bytes(bytes) => (Body::from(bytes.clone()), length_of(bytes)),
            Source::Opened { length, open } => (open(), *length),
            Source::Path(path) => {
                let file = tokio::fs::File::open(path).await?;
                let metadata = file.metadata().await?;
                if !metadata.is_file() {
                    let reason = "it is a folder, a pipe or a device, not a regular file";
                    return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
                }
                let length = metadata.len();
                (Body::wrap_stream(ReaderStream::new(file.take(length))), length)
            }
        };
        let name = self.file_name.clone().unwrap_or_else(|| "file".to_owned());
        let guessed = || mime_guess::from_path(&name).first_or_octet_stream().to_string();
        let content_type = self.content_type.clone().unwrap_or_else(guessed);
        let part = multipart::Part::stream_with_length(body, length).file_name(name);
        part.mime_str(&content_type).map_err(|_| not_a_media_type(&content_type))
    }
}

fn length_of(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

pub(crate) fn not_a_media_type(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("{text:?} is not a media type"))
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.source {
            Source::Bytes(_) => "Upload(bytes)",
            Source::Path(_) => "Upload(path)",
            Source::Opened { .. } => "Upload(opened)",
        })
    }
}
