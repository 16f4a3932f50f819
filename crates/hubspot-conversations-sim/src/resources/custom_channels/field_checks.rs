//! Checks of body fields beyond the document's schema.

use hubspot_conversations_api::types::NewDeliveryIdentifier;
use serde_json::{Map, Value};

use crate::http::call::Call;
use crate::http::errors::ApiError;

/// The fields of the body as received; none if the body is not an object.
pub(crate) fn fields(call: &Call) -> Result<Map<String, Value>, ApiError> {
    match call.json()? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

/// Rejects `null` for fields that cannot be cleared, whose types read `null` as absent.
pub(crate) fn reject_null(call: &Call, names: &[&str]) -> Result<(), ApiError> {
    let fields = fields(call)?;
    match names.iter().find(|&&name| fields.get(name).is_some_and(Value::is_null)) {
        Some(name) => Err(ApiError::invalid(name, "cannot be cleared")),
        None => Ok(()),
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), ApiError> {
    match name.trim() {
        "" => Err(ApiError::invalid("name", "expected some text")),
        _ => Ok(()),
    }
}

pub(crate) fn check_address(identifier: &NewDeliveryIdentifier) -> Result<(), ApiError> {
    if is_address(identifier) {
        return Ok(());
    }
    Err(ApiError::invalid("deliveryIdentifier", "expected a value"))
}

/// Whether a delivery identifier has a value.
pub(crate) fn is_address(identifier: &NewDeliveryIdentifier) -> bool {
    !identifier.value.is_empty()
}
