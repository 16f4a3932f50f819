//! Tasks on the OpenAPI document.

pub(crate) mod diff;
pub(crate) mod fmt;
pub(crate) mod import;
pub(crate) mod lint;
pub(crate) mod normalize;
pub(crate) mod reading;
mod surface;
