//! Decodes JSON, with errors that name the place and never quote the value.
//!
//! serde_json's own messages quote the value, which can contain a customer's text. These errors
//! contain only the path, the expected type and the type found.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny};

use crate::left_out::{self, LeftOut, Reading};
use crate::raw_text::Whole;
use crate::repair::read_repaired;

/// JSON that does not match the document.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    reason: String,
}

/// Maximum length of JSON for which an error names the type found. For longer JSON it names only
/// the expected one.
const MAX_EXPLAINED: usize = 1024 * 1024;

/// Marks a message created in this module: the error of an outer value may repeat it.
const OURS: char = '\u{1}';

impl DecodeError {
    pub(crate) fn new(path: String, reason: String) -> Self {
        Self { path, reason }
    }

    pub(crate) fn unknown() -> Self {
        Self::new(String::new(), "cannot be read".to_owned())
    }

    /// A required field is missing.
    pub(crate) fn missing(field: &str) -> Self {
        Self::new(String::new(), format!("missing field `{field}`"))
    }

    pub(crate) fn found(expected: &str, found: &str) -> Self {
        Self::new(String::new(), format!("expected {expected}, found {found}"))
    }

    /// Why `T` could not be read from this JSON. Reads it again to locate the error.
    pub fn of<T: DeserializeOwned>(json: &[u8]) -> Self {
        located::<T>(json).err().unwrap_or_else(Self::unknown)
    }

    /// Path of the value in the JSON, such as `results[3].createdAt`. Empty for the whole value.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The expected type, and the type found.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Prepends the path of the outer value.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.path = join(outer, &self.path);
        self
    }

    /// The error as a message that `from_str` of an outer value parses again.
    pub(crate) fn into_message(self) -> String {
        format!("{OURS}{}{OURS}{}{OURS}", self.path, self.reason)
    }

    /// An error with this message only.
    pub(crate) fn message_of(reason: &str) -> String {
        Self { path: String::new(), reason: reason.to_owned() }.into_message()
    }

    fn from_message(message: &str) -> Option<Self> {
        let mut parts = message.strip_prefix(OURS)?.split(OURS);
        Some(Self { path: parts.next()?.to_owned(), reason: parts.next()?.to_owned() })
    }
}

/// For callers that accept only complete values.
impl From<LeftOut> for DecodeError {
    fn from(left_out: LeftOut) -> Self {
        let reason = format!("expected {}, found {}", left_out.expected(), left_out.found());
        Self::new(left_out.path().to_owned(), reason)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "at `{path}`: {}", self.reason),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for DecodeError {}

/// Reads a value from JSON leniently: places that cannot be read are left out.
///
/// # Errors
///
/// If the JSON is not a `T`. The error names the place, and does not quote the JSON.
pub fn from_str<T: DeserializeOwned>(json: &str) -> Result<T, DecodeError> {
    from_slice(json.as_bytes())
}

/// Reads a value from JSON leniently: places that cannot be read are left out.
///
/// A byte order mark before the JSON is ignored. Bytes that are not UTF-8 become the replacement
/// character, and are reported as [left out](from_slice_with_left_out) of the whole value.
///
/// # Errors
///
/// If the JSON is not a `T`. The error names the place, and does not quote the JSON.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    let reading = Reading::begin();
    let text = text(json);
    if matches!(text, Cow::Owned(_)) {
        left_out::note("text in UTF-8", "other bytes");
    }
    read_repaired(&text, |text| T::deserialize(Whole(text))).map_err(|_| {
        reading.discard();
        DecodeError::of::<T>(text.as_bytes())
    })
}

/// The text of a body, without a byte order mark. Each run of bytes that are not UTF-8 is replaced
/// by one character: one per byte could triple the length.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    if let Ok(text) = std::str::from_utf8(body) {
        return text.into();
    }
    let mut text = String::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() && !text.ends_with(char::REPLACEMENT_CHARACTER) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text.into()
}

/// Whether a body is one complete JSON value.
pub(crate) fn is_json(body: &[u8]) -> bool {
    serde_json::from_str::<IgnoredAny>(&text(body)).is_ok()
}

/// Reads a value from JSON, and returns the places that were left out.
///
/// # Errors
///
/// If the JSON is not a `T`. The error names the place, and does not quote the JSON.
pub fn from_slice_with_left_out<T: DeserializeOwned>(
    json: &[u8],
) -> Result<(T, Vec<LeftOut>), DecodeError> {
    let reading = Reading::begin();
    let value = from_slice(json)?;
    Ok((value, reading.take()))
}

/// Reads again, slowly, and tracks the path.
fn located<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = place(error.path());
        let found = || {
            // Inspecting a long text takes many times its memory.
            if json.len() > MAX_EXPLAINED {
                return None;
            }
            let whole: Option<serde_json::Value> = serde_json::from_slice(json).ok();
            whole.as_ref().and_then(|whole| at(whole, error.path())).map(type_name)
        };
        explain(path, error.inner(), found)
    })?;
    reader.end().map_err(|error| explain(String::new(), &error, || None))?;
    Ok(value)
}

fn explain(
    path: String,
    error: &serde_json::Error,
    found: impl Fn() -> Option<&'static str>,
) -> DecodeError {
    use serde_json::error::Category;

    let text = error.to_string();
    if let Some(inner) = DecodeError::from_message(&text) {
        return inner.within(&path);
    }
    let reason = match error.classify() {
        Category::Eof => "the JSON ends too early".to_owned(),
        Category::Syntax | Category::Io => {
            format!("not JSON at line {} column {}", error.line(), error.column())
        }
        Category::Data => {
            let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
            let found = found().unwrap_or("another value");
            match text.rsplit_once(", expected ") {
                _ if text.starts_with("missing field `")
                    || text.starts_with("duplicate field `") =>
                {
                    text.to_owned()
                }
                Some((_, expected)) => format!("expected {expected}, found {found}"),
                None => format!("{found} that cannot be read"),
            }
        }
    };
    DecodeError { path, reason }
}

/// The JSON type of a text.
pub(crate) fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(b'"') => "a string",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        _ => "a number",
    }
}

/// The path as text. A key that is not a plain name could be a customer's text, and is omitted.
fn place(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;

    path.iter().fold(String::new(), |place, segment| match segment {
        Segment::Seq { index } => format!("{place}[{index}]"),
        Segment::Map { key } if is_name(key) => join(&place, key),
        Segment::Map { .. } => join(&place, "…"),
        Segment::Enum { .. } | Segment::Unknown => place,
    })
}

fn is_name(key: &str) -> bool {
    key.len() <= 64 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn at<'a>(
    whole: &'a serde_json::Value,
    path: &serde_path_to_error::Path,
) -> Option<&'a serde_json::Value> {
    use serde_path_to_error::Segment;

    path.iter().try_fold(whole, |value, segment| match segment {
        Segment::Seq { index } => value.get(index),
        Segment::Map { key } => value.get(key),
        Segment::Enum { .. } | Segment::Unknown => Some(value),
    })
}

fn type_name(value: &serde_json::Value) -> &'static str {
    match value {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "a boolean",
        serde_json::Value::Number(_) => "a number",
        serde_json::Value::String(_) => "a string",
        serde_json::Value::Array(_) => "an array",
        serde_json::Value::Object(_) => "an object",
    }
}

fn join(outer: &str, inner: &str) -> String {
    match (outer, inner) {
        ("", _) => inner.to_owned(),
        (_, "") => outer.to_owned(),
        (_, index) if index.starts_with('[') => format!("{outer}{inner}"),
        _ => format!("{outer}.{inner}"),
    }
}
