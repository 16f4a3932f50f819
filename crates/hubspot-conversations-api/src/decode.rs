//! Reading JSON with errors that name the place and never quote the value.
//!
//! serde_json's own messages repeat what they could not read, and that can be a customer's words.
//! What is kept here is the path, what was expected, and the type of what was found.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny};

use crate::left_out::{self, LeftOut, Reading};
use crate::raw_text::Whole;
use crate::repair::read_repaired;

/// JSON that is not what the document promises.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    reason: String,
}

/// The longest JSON of which it is told what was found. Of a longer one, only what was expected is.
const MAX_EXPLAINED: usize = 1024 * 1024;

/// Marks a message that was made here, so that it may be passed on by an outer value's error.
const OURS: char = '\u{1}';

impl DecodeError {
    pub(crate) fn new(path: String, reason: String) -> Self {
        Self { path, reason }
    }

    pub(crate) fn unknown() -> Self {
        Self::new(String::new(), "cannot be read".to_owned())
    }

    /// That a field is not there without which the value cannot be told from others.
    pub(crate) fn missing(field: &str) -> Self {
        Self::new(String::new(), format!("missing field `{field}`"))
    }

    pub(crate) fn found(expected: &str, found: &str) -> Self {
        Self::new(String::new(), format!("expected {expected}, found {found}"))
    }

    /// Why `T` could not be read from this JSON. Reads it again to learn the place.
    pub fn of<T: DeserializeOwned>(json: &[u8]) -> Self {
        located::<T>(json).err().unwrap_or_else(Self::unknown)
    }

    /// Where in the JSON the value stands, such as `results[3].createdAt`. Empty for the whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected and what type of value was found.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Places the error inside an outer value.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.path = join(outer, &self.path);
        self
    }

    /// The error as a message that `from_str` of an outer value takes apart again.
    pub(crate) fn into_message(self) -> String {
        format!("{OURS}{}{OURS}{}{OURS}", self.path, self.reason)
    }

    /// A message that says this and nothing else.
    pub(crate) fn message_of(reason: &str) -> String {
        Self { path: String::new(), reason: reason.to_owned() }.into_message()
    }

    fn from_message(message: &str) -> Option<Self> {
        let mut parts = message.strip_prefix(OURS)?.split(OURS);
        Some(Self { path: parts.next()?.to_owned(), reason: parts.next()?.to_owned() })
    }
}

/// For who takes no value that is not whole.
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

/// Reads a value from JSON. What cannot be read for what it means is left out of it.
///
/// # Errors
///
/// Tells where the JSON is not what `T` expects, without quoting it.
pub fn from_str<T: DeserializeOwned>(json: &str) -> Result<T, DecodeError> {
    from_slice(json.as_bytes())
}

/// Reads a value from JSON. What cannot be read for what it means is left out of it.
///
/// A byte order mark before the JSON is passed over. Bytes that are not UTF-8 become the replacement
/// character, and are told as [left out](from_slice_with_left_out) of the whole.
///
/// # Errors
///
/// Tells where the JSON is not what `T` expects, without quoting it.
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

/// The text of a body, without a byte order mark. Bytes that are not UTF-8 are replaced, neighbours
/// together: each by itself could make the text three times as long.
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

/// Whether a body is one whole JSON value.
pub(crate) fn is_json(body: &[u8]) -> bool {
    serde_json::from_str::<IgnoredAny>(&text(body)).is_ok()
}

/// Reads a value from JSON, and tells what was left out of it.
///
/// # Errors
///
/// Tells where the JSON is not what `T` expects, without quoting it.
pub fn from_slice_with_left_out<T: DeserializeOwned>(
    json: &[u8],
) -> Result<(T, Vec<LeftOut>), DecodeError> {
    let reading = Reading::begin();
    let value = from_slice(json)?;
    Ok((value, reading.take()))
}

/// Reads slowly, keeping track of the place.
fn located<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = place(error.path());
        let found = || {
            // To look into all of a long text takes many times its memory.
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

/// The kind of JSON that a text is.
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

/// The path in words. A key that is no plain name could be a customer's words, and is left out.
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
