//! Unions with a tag that preserve unknown members.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::decode::{self, DecodeError};
use crate::left_out::{self, Reading};
use crate::raw_text::RawText;
use crate::read::{Read, read_part};
use crate::record;
use crate::unrecognized::Unrecognized;

/// A member whose tag has been read, but not its fields.
pub(crate) struct Member<'a> {
    json: Cow<'a, str>,
}

impl<'a> Member<'a> {
    fn of<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { json: RawText::deserialize(deserializer)?.0 })
    }

    fn is_object(&self) -> bool {
        self.json.starts_with('{')
    }

    /// The value of the tag, if it is present and a string.
    ///
    /// HubSpot writes it among the first fields; the others are then not scanned.
    fn tag(&self, property: &str) -> Option<Cow<'_, str>> {
        let mut found = None;
        let tag = FindTag { property, found: &mut found };
        // Stopping early is an error to serde.
        let _ = serde_json::Deserializer::from_str(&self.json).deserialize_map(tag);
        found
    }

    /// Reads the member's fields leniently. Places left out are noted.
    pub(crate) fn read<T: Read>(&self) -> Option<T> {
        read_part(&self.json).unwrap_or_else(|_| {
            left_out::note(T::EXPECTED, "JSON that cannot be read");
            None
        })
    }

    /// Reads the member's fields as the document describes them.
    pub(crate) fn decode<T: DeserializeOwned, E: Error>(&self) -> Result<T, E> {
        serde_json::from_str(&self.json)
            .map_err(|_| E::custom(DecodeError::of::<T>(self.json.as_bytes()).into_message()))
    }

    fn unrecognized<T: From<Unrecognized>, E: Error>(self, property: &str) -> Result<T, E> {
        let tag = if self.is_object() { self.tag(property).map(Cow::into_owned) } else { None };
        let json = RawValue::from_string(self.json.into_owned())
            .map_err(|_| E::custom(DecodeError::unknown().into_message()))?;
        Ok(Unrecognized::new(tag, json).into())
    }
}

/// Finds the tag among the fields of an object.
struct FindTag<'a, 'de> {
    property: &'a str,
    found: &'a mut Option<Cow<'de, str>>,
}

impl<'de> Visitor<'de> for FindTag<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let is_tag = |name: &str| name == self.property;
        while let Some(is_tag) = object.next_key_seed(record::Name(is_tag))? {
            if is_tag {
                *self.found = object.next_value::<Text<'de>>()?.0;
                return Err(A::Error::custom("found"));
            }
            object.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// A string, borrowed if it has no escapes. `None` is any other JSON.
struct Text<'a>(Option<Cow<'a, str>>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?;
        let text = json.get().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        Ok(Self(match text {
            Some(text) if !text.contains('\\') => Some(text.into()),
            Some(_) => serde_json::from_str(json.get()).ok().map(Cow::Owned),
            None => None,
        }))
    }
}

/// A union of members that are read leniently.
pub(crate) trait ReadUnion: From<Unrecognized> {
    /// The name of the tag's field.
    const TAG: &'static str;

    /// The member with this tag, if the document has it; the inner result tells whether it can be
    /// read.
    fn named(tag: &str, member: &Member<'_>) -> Option<Option<Self>>;
}

/// Reads a union that is part of a value: a member that cannot be read is kept as received.
pub(crate) fn read<'de, T: ReadUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let member = Member::of(deserializer)?;
    if member.json == "null" {
        return Ok(None);
    }
    if !member.is_object() {
        left_out::note("an object", decode::kind(&member.json));
        return member.unrecognized(T::TAG).map(Some);
    }
    let known = member.tag(T::TAG).and_then(|tag| T::named(&tag, &member));
    known.flatten().map_or_else(|| member.unrecognized(T::TAG), Ok).map(Some)
}

/// Reads a union that is not part of another value.
///
/// # Errors
///
/// If it is not an object, is a known member without its id, or is an object with neither a tag nor
/// an id.
pub(crate) fn whole<'de, T: ReadUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let member = object(deserializer)?;
    let reading = Reading::begin();
    match member.tag(T::TAG).and_then(|tag| T::named(&tag, &member)) {
        Some(Some(known)) => Ok(known),
        Some(None) => {
            let reason = reading.reason().unwrap_or_else(DecodeError::unknown);
            Err(D::Error::custom(reason.into_message()))
        }
        None => {
            let other: Unrecognized = member.unrecognized(T::TAG)?;
            match other.tag().or(other.id()) {
                Some(_) => Ok(other.into()),
                None => Err(D::Error::custom(DecodeError::missing("id").into_message())),
            }
        }
    }
}

/// A union of members that are read strictly.
pub(crate) trait StrictUnion: From<Unrecognized> {
    /// The name of the tag's field.
    const TAG: &'static str;

