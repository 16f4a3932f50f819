//! Enums that preserve unknown values.

/// Defines an enum of strings to which the API may add. Generated code calls it once per enum.
///
/// A value that the document does not list is kept in `Unrecognized` and written back unchanged.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        $name:ident { $($variant:ident = $value:literal),+ $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $value, "`")]
                $variant,
            )+
            /// A value unknown to this version of the crate, as received.
            Unrecognized(String),
        }

        impl $name {
            /// All values that the document lists.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            fn is_known(&self) -> bool {
                !matches!(self, Self::Unrecognized(_))
            }

            /// The value as HubSpot spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)+
                    Self::Unrecognized(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)+
                    other => Self::Unrecognized(other.to_owned()),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(value.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Value;

                impl serde::de::Visitor<'_> for Value {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E>(self, value: &str) -> Result<$name, E> {
                        Ok(value.into())
                    }
                }

                deserializer.deserialize_str(Value)
            }
        }

        impl $crate::read::Read for $name {
            const EXPECTED: &'static str = $crate::read::STRING;

            fn from_bool(value: bool) -> Result<Self, $crate::read::Unfit> {
                let value = Self::from(if value { "true" } else { "false" });
                Some(value).filter(Self::is_known).ok_or($crate::read::Unfit("a boolean"))
            }

            fn from_integer(value: i128) -> Result<Self, $crate::read::Unfit> {
                let value = Self::from(value.to_string().as_str());
                Some(value).filter(Self::is_known).ok_or($crate::read::Unfit($crate::read::NUMBER))
            }

            fn from_text(value: &str) -> Result<Self, $crate::read::Unfit> {
                Ok(value.into())
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                // Some enums exceed the recursion limit of a counting macro.
                let values: &[&str] = &[$($value),+];
                schemars::json_schema!({ "type": "string", "enum": values })
            }
        }
    };
}
pub(crate) use open_enum;
