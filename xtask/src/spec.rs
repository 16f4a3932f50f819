//! Tasks on the OpenAPI document.

pub(crate) mod fmt;
pub(crate) mod lint;
