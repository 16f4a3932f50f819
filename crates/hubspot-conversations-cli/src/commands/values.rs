//! Values of options, and values of records in a table.

use std::fmt::Display;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use hubspot_conversations::types::{DeliveryIdentifierType, NewDeliveryIdentifier};

/// An address and its type, such as `HS_EMAIL_ADDRESS=ada@example.com`.
pub(crate) fn address(text: &str) -> Result<NewDeliveryIdentifier, String> {
    let (name, value) = text.split_once('=').unwrap_or_default();
    let type_ = DeliveryIdentifierType::from(&*name.to_ascii_uppercase());
    if value.is_empty() || !DeliveryIdentifierType::KNOWN.contains(&type_) {
        let known = DeliveryIdentifierType::KNOWN.iter().map(DeliveryIdentifierType::as_str);
        let known: Vec<_> = known.collect();
        return Err(format!("use the form TYPE=VALUE, with one of the types {}", known.join(", ")));
    }
    Ok(NewDeliveryIdentifier::new(type_, value.to_owned()))
}

/// Parses one of the named values of an enum of the API, in upper or lower case.
macro_rules! one_of {
    ($type:ty) => {
        $crate::commands::values::named_value::<$type>(<$type>::KNOWN.iter().map(<$type>::as_str))
    };
}

pub(crate) use one_of;

/// Parses one of these names, in upper or lower case.
pub(crate) fn named_value<T>(
    known: impl IntoIterator<Item = &'static str>,
) -> impl TypedValueParser<Value = T>
where
    T: for<'a> From<&'a str> + Clone + Send + Sync + 'static,
{
    let known: Vec<_> = known.into_iter().collect();
    PossibleValuesParser::new(known).map(|value| T::from(&value.to_ascii_uppercase()))
}

/// An optional value as text.
pub(crate) fn display(value: Option<&impl Display>) -> Option<String> {
    value.map(ToString::to_string)
}

/// An optional flag as text.
pub(crate) fn yes_no(flag: Option<bool>) -> Option<String> {
    flag.map(|flag| if flag { "yes" } else { "no" }.to_owned())
}
