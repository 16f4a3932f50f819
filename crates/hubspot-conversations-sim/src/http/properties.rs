//! The parameter `property`, which restricts a response to some fields.

use serde::Serialize;
use serde_json::Value;

use crate::assumptions;
use crate::http::errors::ApiError;
use crate::http::query::Query;

/// The requested fields; all if none is named.
#[derive(Debug)]
pub(crate) struct Properties {
    names: Option<Vec<String>>,
}

/// An item with all its fields or the requested ones.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Shown<T> {
    Whole(T),
    Some(Value),
}

impl Properties {
    /// Reads a comma-separated list, as HubSpot documents it.
    pub(crate) fn read(query: &Query) -> Result<Self, ApiError> {
        let names = query.text("property")?;
        let names =
            names.map(|names| names.split(',').map(|name| name.trim().to_owned()).collect());
        Ok(Self { names })
    }

    /// The item with the requested fields. Unknown names are ignored.
    pub(crate) fn show<T: Serialize>(&self, item: T) -> Shown<T> {
        let Some(names) = &self.names else { return Shown::Whole(item) };
        match serde_json::to_value(&item) {
            Ok(Value::Object(mut fields)) => {
                fields.retain(|name, _| {
                    assumptions::ALWAYS_SHOWN.contains(&name.as_str()) || names.contains(name)
                });
                Shown::Some(Value::Object(fields))
            }
            _ => Shown::Whole(item),
        }
    }
}
