//! A position in a list as one piece of text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hubspot_conversations_api::{Operation, OperationId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::identity::Identity;
use super::position::Position;
use crate::Error;

/// The beginning of the text, before the version.
const PREFIX: &str = "list";
/// The version of the text's format.
const VERSION: &str = "1";

/// A position in a list, from which it can be resumed, also in another process.
///
/// [`Items::cursor`](crate::Items::cursor) and [`Pages::cursor`](crate::Pages::cursor) return it,
/// [`resume`](crate::requests::ListThreads::resume) takes it. `Display`, `FromStr` and serde write and
/// read it as text:
///
/// ```
/// # use hubspot_conversations::{Client, Cursor, Error};
/// # fn example(client: &Client) -> Result<(), Error> {
/// let threads = client.threads().list().inbox(481939).stream();
/// let saved = threads.cursor().to_string();
///
/// let cursor: Cursor = saved.parse()?;
/// let threads = client.threads().list().inbox(481939).resume(&cursor)?;
/// # Ok(())
/// # }
/// ```
///
/// It belongs to one list: one operation with its ids and parameters. Only the page length may differ
/// when the list is resumed. It does not know the client's account or address.
///
/// The text holds HubSpot's cursor of the page and hashes of ids, and nothing of the items. It is
/// opaque, about a hundred characters long, and safe in URLs and file names. Later versions of this
/// crate read it, or reject it with an error.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    operation: OperationId,
    list: u64,
    position: Position,
}

impl Cursor {
    pub(super) fn new(list: Identity, position: Position) -> Self {
        Self { operation: list.operation, list: list.list, position }
    }

    /// Whether the list has ended: nothing is left to resume.
    pub fn is_end(&self) -> bool {
        self.position == Position::End
    }

    /// The position, if it is in this list.
    pub(super) fn position_in(&self, list: Identity) -> Result<Position, Error> {
        let operation = list.operation.operation();
        let reason = if self.operation != list.operation {
            let of = self.operation.operation().name;
            format!("the cursor belongs to another list: it is of {of}")
        } else if self.list != list.list {
            "the cursor belongs to another list: its ids or its parameters were others".to_owned()
        } else {
            return Ok(self.position.clone());
        };
        Err(Error::invalid(reason).with_operation(operation))
    }
}

/// The serialized form of a cursor.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    operation: Cow<'a, str>,
    list: u64,
    /// Stored cursors call it `place`.
    #[serde(rename = "place")]
    position: Cow<'a, Position>,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = Written {
            operation: Cow::Borrowed(self.operation.operation().name),
            list: self.list,
            position: Cow::Borrowed(&self.position),
        };
        let json = serde_json::to_vec(&written).map_err(|_| fmt::Error)?;
        write!(f, "{PREFIX}{VERSION}.{}", URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if it is not a cursor, is
    /// damaged, or has another version of the format.
    fn from_str(text: &str) -> Result<Self, Error> {
        let versioned = text.strip_prefix(PREFIX).and_then(|rest| rest.split_once('.'));
        let (_, written) = match versioned {
            Some(versioned) if versioned.0 == VERSION => versioned,
            Some((other, _)) if is_version(other) => {
                return Err(Error::invalid(format!(
                    "the cursor is of version {other}, and this version of the crate reads {VERSION}"
                )));
            }
            _ => return Err(Error::invalid("this is not the cursor of a list")),
        };
        let json = URL_SAFE_NO_PAD.decode(written).ok();
        let written = json.as_deref().and_then(|json| serde_json::from_slice::<Written>(json).ok());
        let written = written.ok_or_else(|| Error::invalid("the cursor is damaged"))?;
        let operation = Operation::named(&written.operation).ok_or_else(|| {
            Error::invalid("the cursor is of an operation that this version of the crate lacks")
        })?;
        Ok(Self {
            operation: operation.id,
            list: written.list,
            position: written.position.into_owned(),
        })
    }
}

fn is_version(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Without HubSpot's cursor, which can hold ids.
impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("operation", &self.operation)
            .field("is_end", &self.is_end())
            .finish_non_exhaustive()
    }
}
