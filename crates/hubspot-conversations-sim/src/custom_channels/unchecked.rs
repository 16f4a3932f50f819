//! Bodies as they came, before they are read as what the document says.

use serde_json::{Map, Value};

use crate::call::Call;
use crate::errors::ApiError;

/// The fields of the body. A body that is no object has none; it is refused when it is read.
pub(crate) fn fields(call: &Call) -> Result<Map<String, Value>, ApiError> {
    match call.json()? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

/// Refuses `null` for fields that can be changed but not cleared, which their types read as absent.
pub(crate) fn refuse_null(call: &Call, names: &[&str]) -> Result<(), ApiError> {
    let fields = fields(call)?;
    match names.iter().find(|&&name| fields.get(name).is_some_and(Value::is_null)) {
        Some(name) => Err(ApiError::invalid(name, "cannot be cleared")),
        None => Ok(()),
    }
}
