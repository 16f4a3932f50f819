//! Sent structs: they match the document exactly, or are rejected.

/// Reads a struct as the document describes it. Called by generated code, once per struct that only
/// HubSpot reads. A `late` field is required, but may be unset while a value is being built.
/// Unknown fields are ignored; an array is not accepted as an object, nor `null` as a required
/// list.
macro_rules! strict {
    (
        $name:ident:
        required { $($required:ident = $required_name:literal),* $(,)? }
        late { $($late:ident = $late_name:literal),* $(,)? }
        optional { $($optional:ident = $optional_name:literal),* $(,)? }
        lists { $($list:ident = $list_name:literal),* $(,)? }
    ) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // A schema can be named `Field` or `Object`, but no schema name has an underscore.
                #[allow(non_camel_case_types, reason = "they are the fields' own names")]
                enum _Field {
                    $($required,)*
                    $($late,)*
                    $($optional,)*
                    $($list,)*
                    Other,
                }

                struct _Object;

                impl<'de> serde::de::Visitor<'de> for _Object {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut object: A,
                    ) -> Result<$name, A::Error> {
                        let named = |name: &str| match name {
                            $($required_name => _Field::$required,)*
                            $($late_name => _Field::$late,)*
                            $($optional_name => _Field::$optional,)*
                            $($list_name => _Field::$list,)*
                            _ => _Field::Other,
                        };
                        $(let mut $required = None;)*
                        $(let mut $late = None;)*
                        $(let mut $optional = None;)*
                        $(let mut $list: Option<Option<_>> = None;)*
                        // Nothing is bound here: rustc rejects a binding with the name of a
                        // variant.
                        loop {
                            match object.next_key_seed($crate::record::Name(named))? {
                                $(Some(_Field::$required) => $crate::strict::fill(&mut $required, &mut object, $required_name)?,)*
                                $(Some(_Field::$late) => $crate::strict::fill(&mut $late, &mut object, $late_name)?,)*
                                $(Some(_Field::$optional) => $crate::strict::fill(&mut $optional, &mut object, $optional_name)?,)*
                                $(Some(_Field::$list) => $crate::strict::fill(&mut $list, &mut object, $list_name)?,)*
                                Some(_Field::Other) => drop(object.next_value::<serde::de::IgnoredAny>()?),
                                None => break,
                            }
                        }
                        let missing = <A::Error as serde::de::Error>::missing_field;
                        let _ = missing;
                        Ok($name {
                            $($required: $required.ok_or_else(|| missing($required_name))?,)*
                            $($late: Some($late.ok_or_else(|| missing($late_name))?),)*
                            $($optional: $optional.unwrap_or_default(),)*
                            $($list: $list.flatten().unwrap_or_default(),)*
                        })
                    }
                }

                deserializer.deserialize_map(_Object)
            }
        }
    };
}
pub(crate) use strict;

/// Reads the value of a field that may occur once only.
pub(crate) fn fill<'de, T: serde::Deserialize<'de>, A: serde::de::MapAccess<'de>>(
    field: &mut Option<T>,
    object: &mut A,
    name: &'static str,
) -> Result<(), A::Error> {
    if field.replace(object.next_value()?).is_some() {
        return Err(serde::de::Error::duplicate_field(name));
    }
    Ok(())
}
