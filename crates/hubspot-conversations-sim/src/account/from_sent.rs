//! Converts sent types to the types that the account stores and responses contain.

use hubspot_conversations_api::types::{DeliveryIdentifier, NewDeliveryIdentifier};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Converts through JSON. The types that responses contain can read whatever was sent.
pub(crate) fn through_json<T: DeserializeOwned>(sent: &impl Serialize) -> Option<T> {
    serde_json::to_value(sent).and_then(serde_json::from_value).ok()
}

pub(crate) fn address(sent: &NewDeliveryIdentifier) -> DeliveryIdentifier {
    DeliveryIdentifier::new(sent.type_.clone(), sent.value.clone())
}
