//! Members of unions that the document does not list.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use crate::left_out::Reading;
use crate::read::{Read, read_part};
use crate::record::record;

/// A member of a union that is unknown to this version of the crate or unreadable, as received.
#[derive(Clone)]
pub struct Unrecognized {
    tag: Option<String>,
    json: Box<RawValue>,
    fields: Arc<Fields>,
}

/// The fields that most of HubSpot's records have.
#[derive(Default)]
struct Fields {
    id: Option<Id>,
    created_at: Option<DateTime<Utc>>,
    created_by: Option<Id>,
    text: Option<String>,
}

record!(Fields: ; id = "id", created_at = "createdAt", created_by = "createdBy", text = "text");

/// An id, and the same id in the types of the unions' members.
struct Id {
    text: String,
    typed: Typed,
}

/// The id in each requested type. There is almost always only one: a member seldom moves from one
/// union to another.
#[derive(Default)]
struct Typed(OnceLock<(Box<dyn Any + Send + Sync>, Box<Typed>)>);

impl Typed {
    fn of<T: for<'a> From<&'a str> + Send + Sync + 'static>(&self, text: &str) -> &T {
        let first = || (Box::new(T::from(text)) as Box<dyn Any + Send + Sync>, Box::default());
        let (value, others) = self.0.get_or_init(first);
        value.downcast_ref().unwrap_or_else(|| others.of(text))
    }
}

impl Read for Id {
    const EXPECTED: &'static str = crate::scalar::IdText::EXPECTED;

    fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let id = crate::scalar::IdText::read(deserializer)?;
        Ok(id.map(|id| Self { text: id.0, typed: Typed::default() }))
    }
}

impl Unrecognized {
    pub(crate) fn new(tag: Option<String>, json: Box<RawValue>) -> Self {
        // The JSON is kept whole, and the field may mean something else here: nothing is reported.
        let reading = Reading::begin();
        let fields = read_part::<Fields>(json.get()).ok().flatten().unwrap_or_default();
        reading.take();
        Self { tag, json, fields: Arc::new(fields) }
    }

    /// The tag, if there was one.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The member's JSON, byte for byte as received.
    pub fn json(&self) -> &RawValue {
        &self.json
    }

    /// Its `id`, if it has one.
    pub fn id(&self) -> Option<&str> {
        self.fields.id.as_ref().map(|id| id.text.as_str())
    }

    /// When it was created: its `createdAt`, if it has one.
    pub fn created_at(&self) -> Option<DateTime<Utc>> {
        self.fields.created_at
    }

    /// The actor id of its creator: its `createdBy`, if it has one.
    pub fn created_by(&self) -> Option<&str> {
        self.fields.created_by.as_ref().map(|id| id.text.as_str())
    }

    /// Its `text`, if it has one.
    pub fn text(&self) -> Option<&str> {
        self.fields.text.as_deref()
    }

    /// Its `id`, in the type that the union's members use.
    #[allow(dead_code, reason = "a document may lack such a union")]
    pub(crate) fn typed_id<T>(&self) -> Option<&T>
    where
        T: for<'a> From<&'a str> + Send + Sync + 'static,
    {
        self.fields.id.as_ref().map(|id| id.typed.of(&id.text))
    }

    /// Its creator, in the type that the union's members use.
    #[allow(dead_code, reason = "a document may lack such a union")]
    pub(crate) fn typed_created_by<T>(&self) -> Option<&T>
    where
        T: for<'a> From<&'a str> + Send + Sync + 'static,
    {
        self.fields.created_by.as_ref().map(|id| id.typed.of(&id.text))
    }
}

impl fmt::Debug for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unrecognized").field("tag", &self.tag).finish_non_exhaustive()
    }
}

impl PartialEq for Unrecognized {
    fn eq(&self, other: &Self) -> bool {
        self.json.get() == other.json.get()
    }
}

impl serde::Serialize for Unrecognized {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}
