//! `property`: answering only some fields.

use serde::Serialize;
use serde_json::Value;

use crate::choices;
use crate::errors::ApiError;
use crate::query::Query;

/// The fields that were asked for. All of them, if none was named.
#[derive(Debug)]
pub(crate) struct Properties {
    names: Option<Vec<String>>,
}

/// An item, whole or with only the fields that were asked for.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Shown<T> {
    Whole(T),
    Some(Value),
}

impl Properties {
    /// A comma-separated list, which is what HubSpot documents.
    pub(crate) fn read(query: &Query) -> Result<Self, ApiError> {
        let names = query.text("property")?;
        let names =
            names.map(|names| names.split(',').map(|name| name.trim().to_owned()).collect());
        Ok(Self { names })
    }

    /// The item with what was asked for. Names it does not have are ignored.
    pub(crate) fn show<T: Serialize>(&self, item: T) -> Shown<T> {
        let Some(names) = &self.names else { return Shown::Whole(item) };
        match serde_json::to_value(&item) {
            Ok(Value::Object(mut fields)) => {
                fields.retain(|name, _| {
                    choices::ALWAYS_SHOWN.contains(&name.as_str()) || names.contains(name)
                });
                Shown::Some(Value::Object(fields))
            }
            _ => Shown::Whole(item),
        }
    }
}
