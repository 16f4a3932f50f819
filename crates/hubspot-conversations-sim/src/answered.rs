//! What was sent, in the types that it is answered with.

use hubspot_conversations_api::types::{DeliveryIdentifier, NewDeliveryIdentifier};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The same JSON. Everything that is sent can be read again.
pub(crate) fn same<T: DeserializeOwned>(sent: &impl Serialize) -> Option<T> {
    serde_json::to_value(sent).and_then(serde_json::from_value).ok()
}

/// The same address.
pub(crate) fn address(sent: &NewDeliveryIdentifier) -> DeliveryIdentifier {
    DeliveryIdentifier::new(sent.type_.clone(), sent.value.clone())
}