    /// The member with this tag, if the document has it.
    fn named<E: Error>(tag: &str, member: &Member<'_>) -> Option<Result<Self, E>>;
}

/// Reads a union that is sent.
///
/// # Errors
///
/// If it is not an object, or is a known member that does not match the document.
pub(crate) fn strict<'de, T: StrictUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let member = object(deserializer)?;
    let known = member.tag(T::TAG).and_then(|tag| T::named(&tag, &member));
    known.unwrap_or_else(|| member.unrecognized(T::TAG))
}

fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Member<'de>, D::Error> {
    let member = Member::of(deserializer)?;
    if member.is_object() {
        return Ok(member);
    }
    let reason = format!("expected an object, found {}", decode::kind(&member.json));
    Err(D::Error::custom(DecodeError::new(String::new(), reason).into_message()))
}

/// Defines a union whose members have a tag. Called by generated code, once per union.
///
/// The first word is `read` or `sent`. With `by`, the union reads and writes the tag, and the
/// members do not have it. With `keeps`, the members have it themselves, because they are also used
/// alone or have several tags. An object with an unknown tag, or without one, is kept in
/// `Unrecognized` and written back unchanged.
macro_rules! tagged_union {
    (
        $(#[$doc:meta])*
        $form:ident $name:ident $holds:ident $property:literal
        { $($variant:ident($member:ident) = $($tag:literal)|+),+ $(,)? }
        $(common { $($common:tt)* })?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "members are read one at a time")]
        pub enum $name {
            $(
                #[doc = concat!($("`", $tag, "` "),+)]
                $variant($crate::types::$member),
            )+
            /// A member unknown to this version of the crate, as received.
            Unrecognized($crate::Unrecognized),
        }

        $(impl $name { $($common)* })?

        $(
            impl From<$crate::types::$member> for $name {
                fn from(member: $crate::types::$member) -> Self {
                    Self::$variant(member)
                }
            }
        )+

        impl From<$crate::Unrecognized> for $name {
            fn from(member: $crate::Unrecognized) -> Self {
                Self::Unrecognized(member)
            }
        }

        $crate::tagged_union::tagged_union! {
            @write $holds $name $property { $($variant($member) = $($tag)|+),+ }
        }
        $crate::tagged_union::tagged_union! {
            @read $form $name $property { $($variant = $($tag)|+),+ }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let members = [$($((
                    $tag,
                    generator.subschema_for::<$crate::types::$member>(),
                )),+),+];
                $crate::tagged_union::schema($property, members)
            }
        }
    };
    (@write by $name:ident $property:literal { $($variant:ident($member:ident) = $tag:literal),+ }) => {
        impl $name {
            /// The tag. `None` if HubSpot sent none.
            pub fn tag(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(_) => Some($tag),)+
                    Self::Unrecognized(other) => other.tag(),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[derive(serde::Serialize)]
                #[serde(tag = $property)]
                enum Tagged<'a> {
                    $(
                        #[serde(rename = $tag)]
                        $variant(&'a $crate::types::$member),
                    )+
                }

                match self {
                    $(Self::$variant(member) => Tagged::$variant(member).serialize(serializer),)+
                    Self::Unrecognized(other) => other.serialize(serializer),
                }
            }
        }
    };
    (@write keeps $name:ident $property:literal { $($variant:ident($member:ident) = $($tag:literal)|+),+ }) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(member) => member.serialize(serializer),)+
                    Self::Unrecognized(other) => other.serialize(serializer),
                }
            }
        }
    };
    (@read read $name:ident $property:literal { $($variant:ident = $($tag:literal)|+),+ }) => {
        impl $crate::tagged_union::ReadUnion for $name {
            const TAG: &'static str = $property;

            fn named(tag: &str, member: &$crate::tagged_union::Member<'_>) -> Option<Option<Self>> {
                match tag {
                    $($($tag)|+ => Some(member.read().map(Self::$variant)),)+
                    _ => None,
                }
            }
        }

        impl $crate::read::Read for $name {
            const EXPECTED: &'static str = "an object";

            fn read<'de, D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Self>, D::Error> {
                $crate::tagged_union::read(deserializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::tagged_union::whole(deserializer)
            }
        }
    };
    (@read sent $name:ident $property:literal { $($variant:ident = $($tag:literal)|+),+ }) => {
        impl $crate::tagged_union::StrictUnion for $name {
            const TAG: &'static str = $property;

            fn named<E: serde::de::Error>(
                tag: &str,
                member: &$crate::tagged_union::Member<'_>,
            ) -> Option<Result<Self, E>> {
                match tag {
                    $($($tag)|+ => Some(member.decode().map(Self::$variant)),)+
                    _ => None,
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::tagged_union::strict(deserializer)
            }
        }
    };
}
pub(crate) use tagged_union;

/// The schema of a union: one of the members, each with its own value of the tag.
#[cfg(feature = "schemars")]
pub(crate) fn schema<const N: usize>(
    property: &str,
    members: [(&str, schemars::Schema); N],
) -> schemars::Schema {
    let one_of = members.map(|(tag, member)| {
        serde_json::json!({
            "allOf": [member],
            "properties": { property: { "const": tag } },
            "required": [property],
        })
    });
    schemars::json_schema!({ "oneOf": one_of.to_vec() })
}
