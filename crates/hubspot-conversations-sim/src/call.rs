//! One request, taken apart, and the answer to it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::body_schema;
use crate::choices;
use crate::errors::ApiError;
use crate::query::{self, Query, Width};

/// A request that was found to be allowed.
#[derive(Debug)]
pub(crate) struct Call {
    /// The name of the operation that was asked for.
    pub(crate) operation: &'static str,
    /// The version of the API that was asked.
    pub(crate) version: &'static str,
    /// The simulator's address, for links to further pages.
    pub(crate) base_url: Arc<str>,
    /// The path that was asked for.
    pub(crate) path: String,
    /// The parameters in the path.
    pub(crate) captures: Vec<(String, String)>,
    pub(crate) query: Query,
    /// Whether a cursor that is still percent-encoded is ignored: `Fault::EncodedCursor`.
    pub(crate) ignores_encoded_cursor: bool,
    pub(crate) body: Bytes,
}

impl Call {
    /// A parameter of the path.
    pub(crate) fn capture(&self, name: &str) -> Result<&str, ApiError> {
        let found = self.captures.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str()).ok_or_else(ApiError::not_found)
    }

    /// A parameter of the path that is an id in digits, of 64 bits.
    pub(crate) fn id(&self, name: &str) -> Result<u64, ApiError> {
        query::id(name, self.capture(name)?, Width::Int64)
    }

    /// A parameter of the path that is an id in digits, of 32 bits.
    pub(crate) fn id32(&self, name: &str) -> Result<u64, ApiError> {
        query::id(name, self.capture(name)?, Width::Int32)
    }

    /// The body, if it is what the document says.
    pub(crate) fn json<T: DeserializeOwned + JsonSchema>(&self) -> Result<T, ApiError> {
        Self::read(&self.body)
    }

    /// A body that is not the request's own.
    pub(crate) fn read<T: DeserializeOwned + JsonSchema>(body: &[u8]) -> Result<T, ApiError> {
        let mut json: Value = decode(body)?;
        let problems = body_schema::problems::<T>(&mut json);
        if !problems.is_empty() {
            return Err(ApiError::problems(choices::INVALID_JSON, problems));
        }
        decode(json.to_string().as_bytes())
    }
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let text = str::from_utf8(body).map_err(|_| ApiError::invalid_json("not UTF-8".to_owned()))?;
    hubspot_conversations_api::from_str(text)
        .map_err(|error| ApiError::invalid_json(error.to_string()))
}

/// What a request that was carried out is answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Option<Vec<u8>>,
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        Self { status, body: Some(serde_json::to_vec(body).unwrap_or_default()) }
    }

    pub(crate) fn ok(body: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None }
    }
}
