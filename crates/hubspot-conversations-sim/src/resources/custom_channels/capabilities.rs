//! Validates the capabilities of custom channels.

use hubspot_conversations_api::types::{
    DeliveryIdentifierType, OutgoingAttachmentType, RichTextFeature, ThreadingModel,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::resources::custom_channels::field_checks;

/// Rejects a body with invalid `capabilities`, and names each of them.
pub(crate) fn check(call: &Call) -> Result<(), ApiError> {
    let fields = field_checks::fields(call)?;
    let Some(Value::Object(capabilities)) = fields.get("capabilities") else { return Ok(()) };
    let invalid: Vec<String> = capabilities
        .iter()
        .filter(|(name, value)| !is_valid(name, value))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    if invalid.is_empty() { Ok(()) } else { Err(ApiError::invalid_capabilities(invalid)) }
}

fn is_valid(name: &str, value: &Value) -> bool {
    // `null` counts as absent.
    if value.is_null() {
        return true;
    }
    match name {
        "deliveryIdentifierTypes" => is_list_of(value, DeliveryIdentifierType::KNOWN),
        "richText" => is_list_of(value, RichTextFeature::KNOWN),
        "outgoingAttachmentTypes" => is_list_of(value, OutgoingAttachmentType::KNOWN),
        "threadingModel" => {
            let known = ThreadingModel::KNOWN.iter().map(ThreadingModel::as_str);
            value.as_str().is_some_and(|value| known.into_iter().any(|known| known == value))
        }
        "allowedFileAttachmentMimeTypes" => {
            value.as_array().is_some_and(|types| types.iter().all(Value::is_string))
        }
        "allowInlineImages"
        | "allowOutgoingMessages"
        | "allowConversationStart"
        | "allowMultipleRecipients" => value.is_boolean(),
        "maxFileAttachmentCount" => {
            value.as_u64().is_some_and(|count| i32::try_from(count).is_ok())
        }
        "maxFileAttachmentSizeBytes" | "maxTotalFileAttachmentSizeBytes" => {
            value.as_u64().is_some_and(|bytes| i64::try_from(bytes).is_ok())
        }
        // ASSUMPTION: an unknown capability is rejected like one with an invalid value.
        _ => false,
    }
}

fn is_list_of<T: DeserializeOwned + PartialEq>(value: &Value, known: &[T]) -> bool {
    serde_json::from_value::<Vec<T>>(value.clone())
        .is_ok_and(|values| values.iter().all(|value| known.contains(value)))
}
