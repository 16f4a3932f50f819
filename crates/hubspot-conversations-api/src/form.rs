//! `multipart/form-data` bodies.

use std::fmt;
use std::io;

use reqwest::multipart;
use serde::Serialize;
use serde_json::Value;

use crate::Upload;
use crate::upload::not_a_media_type;

/// The parts of a `multipart/form-data` body. It can be sent repeatedly: files are opened anew each
/// time.
///
/// `Debug` shows the names of the parts, not their contents.
#[derive(Clone, Default)]
pub struct Form {
    parts: Vec<(String, Part)>,
}

#[derive(Clone)]
enum Part {
    Text { text: String, content_type: Option<String> },
    File(Upload),
}

impl Form {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text part.
    #[must_use]
    pub fn text(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.with(name, Part::Text { text: text.into(), content_type: None })
    }

    /// Adds a value as JSON.
    ///
    /// # Errors
    ///
    /// If the value cannot be serialized as JSON.
    pub fn json<T: Serialize>(
        self,
        name: impl Into<String>,
        value: &T,
    ) -> Result<Self, serde_json::Error> {
        let text = serde_json::to_string(value)?;
        let content_type = Some("application/json".to_owned());
        Ok(self.with(name, Part::Text { text, content_type }))
    }

    /// Adds a file. Several parts can have one name.
    #[must_use]
    pub fn file(self, name: impl Into<String>, file: Upload) -> Self {
        self.with(name, Part::File(file))
    }

    /// Adds a value as OpenAPI defines it: a scalar as text, a list as one part per item, an object
    /// as JSON, and nothing for `null`.
    #[allow(dead_code, reason = "a document may lack a body of this kind")]
    pub(crate) fn value<T: Serialize>(
        self,
        name: &str,
        value: &T,
    ) -> Result<Self, serde_json::Error> {
        match serde_json::to_value(value)? {
            Value::Array(items) => {
                items.into_iter().try_fold(self, |form, item| form.one(name, item))
            }
            value => self.one(name, value),
        }
    }

    /// Adds a value with this media type: a string unchanged, anything else as JSON, and nothing
    /// for `null`.
    #[allow(dead_code, reason = "a document may lack a body of this kind")]
    pub(crate) fn value_as<T: Serialize>(
        self,
        name: &str,
        content_type: &str,
        value: &T,
    ) -> Result<Self, serde_json::Error> {
        let text = match serde_json::to_value(value)? {
            Value::Null => return Ok(self),
            Value::String(text) => text,
            value => value.to_string(),
        };
        let content_type = Some(content_type.to_owned());
        Ok(self.with(name, Part::Text { text, content_type }))
    }

    /// Adds a file with this media type, unless the file specifies one.
    #[allow(dead_code, reason = "a document may lack a body of this kind")]
    pub(crate) fn file_as(self, name: &str, content_type: &str, file: Upload) -> Self {
        let file = if file.has_content_type() { file } else { file.content_type(content_type) };
        self.file(name, file)
    }

    fn one(self, name: &str, value: Value) -> Result<Self, serde_json::Error> {
        Ok(match value {
            Value::Null => self,
            Value::String(text) => self.text(name, text),
            Value::Bool(_) | Value::Number(_) => self.text(name, value.to_string()),
            Value::Array(_) | Value::Object(_) => self.json(name, &value)?,
        })
    }

    fn with(mut self, name: impl Into<String>, part: Part) -> Self {
        self.parts.push((name.into(), part));
        self
    }

    /// Opens the files at their beginnings, to send the form once.
    ///
    /// # Errors
    ///
    /// If a file cannot be opened or a media type is invalid. The error names the part.
    pub async fn open(&self) -> io::Result<multipart::Form> {
        let mut form = multipart::Form::new();
        for (name, part) in &self.parts {
            let opened = part.open().await.map_err(|error| {
                io::Error::new(error.kind(), format!("the part {name:?} cannot be sent: {error}"))
            })?;
            form = form.part(name.clone(), opened);
        }
        Ok(form)
    }
}

impl Part {
    async fn open(&self) -> io::Result<multipart::Part> {
        match self {
            Self::File(file) => file.open().await,
            Self::Text { text, content_type } => {
                let part = multipart::Part::text(text.clone());
                match content_type {
                    None => Ok(part),
                    Some(name) => part.mime_str(name).map_err(|_| not_a_media_type(name)),
                }
            }
        }
    }
}

/// Opens the form of a generated type. Called by generated code.
#[allow(dead_code, reason = "a document may lack a body of this kind")]
pub(crate) async fn opened(
    form: Result<Form, serde_json::Error>,
) -> Result<multipart::Form, crate::Error> {
    let form = form.map_err(|error| crate::Error::InvalidRequest(error.to_string()))?;
    form.open().await.map_err(|error| crate::Error::InvalidRequest(error.to_string()))
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.iter().map(|(name, _)| name)).finish()
    }
}
