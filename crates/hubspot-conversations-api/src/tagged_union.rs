//! Unions told apart by a tag, which keep members they do not know.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::decode::DecodeError;

/// A member of a union that this version of the crate does not know, as it came.
#[derive(Clone)]
pub struct Unrecognized {
    tag: Option<String>,
    json: Box<RawValue>,
}

impl Unrecognized {
    /// What the tag said, if there was one.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The whole member, byte for byte as HubSpot sent it.
    pub fn json(&self) -> &RawValue {
        &self.json
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

/// A member whose tag has been read and whose fields have not.
pub(crate) struct Member {
    json: Box<RawValue>,
}

impl Member {
    pub(crate) fn read<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        if !json.get().starts_with('{') {
            return Err(serde::de::Error::custom(crate::decode::reason(
                "expected an object",
                json.get(),
            )));
        }
        Ok(Self { json })
    }

    /// The value of the tag, if it is there and a string.
    pub(crate) fn tag(&self, property: &str) -> Option<Cow<'_, str>> {
        #[derive(Deserialize)]
        struct Tagged<'a> {
            #[serde(borrow, rename = "type")]
            tag: &'a RawValue,
        }
        #[derive(Deserialize)]
        struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

        let tag = if property == "type" {
            serde_json::from_str::<Tagged<'_>>(self.json.get()).ok()?.tag
        } else {
            let fields: HashMap<Cow<'_, str>, &RawValue> =
                serde_json::from_str(self.json.get()).ok()?;
            fields.get(property).copied()?
        };
        serde_json::from_str::<Text<'_>>(tag.get()).ok().map(|text| text.0)
    }

    pub(crate) fn decode<T: serde::de::DeserializeOwned, E: serde::de::Error>(
        &self,
    ) -> Result<T, E> {
        let json = self.json.get();
        serde_json::from_str(json)
            .map_err(|_| E::custom(DecodeError::of::<T>(json.as_bytes()).into_message()))
    }

    pub(crate) fn unrecognized(self, property: &str) -> Unrecognized {
        Unrecognized { tag: self.tag(property).map(Cow::into_owned), json: self.json }
    }
}

/// Defines a union whose members carry a one-value tag. Generated code calls it once per union.
///
/// The tag is called `type`, or as said after `by`. The union reads and writes it; the members do not
/// have it. An object with a tag the document does not name, or with none, is kept in `Unrecognized`
/// and written back as it came.
macro_rules! tagged_union {
    ($(#[$doc:meta])* $name:ident { $($members:tt)* } $($common:tt)*) => {
        $crate::tagged_union::tagged_union! {
            $(#[$doc])* $name by "type" { $($members)* } $($common)*
        }
    };
    (
        $(#[$doc:meta])*
        $name:ident by $property:literal
        { $($variant:ident($member:ident) = $tag:literal),+ $(,)? }
        $(common { $($common:tt)* })?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "members are read one at a time")]
        pub enum $name {
            $(
                #[doc = concat!("`", $tag, "`")]
                $variant($crate::types::$member),
            )+
            /// A member this version of the crate does not know, as it came.
            Unrecognized($crate::Unrecognized),
        }

        impl $name {
            /// The tag that tells which member it is. `None` if HubSpot sent none.
            pub fn tag(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(_) => Some($tag),)+
                    Self::Unrecognized(other) => other.tag(),
                }
            }

            $($($common)*)?
        }

        $(
            impl From<$crate::types::$member> for $name {
                fn from(member: $crate::types::$member) -> Self {
                    Self::$variant(member)
                }
            }
        )+

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

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let member = $crate::tagged_union::Member::read(deserializer)?;
                match member.tag($property).as_deref() {
                    $(Some($tag) => member.decode().map(Self::$variant),)+
                    _ => Ok(Self::Unrecognized(member.unrecognized($property))),
                }
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let members = [$((
                    $tag,
                    generator.subschema_for::<$crate::types::$member>(),
                )),+];
                $crate::tagged_union::schema($property, members)
            }
        }
    };
    // Members that are used alone too, or have several tags, hold and write the tag themselves.
    (
        $(#[$doc:meta])*
        $name:ident keeps $property:literal
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
            /// A member this version of the crate does not know, as it came.
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

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(member) => member.serialize(serializer),)+
                    Self::Unrecognized(other) => other.serialize(serializer),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let member = $crate::tagged_union::Member::read(deserializer)?;
                match member.tag($property).as_deref() {
                    $($(Some($tag))|+ => member.decode().map(Self::$variant),)+
                    _ => Ok(Self::Unrecognized(member.unrecognized($property))),
                }
            }
        }

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
}
pub(crate) use tagged_union;

/// The schema of a union: one of the members, each with its own value of the tag.
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
