//! One parsed request.

use std::sync::Arc;

use axum::body::Bytes;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::assumptions;
use crate::http::body_schema;
use crate::http::errors::ApiError;
use crate::http::query::{self, Query, Width};

/// A request that passed authorization and rate limits.
#[derive(Debug)]
pub(crate) struct Call {
    /// The name of the requested operation.
    pub(crate) operation: &'static str,
    /// The requested version of the API.
    pub(crate) version: &'static str,
    /// The simulator's address, for links to the next pages.
    pub(crate) base_url: Arc<str>,
    /// The path as sent.
    pub(crate) path: String,
    /// The parameters of the path.
    pub(crate) captures: Vec<(String, String)>,
    pub(crate) query: Query,
    /// Whether to return pages that are shorter than the limit.
    pub(crate) short_pages: bool,
    /// Whether to ignore a percent-encoded cursor: `Fault::EncodedCursor`.
    pub(crate) ignores_encoded_cursor: bool,
    pub(crate) body: Bytes,
}

impl Call {
    /// A parameter of the path.
    pub(crate) fn capture(&self, name: &str) -> Result<&str, ApiError> {
        let found = self.captures.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str()).ok_or_else(ApiError::not_found)
    }

    /// A parameter of the path that is a numeric id of 64 bits.
    pub(crate) fn id(&self, name: &str) -> Result<u64, ApiError> {
        query::id(name, self.capture(name)?, Width::Int64)
    }

    /// A parameter of the path that is a numeric id of 32 bits.
    pub(crate) fn id32(&self, name: &str) -> Result<u64, ApiError> {
        query::id(name, self.capture(name)?, Width::Int32)
    }

    /// The body, validated against the document.
    pub(crate) fn json<T: DeserializeOwned + JsonSchema>(&self) -> Result<T, ApiError> {
        Self::read(&self.body)
    }

    /// Parses a body that differs from the request's, validated against the document.
    pub(crate) fn read<T: DeserializeOwned + JsonSchema>(body: &[u8]) -> Result<T, ApiError> {
        let mut json: Value = decode(body)?;
        let problems = body_schema::problems::<T>(&mut json);
        if !problems.is_empty() {
            return Err(ApiError::problems(assumptions::INVALID_JSON_MESSAGE, problems));
        }
        decode(json.to_string().as_bytes())
    }
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let text = str::from_utf8(body).map_err(|_| ApiError::invalid_json("not UTF-8".to_owned()))?;
    hubspot_conversations_api::from_str(text)
        .map_err(|error| ApiError::invalid_json(error.to_string()))
}
